#include "models/technology/die_area.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/models/technology/nodes.h"

namespace headroom::technology {
namespace {

constexpr double mm2 = 1e-6;

ProcessNode node_of(double logic_mtr_mm2, double sram_mbit_mm2) {
  ProcessNode node = made_up("n");
  node.logic_density = logic_mtr_mm2 * 1e12;
  node.sram_density = sram_mbit_mm2 * 1e12;
  return node;
}

const AreaConstants constants{
    10'000,
    2,
    3,
    1.5,
    4,
    0.001,
    SquareMetres(10 * mm2),
    SquareMetres(0.5 * mm2),
    1.5e-18,
    SquareMetres(7 * mm2)};
const DieCounts counts{
    100, 1000, Bytes(125e3),         Bytes(250e3), Bytes(50e6), BytesPerSecond(4e12),
    5,   40,   BytesPerSecond(2e12), true};

TEST(DieParts, AreThoseComputedByHand) {
  const auto parts = die_parts(counts, node_of(100, 20), constants);
  const double expected[] = {
      100 * 1000 * 1e4 / 100e6 * 2,  // 10 mm^2 of transistors, twice
      100 * 1.0 / 20 * 3,            // 1 Mbit a core
      100 * 2.0 / 20 * 1.5,         400.0 / 20 * 4, 4e9 / 100e6, 50, 20, 3, 7};
  ASSERT_EQ(parts.size(), std::size(expected));
  for (std::size_t i = 0; i < parts.size(); ++i)
    EXPECT_NEAR(parts[i].area.si() / mm2, expected[i], 1e-9) << parts[i].name;
  double sum = 0;
  for (const double part : expected) sum += part;
  EXPECT_NEAR(total(parts).si() / mm2, sum, 1e-9);
}

TEST(DieParts, PhysDoNotShrinkAndTheRestDoes) {
  const auto old = die_parts(counts, node_of(100, 20), constants);
  const auto newer = die_parts(counts, node_of(200, 20), constants);
  for (std::size_t i = 0; i < old.size(); ++i) {
    const bool logic = old[i].name == part_matrix || old[i].name == part_memory;
    EXPECT_DOUBLE_EQ(newer[i].area.si(), old[i].area.si() / (logic ? 2 : 1)) << old[i].name;
  }
}

TEST(DieParts, EveryCountAddsArea) {
  const ProcessNode node = node_of(100, 20);
  const double area = total(die_parts(counts, node, constants)).si();
  const auto grows = [&](auto change) {
    DieCounts more = counts;
    change(more);
    EXPECT_GT(total(die_parts(more, node, constants)).si(), area);
  };
  grows([](DieCounts& c) { c.cores += 1; });
  grows([](DieCounts& c) { c.slots += 1; });
  grows([](DieCounts& c) { c.registers += Bytes(1); });
  grows([](DieCounts& c) { c.local += Bytes(1); });
  grows([](DieCounts& c) { c.shared += Bytes(1); });
  grows([](DieCounts& c) { c.memory += BytesPerSecond(1e6); });
  grows([](DieCounts& c) { c.hbm_stacks += 1; });
  grows([](DieCounts& c) { c.serdes_lanes += 1; });
  grows([](DieCounts& c) { c.die_to_die += BytesPerSecond(1e6); });
}

TEST(DieParts, NeedADensityOfSram) {
  ProcessNode node = made_up("n");
  node.sram_density.reset();
  EXPECT_THROW(static_cast<void>(die_parts(counts, node, constants)), std::invalid_argument);
}

TEST(FitArea, FindsTheConstantsThatMadeTheDies) {
  std::vector<PublishedDie> dies;
  for (int i = 0; i < 8; ++i) {
    DieCounts die = counts;
    die.cores = 50 + 37 * (i % 3);
    die.slots = 200 + 450 * (i % 4);
    die.local = Bytes(50e3 + 90e3 * (i % 5));
    die.shared = Bytes(10e6 * (1 + i * i % 7));
    die.memory = BytesPerSecond(1e12 * (1 + i % 4));
    const PublishedDie::Kind kind{die, node_of(60 + 11 * i, 20), 1.0 + i % 2};
    dies.push_back({{kind}, package_area({kind}, constants)});
  }
  AreaConstants start = constants;
  start.matrix = start.registers = start.local = start.shared = start.memory_system = 1;
  const AreaConstants fit = fit_area(dies, start);
  EXPECT_NEAR(fit.matrix, constants.matrix, 0.02);
  EXPECT_NEAR(fit.registers, constants.registers, 0.02);
  EXPECT_NEAR(fit.local, constants.local, 0.02);
  EXPECT_NEAR(fit.shared, constants.shared, 0.02);
  EXPECT_NEAR(fit.memory_system, constants.memory_system, 2e-5);
}

TEST(FitArea, NeedsAsManyDiesAsConstants) {
  EXPECT_THROW(static_cast<void>(fit_area({}, constants)), std::invalid_argument);
}

}  // namespace
}  // namespace headroom::technology
