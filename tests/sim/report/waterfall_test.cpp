#include "sim/report/waterfall.h"

#include <gtest/gtest.h>

#include "sim/report/causes.h"
#include "tests/sim/report/sample.h"

namespace headroom {
namespace {

TEST(Waterfall, LeadsFromPeakToAchievedByTheShareOfEachCause) {
  const auto rows = make_waterfall(1e15, sample_time(), 4e14);
  EXPECT_EQ(rows.front().name, "nameplate peak");
  EXPECT_DOUBLE_EQ(rows.front().tflops_per_chip, 1000);
  EXPECT_EQ(rows[1].name, "power-limited clock");
  EXPECT_DOUBLE_EQ(rows[1].lost_to, 50);
  EXPECT_DOUBLE_EQ(rows[1].tflops_per_chip, 950);
  EXPECT_EQ(rows.back().name, "achieved");
  double level = 1000;
  for (const WaterfallStep& row : rows) level -= row.lost_to;
  EXPECT_NEAR(level, rows.back().tflops_per_chip, 1e-9);
}

TEST(Waterfall, LeavesOutWhatIsNotModelled) {
  for (const WaterfallStep& row : make_waterfall(1e15, sample_time(), 4e14)) {
    EXPECT_NE(row.name, "on-chip stall");
    EXPECT_NE(row.name, "exposed expert communication");
  }
}

TEST(Waterfall, ClockAboveTheNameplateIsANegativeLoss) {
  TimeBreakdown time;
  time.ideal_s = 4;
  time.clock_s = -1;
  time.shape_s = 1;
  const auto rows = make_waterfall(1e12, time, 1e12);
  EXPECT_DOUBLE_EQ(rows[1].lost_to, -0.25);
  EXPECT_DOUBLE_EQ(rows[1].tflops_per_chip, 1.25);
  EXPECT_DOUBLE_EQ(rows.back().tflops_per_chip, 1);
}

TEST(Causes, NameTheLargestOne) {
  EXPECT_EQ(largest_cause(sample_time()), "exposed data communication");
  TimeBreakdown ideal;
  ideal.ideal_s = 1;
  EXPECT_EQ(largest_cause(ideal), "useful matrix work");
}

TEST(Causes, SumToTheStep) { EXPECT_DOUBLE_EQ(total_s(sample_time()), 10); }

}  // namespace
}  // namespace headroom
