// Rounding between our times and the kernel's femtoseconds.
#include "models/base/kernel_time.h"

#include "tests/support/simulation.h"

namespace headroom {
namespace {

using KernelTimeTest = Simulation;

TEST_F(KernelTimeTest, RoundsUp) {
  EXPECT_EQ(to_sc_time(Seconds(0)).value(), 0U);
  EXPECT_EQ(to_sc_time(Seconds(1.0e-15 / 3)).value(), 1U);
  EXPECT_EQ(to_sc_time(Seconds(1.5e-15)).value(), 2U);
  // One cycle of 1.41 GHz is 709219.86 fs.
  EXPECT_EQ(to_sc_time(Cycles{1}, Hertz(1.41e9)).value(), 709220U);
  EXPECT_EQ(to_sc_time(Cycles{0}, Hertz(1.41e9)).value(), 0U);
}

TEST_F(KernelTimeTest, WholeFemtosecondsOfCyclesAreExact) {
  for (const Cycles cycles : {1U, 2U, 3U, 5U, 7U, 10U, 1001U, 999983U}) {
    EXPECT_EQ(to_sc_time(cycles, Hertz(1e9)).value(), cycles * 1000000);
    EXPECT_EQ(to_sc_time(cycles, Hertz(2e9)).value(), cycles * 500000);
    EXPECT_EQ(to_sc_time(cycles, Hertz(1.6e9)).value(), cycles * 625000);
  }
}

TEST_F(KernelTimeTest, NoDriftOverManyCycles) {
  // A picosecond resolution would make this 709.0 ms.
  EXPECT_NEAR(to_seconds(to_sc_time(Cycles{1000000000}, Hertz(1.41e9))).si(), 1 / 1.41, 2e-15);
}

TEST_F(KernelTimeTest, ThereAndBack) {
  for (const double time : {1e-15, 3.3e-12, 7e-9, 1.0 / 3, 12345.678})
    EXPECT_NEAR(to_seconds(to_sc_time(Seconds(time))).si(), time, 1e-15 + 1e-15 * time);
}

TEST_F(KernelTimeTest, NowFollowsTheKernel) {
  thread([] {
    EXPECT_EQ(now().si(), 0);
    sc_core::wait(to_sc_time(Cycles{5}, Hertz(2e9)));
    EXPECT_DOUBLE_EQ(now().si(), 2.5e-9);
  });
  run();
}

}  // namespace
}  // namespace headroom
