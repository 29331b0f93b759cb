// Constants of area, prices and designs of dies: what the shipped files say of their origin.
#include "sim/config/die.h"

#include <gtest/gtest.h>

#include "sim/config/cost.h"
#include "sim/config/load_chip.h"
#include "sim/config/text_file.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

// Every {value: …} below the mapping names its source.
void expect_sources(const Node& node) {
  if (!node.is_mapping()) return;
  if (node["value"].exists()) {
    EXPECT_TRUE(node["source"].exists()) << node.path();
    return;
  }
  for (const auto& [key, child] : node.entries()) {
    EXPECT_TRUE(child.is_mapping()) << child.path() << " is a bare value";
    expect_sources(child);
  }
}

TEST(ShippedDies, ConstantsAndPricesHaveSources) {
  const ConfigPaths paths;
  for (const char* name : {"area", "cost"})
    expect_sources(Node::load(*paths.find("technology", name)));
}

TEST(ShippedDies, DesignsHaveSourcesAndCanBeRead) {
  const ConfigPaths paths;
  for (const std::string& id : paths.names("dies")) {
    const Node file = Node::load(*paths.find("dies", id));
    EXPECT_TRUE(file["sources"].exists()) << id;
    EXPECT_TRUE(file["published_area"]["source"].exists()) << id;
    EXPECT_GE(read_die_design(file, id, paths).dies(), 1) << id;
  }
}

TEST(ShippedDies, MemoriesOfAllChipsHaveAPrice) {
  const ConfigPaths paths;
  const CostConstants constants = load_cost_constants(paths);
  for (const std::string& name : paths.names("chips"))
    EXPECT_EQ(constants.hbm_usd_byte.count(load_chip(name, paths).hbm.device.id), 1u) << name;
}

// The slot is a row of the table of our RTL's gates.
TEST(ShippedDies, TheSlotIsThatOfOurRtl) {
  const std::string table = read_text_file(
      std::string(HEADROOM_SOURCE_DIR) + "/configs/technology/mac_area.csv", 1u << 20, "a table");
  EXPECT_NE(table.find("\nmultiply_accumulate,bf16,4,12545.5,"), std::string::npos);
  // Four multiply-adds of an element, four transistors a gate.
  EXPECT_DOUBLE_EQ(load_die_constants(ConfigPaths()).area.slot_transistors, 12545.5 / 4 * 4);
}

TEST(Prices, AnExperimentReplacesThem) {
  const CostConstants constants = load_cost_constants(ConfigPaths());
  const Node none = Node::parse("{}", "none");
  EXPECT_EQ(read_cost_use(none["x"], constants, "h100-sxm", "hbm3").list_price, Dollars(28000));
  const CostUse use = read_cost_use(
      Node::parse("{margin: 50 %, electricity: 0.2 USD/kWh}", "cost"), constants, "h100-sxm",
      "hbm3");
  EXPECT_EQ(use.list_price, Dollars(0));
  EXPECT_DOUBLE_EQ(use.prices.margin, 0.5);
  EXPECT_NEAR(use.prices.electricity_usd_j * 3.6e6, 0.2, 1e-12);
}

}  // namespace
}  // namespace headroom::config
