#include "sim/report/invariants.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <stdexcept>
#include <string>

#include "tests/sim/report/sample.h"

namespace headroom {
namespace {

// What check() says about the sample after `change`.
std::string complaint(const std::function<void(Result&)>& change) {
  Result result = sample_result();
  change(result);
  try {
    check(result);
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "";
}

TEST(Invariants, HoldForTheSample) { EXPECT_NO_THROW(check(sample_result())); }

TEST(Invariants, TimeSumsToTheStep) {
  EXPECT_EQ(complaint([](Result& r) { r.time.bubble_s = 1e-3; }),
            "the result contradicts itself:\n  sum of time against step.time_s: 10.001 is not 10");
  EXPECT_EQ(complaint([](Result& r) { r.time.bubble_s = 1e-9; }), "");
}

TEST(Invariants, NothingIsNanOrInfinite) {
  EXPECT_NE(complaint([](Result& r) {
              r.memory.weights_bytes = std::numeric_limits<double>::quiet_NaN();
            }).find("memory.weights_bytes: nan is not a finite number"),
            std::string::npos);
  EXPECT_NE(complaint([](Result& r) {
              r.step.hardware_flops = std::numeric_limits<double>::infinity();
            }).find("step.hardware_flops: inf is not a finite number"),
            std::string::npos);
}

TEST(Invariants, OnlyTheClockMayBeNegative) {
  EXPECT_NE(complaint([](Result& r) {
              r.time.shape_s = -1;
              r.time.bubble_s = 2;
            }).find("time.shape_s: -1 is negative"),
            std::string::npos);
  EXPECT_EQ(complaint([](Result& r) {
              r.time.clock_s = -0.5;
              r.time.bubble_s = 1;
              r.waterfall = make_waterfall(1e15, r.time, 4e14);
            }),
            "");
}

TEST(Invariants, MfuIsAtMostOne) {
  EXPECT_NE(
      complaint([](Result& r) { r.throughput.mfu = 1.01; }).find("throughput.mfu: 1.01 is above 1"),
      std::string::npos);
}

TEST(Invariants, WaterfallEndsAtWhatIsAchieved) {
  EXPECT_NE(complaint([](Result& r) {
              r.waterfall.back().tflops_per_chip = 399;
            }).find("level of achieved"),
            std::string::npos);
  EXPECT_NE(complaint([](Result& r) { r.waterfall.clear(); }).find("waterfall: has no rows"),
            std::string::npos);
}

TEST(Invariants, MemoryFits) {
  EXPECT_NE(complaint([](Result& r) { r.memory.peak_bytes = 81e9; }).find("above the capacity"),
            std::string::npos);
}

TEST(Invariants, PartsOfThePowerAreItsSum) {
  EXPECT_EQ(complaint([](Result& r) {
              r.power.chip_w = 500, r.power.matrix_w = 400, r.power.hbm_w = 100;
            }),
            "");
  EXPECT_NE(complaint([](Result& r) {
              r.power.chip_w = 500, r.power.matrix_w = 400;
            }).find("sum of power.breakdown_w against power.chip_w: 400 is not 500"),
            std::string::npos);
}

TEST(Invariants, AStepTakesTime) {
  EXPECT_NE(complaint([](Result& r) { r = Result{}; }), "");
}

}  // namespace
}  // namespace headroom
