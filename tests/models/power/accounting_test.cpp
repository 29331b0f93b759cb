#include "models/power/accounting.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/power/toy.h"

namespace headroom::power {
namespace {

constexpr double nominal = 1e9;

TEST(Accounting, EachPartIsItsEnergyOverTheTime) {
  const Coefficients chip = toy();
  const Breakdown parts = power(chip, busy(Hertz(nominal)), Hertz(nominal));
  EXPECT_NEAR(parts.volts, 0.75, 1e-9);
  EXPECT_NEAR(parts.clock.si(), (1e-9 + 0.9 * 5e-8) * nominal / 0.9, 1e-6);
  EXPECT_NEAR(parts.matrix.si(), 0.9 * nominal * 2e5 * 1e-12 / 0.9, 1e-6);
  EXPECT_NEAR(parts.vector.si(), 0.1 / 0.9, 1e-9);
  EXPECT_NEAR(parts.sram.si(), (10 + 6) / 0.9, 1e-6);
  EXPECT_NEAR(parts.network_on_chip.si(), (40 + 5) / 0.9, 1e-6);
  EXPECT_NEAR(parts.hbm.si(), (15 + 30) / 0.9, 1e-9);
  EXPECT_NEAR(parts.links.si(), 10 + 4, 1e-9);
  EXPECT_EQ(parts.fixed.si(), 30);
}

// The sum of the parts is the power, and the temperature is the one that this power causes.
TEST(Accounting, LeakageAndTemperatureAreSettled) {
  const Coefficients chip = toy();
  const Breakdown parts = power(chip, busy(Hertz(nominal)), Hertz(nominal));
  EXPECT_NEAR(parts.kelvin, 303 + 0.05 * parts.total().si(), 1e-6);
  const double leaked = technology::leakage_density(chip.node, parts.volts, parts.kelvin) * 8e-4 /
                        0.9;
  EXPECT_NEAR(parts.leakage.si(), leaked, 1e-3 * leaked);
}

TEST(Accounting, ARunawayStops) {
  Coefficients chip = toy();
  chip.thermal_resistance_k_w = 2;
  const Breakdown parts = power(chip, busy(Hertz(nominal)), Hertz(nominal));
  EXPECT_LE(parts.kelvin, 500);
  EXPECT_TRUE(std::isfinite(parts.total().si()));
}

TEST(Accounting, RepeatingTheWorkChangesNothing) {
  const Coefficients chip = toy();
  const Work once = busy(Hertz(nominal));
  Work twice = once;
  twice.time = Seconds(2);
  twice.cycles *= 2, twice.engine_cycles *= 2, twice.operations *= 2;
  twice.products[Format::bf16] *= 2;
  for (Bytes* moved : {&twice.sram, &twice.network, &twice.streamed, &twice.hbm, &twice.links})
    *moved = *moved * 2.0;
  EXPECT_NEAR(power(chip, once, Hertz(nominal)).total().si(),
              power(chip, twice, Hertz(nominal)).total().si(), 1e-9);
}

TEST(Accounting, MoreOfAnythingNeverCostsLess) {
  const Coefficients chip = toy();
  const auto total = [&](const Work& work, double clock = nominal) {
    return power(chip, work, Hertz(clock)).total().si();
  };
  const Work work = busy(Hertz(nominal));
  double before = 0;
  for (double clock = 3e8; clock < 1.35e9; clock += 5e7) {
    EXPECT_GT(total(busy(Hertz(clock)), clock), before) << clock;
    before = total(busy(Hertz(clock)), clock);
  }
  before = 0;
  for (const double toggles : {0.0, 0.1, 0.5, 1.0, 1.05}) {
    Work data = work;
    data.relative_toggles = toggles;
    EXPECT_GT(total(data), before) << "zeros never cost more than other data: " << toggles;
    before = total(data);
  }
  for (Bytes Work::*moved :
       {&Work::sram, &Work::network, &Work::streamed, &Work::hbm, &Work::links}) {
    Work more = work;
    more.*moved = work.*moved * 1.1;
    EXPECT_GT(total(more), total(work));
  }
}

TEST(Accounting, TheSupplyDoesNotFallBelowTheNodesMinimum) {
  const Coefficients chip = toy();
  EXPECT_EQ(volts_at(chip, Hertz(1e6)), 0.5);
  EXPECT_NEAR(volts_at(chip, highest_clock(chip)), 1.05, 1e-9);
}

}  // namespace
}  // namespace headroom::power
