// Constants of power: what the shipped files say of their origin, and files that are wrong.
#include "sim/config/power.h"

#include <gtest/gtest.h>

#include "sim/config/datum.h"
#include "sim/config/load_chip.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

Node constants() { return Node::load(*ConfigPaths().find("technology", "power")); }

bool has_no_unit(const std::string& key) {
  return key == "matrix.glitch" || key == "matrix.scale" || key == "matrix.anchor" ||
         key == "router" || key == "fast_limit";
}

void expect_origin(const Datum& datum, const std::string& where) {
  EXPECT_FALSE(datum.value.empty()) << where << ' ' << datum.key;
  if (datum.key == "matrix.anchor") return;
  EXPECT_FALSE(datum.source.empty()) << where << ' ' << datum.key;
  if (!has_no_unit(datum.key)) {
    EXPECT_NE(datum.value.find(' '), std::string::npos) << where << ' ' << datum.key;
  }
}

TEST(ShippedPower, EachConstantHasItsUnitAndSource) {
  const auto& record = power_constants_record();
  for (const Datum& datum : data_of(constants(), record, record.write(record.read(constants()))))
    expect_origin(datum, "power.yaml");
  for (const auto& [id, memory] : constants()["memories"].entries()) {
    if (id == "source") continue;
    for (const char* key : {"access", "idle"}) {
      EXPECT_NE(memory[key]["value"].text().find(' '), std::string::npos) << id << ' ' << key;
      EXPECT_TRUE(memory[key]["range"].exists()) << id << ' ' << key;
    }
    EXPECT_TRUE(memory["access"]["source"].exists()) << id;
  }
  for (const auto& [id, link] : constants()["links"].entries())
    EXPECT_TRUE(link["source"].exists()) << id;
}

TEST(ShippedPower, EachChipThatStatesItHasUnitsAndSources) {
  const ConfigPaths paths;
  int described = 0;
  for (const std::string& name : paths.names("chips")) {
    const Node given = Node::load(*paths.find("chips", name))["power"];
    if (!given.exists()) continue;
    ++described;
    const auto& record = chip_power_record();
    for (const Datum& datum : data_of(given, record, record.write(record.read(given))))
      expect_origin(datum, name);
  }
  EXPECT_GE(described, 8);
}

// Every memory and link of a shipped chip has its energy, so that `power` is all a chip lacks.
TEST(ShippedPower, KnowsTheMemoriesAndLinksOfAllChips) {
  const power::Constants known = read_power_constants(constants());
  const ConfigPaths paths;
  for (const std::string& name : paths.names("chips")) {
    const ChipDescription chip = load_chip(name, paths);
    EXPECT_EQ(known.hbm_j_byte.count(chip.hbm.device.id), 1u) << chip.hbm.device.id;
    EXPECT_EQ(known.link_j_byte.count(chip.scale_up.kind), 1u) << chip.scale_up.kind;
  }
  EXPECT_DOUBLE_EQ(known.hbm_j_byte.at("hbm3"), 8 * 4.5e-12) << "per byte";
}

std::string complaint(const std::string& change) {
  return message_of([&] { static_cast<void>(read_power_constants(set(constants(), change))); });
}

TEST(PowerConstants, WrongValuesAreWrongInput) {
  EXPECT_NE(complaint("regulator_efficiency=0.9").find("without a unit"), std::string::npos);
  EXPECT_NE(complaint("regulator_efficiency=110 %").find("a share above 0 and at most 1"),
            std::string::npos);
  EXPECT_NE(complaint("matrix.glitsch=2").find("did you mean 'glitch'?"), std::string::npos);
  EXPECT_NE(
      complaint("memories.hbm3.acces=2 pJ/bit").find("did you mean 'access'?"), std::string::npos);
  EXPECT_NE(complaint("links.nvlink4=2 pJ").find("an energy per bit"), std::string::npos);
}

TEST(ChipPower, IsWholeOrAbsent) {
  power::ChipPower power;
  read_chip_power(Node::parse("{}", "a.yaml")["power"], power);
  EXPECT_FALSE(power.is_known());
  const std::string message = message_of([&] {
    read_chip_power(Node::parse("power: {die_area: 800 mm^2}", "a.yaml")["power"], power);
  });
  EXPECT_NE(
      message.find("power.nominal_clock: found nothing; expected a frequency"), std::string::npos)
      << message;
}

}  // namespace
}  // namespace headroom::config
