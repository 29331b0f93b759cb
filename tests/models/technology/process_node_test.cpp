#include "models/technology/process_node.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/technology/nodes.h"

namespace headroom::technology {
namespace {

const ProcessNode node = made_up("n");

TEST(AlphaPowerLaw, IsTheFormula) {
  const auto raw = [](double v) { return std::pow(v - 0.3, 1.3) / v; };
  EXPECT_DOUBLE_EQ(relative_speed(node.supply, 0.9), raw(0.9) / raw(0.75));
  EXPECT_DOUBLE_EQ(relative_speed(node.supply, 0.75), 1);
}

TEST(AlphaPowerLaw, MoreVoltageNeverLowersTheClock) {
  double before = 0;
  for (double v = 0.31; v < 1.2; v += 0.01) {
    EXPECT_GT(relative_speed(node.supply, v), before) << v;
    before = relative_speed(node.supply, v);
  }
}

TEST(AlphaPowerLaw, TheVoltageForASpeedGivesThatSpeed) {
  for (const double v : {0.5, 0.6, 0.75, 0.9, 1.05})
    EXPECT_NEAR(voltage_for(node.supply, relative_speed(node.supply, v), 1.1), v, 1e-12);
  EXPECT_DOUBLE_EQ(voltage_for(node.supply, 10, 1.1), 1.1) << "no voltage is enough";
}

// ET-SoC-1, TSMC 7 nm: 600 MHz at 0.52 V, 800 MHz at 0.62 V, as its firmware sets them
// (matmul_power.csv).
TEST(AlphaPowerLaw, GivesTheClocksOfAMeasuredChip) {
  const double ratio = relative_speed(node.supply, 0.62) / relative_speed(node.supply, 0.52);
  EXPECT_NEAR(ratio, 800.0 / 600, 0.03 * 800 / 600);
}

TEST(Leakage, GrowsEFoldWithTemperatureAndWithVoltage) {
  EXPECT_DOUBLE_EQ(leakage_density(node, 0.75, 358), 5e4);
  EXPECT_NEAR(leakage_density(node, 0.75, 358 + 36) / 5e4, std::exp(1), 1e-12);
  EXPECT_NEAR(leakage_density(node, 0.9, 358) / 5e4, 1.2 * std::exp(0.15 / 0.76), 1e-12);
  EXPECT_LT(leakage_density(node, 0.6, 358), leakage_density(node, 0.61, 358));
}

TEST(ImpliedSpeedGain, SpendsTheSavingOnVoltage) {
  const double gain = implied_speed_gain(node.supply, 0.3);
  const double volts = voltage_for(node.supply, 1 + gain, 2);
  EXPECT_NEAR(0.7 * std::pow(volts / 0.75, 2) * (1 + gain), 1, 1e-9) << "the same power";
  EXPECT_NEAR(implied_speed_gain(node.supply, 0), 0, 1e-12);
  EXPECT_LT(gain, implied_speed_gain(node.supply, 0.4));
}

}  // namespace
}  // namespace headroom::technology
