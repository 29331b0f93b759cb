#include "models/power/governor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/power/toy.h"

namespace headroom::power {
namespace {

Limits limits(double cap) {
  return {Hertz(4e8), Hertz(1.35e9), Watts(cap), Watts(1e6), Seconds(0.05), 0};
}

Phase phase(double seconds, double toggles) {
  const auto watts = [](double data) {
    return [data](Hertz clock) {
      Work work = busy(clock);
      work.relative_toggles = data;
      return power(toy(), work, clock).total();
    };
  };
  return {[seconds](Hertz clock) { return Seconds(seconds * 1.35e9 / clock.si()); }, watts(toggles),
          watts(1.05)};
}

TEST(Governor, LeavesTheClockAloneWhereTheCapDoesNotBind) {
  const Held held = govern(limits(5000), {phase(1, 1)}).front();
  EXPECT_EQ(held.clock.si(), 1.35e9);
  EXPECT_FALSE(held.throttled);
}

TEST(Governor, KeepsTheCapAndUsesIt) {
  for (const double cap : {250.0, 300.0, 350.0, 400.0}) {
    const Held held = govern(limits(cap), {phase(1, 1)}).front();
    EXPECT_LE(held.power.si(), cap);
    EXPECT_GT(held.power.si(), 0.998 * cap);
    EXPECT_TRUE(held.throttled);
    EXPECT_LE(held.evaluations, 10) << cap;
  }
}

TEST(Governor, ALowerCapNeverRaisesTheClock) {
  Hertz before(0);
  for (double cap = 240; cap < 800; cap += 10) {
    const Hertz clock = govern(limits(cap), {phase(1, 1)}).front().clock;
    EXPECT_GE(clock.si(), before.si() * 0.9995) << cap;  // within what ends the search
    before = clock;
  }
}

TEST(Governor, EasierDataRunsFaster) {
  const auto clock = [](double toggles) {
    return govern(limits(350), {phase(1, toggles)}).front().clock.si();
  };
  EXPECT_GT(clock(0), clock(0.5));
  EXPECT_GT(clock(0.5), clock(1));
}

// Zeros draw little, but the clock leaves room for the worst data that could come at any instant.
TEST(Governor, TheFastLimitHoldsWhateverTheMean) {
  Limits with = limits(5000);
  with.fast = Watts(400);
  const Held held = govern(with, {phase(1, 0)}).front();
  EXPECT_TRUE(held.throttled);
  EXPECT_LT(held.power.si(), 400);
  EXPECT_NEAR(phase(1, 0).worst_power(held.clock).si(), 400, 0.5);
}

TEST(Governor, ShortPhasesShareOneClockByTimeAndLongOnesRunAtTheirOwn) {
  const std::vector<Held> held = govern(
      limits(350), {phase(0.001, 1), phase(0.002, 0), phase(2, 1), phase(3, 0)});
  EXPECT_EQ(held[0].clock, held[1].clock);
  EXPECT_GT(held[0].power.si(), 350) << "above the cap for a millisecond";
  EXPECT_NEAR((held[0].power.si() + 2 * held[1].power.si()) / 3, 350, 0.5) << "not on the mean";
  EXPECT_LT(held[2].clock, held[0].clock);
  EXPECT_GT(held[3].clock, held[0].clock);
}

TEST(Governor, ASlowClockMakesMorePhasesShort) {
  Limits slow = limits(350);
  slow.slew_hz_s = 1e8;  // 9.5 s across its range
  const std::vector<Held> held = govern(slow, {phase(2, 1), phase(3, 0)});
  EXPECT_EQ(held[0].clock, held[1].clock);
}

TEST(Governor, ACapBelowTheLeastPowerSaysHowMuchThatIs) {
  const double least = phase(1, 1).power(Hertz(4e8)).si();
  try {
    static_cast<void>(govern(limits(50), {phase(1, 1)}));
    FAIL() << "no error";
  } catch (const CapTooLow& error) {
    EXPECT_NEAR(error.least().si(), least, 1e-6 * least);
  }
}

}  // namespace
}  // namespace headroom::power
