// The `power` mapping of an experiment: which cap binds a chip, and what is refused.
#include <gtest/gtest.h>

#include "sim/config/load.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

// Nodes of 4; a toy-a is capped at 300 W.
constexpr const char* text =
    "model: tiny\n"
    "cluster: {type: box, chip: toy-a, chips: 8}\n"
    "plan: {data: 4, tensor: 2, global_batch: 16, sequence: 64}\n"
    "chip: {power_cap: 300 W}\n";

Experiment load(const std::string& power) {
  const TemporaryFolder folder;
  return load_experiment(
      folder.write("e.yaml", std::string(text) + "power: " + power + "\n"), toy_paths(), {});
}

std::string message(const std::string& power) {
  const std::string whole = message_of([&] { static_cast<void>(load(power)); });
  const auto name = whole.find("e.yaml");
  return name == std::string::npos ? whole : whole.substr(name);
}

TEST(PowerUse, WithoutCapsTheChipsOwnBinds) {
  const PowerUse use = load("{}").power;
  EXPECT_EQ(use.cap, Watts(300));
  EXPECT_EQ(use.cap_of, "chip");
  EXPECT_EQ(use.clock, ClockChoice::usual);
  EXPECT_EQ(use.data, "normal");
  EXPECT_EQ(load("{chip_cap: 400 W}").power.cap, Watts(300)) << "no cap raises the chip's";
}

TEST(PowerUse, EachCapIsSharedByThoseBelowIt) {
  const auto cap = [](const std::string& power) {
    const PowerUse use = load(power).power;
    return std::pair(use.cap.si(), use.cap_of);
  };
  EXPECT_EQ(cap("{chip_cap: 200 W}"), std::pair(200.0, std::string("chip")));
  EXPECT_EQ(cap("{node_cap: 1 kW}"), std::pair(250.0, std::string("node")));
  EXPECT_EQ(cap("{node_cap: 1 kW, node_overhead: 200 W}"), std::pair(200.0, std::string("node")));
  EXPECT_EQ(cap("{rack_cap: 1.6 kW, rack_chips: 8, node_overhead: 200 W}"),
            std::pair(150.0, std::string("rack")));
  EXPECT_EQ(cap("{site_cap: 2.4 kW, pue: 1.25, node_overhead: 200 W}"),
            std::pair(190.0, std::string("site")));
  EXPECT_EQ(cap("{site_cap: 2.4 kW, pue: 1.25, node_overhead: 200 W, node_cap: 900 W}"),
            std::pair(175.0, std::string("node")))
      << "the least of them";
}

TEST(PowerUse, BadInputNamesTheNumbersThatClash) {
  EXPECT_EQ(message("{node_cap: 800 W, node_overhead: 1 kW}"),
            "e.yaml:5:19: power.node_cap: found 800 W, 200 W for each of 4 chips; expected more "
            "than the 250 W that node_overhead takes for each");
  EXPECT_EQ(message("{site_cap: 1 kW, pue: 2, node_overhead: 250 W}"),
            "e.yaml:5:19: power.site_cap: found 1000 W, 62 W for each of 8 chips; expected more "
            "than the 62 W that node_overhead takes for each");
  EXPECT_EQ(message("{rack_cap: 1 kW}"),
            "e.yaml:5:19: power.rack_cap: found 1000 W; expected rack_chips beside it");
  EXPECT_EQ(
      message("{data: norml}"),
      "e.yaml:5:15: power.data: found 'norml'; expected one of zeros, ones, normal, "
      "uniform01, uniform11, integers8, signs, sorted, sparse50, sparse90; did you mean "
      "'normal'?");
  EXPECT_EQ(message("{clock: governd}"),
            "e.yaml:5:16: power.clock: found 'governd'; expected one of usual, measured, governed; "
            "did you mean 'governed'?");
  EXPECT_EQ(
      message("{pue: 0.9}"), "e.yaml:5:14: power.pue: found '0.9'; expected a number from 1 to 10");
}

TEST(PowerUse, ChipsWithoutNodesHaveNoneToCap) {
  const TemporaryFolder folder;
  const std::string ring =
      "model: tiny\ncluster: {type: ring, chip: toy-a, chips: 8}\n"
      "plan: {data: 8, global_batch: 16, sequence: 64}\npower: {node_cap: 1 kW}\n";
  const std::string complaint = message_of([&] {
    static_cast<void>(load_experiment(folder.write("e.yaml", ring), toy_paths(), {}));
  });
  EXPECT_NE(
      complaint.find("power.node_cap: found a value; expected none: chips of this cluster are "
                     "in no nodes"),
      std::string::npos)
      << complaint;
}

}  // namespace
}  // namespace headroom::config
