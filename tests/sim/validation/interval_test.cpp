#include "sim/validation/interval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/engine/analytic_step.h"
#include "sim/validation/predict.h"
#include "sim/validation/statistics.h"
#include "tests/sim/validation/support.h"

namespace headroom::validation {
namespace {

class OfARun : public testing::Test {
 protected:
  Interval of(const Cells& changes, const std::vector<Constant>& constants) {
    const PublishedRun run = run_of(changes);
    const auto attempt = resolve(run, context_);
    return interval(run, std::get<ResolvedRun>(attempt), 100, context_, constants);
  }
  double step_s(const Changes& changes) {
    Context context = context_;
    context.changes = changes;
    const auto attempt = resolve(run_of(), context);
    const Experiment& experiment = std::get<ResolvedRun>(attempt).experiment;
    return AnalyticEngine(experiment).step_time(experiment);
  }

  config::ConfigPaths paths_;
  RunTables tables_ = config::read_run_tables(paths_);
  Context context_{paths_, tables_, all_analytic};
  std::vector<Constant> ranged_ = ranged_constants(paths_, tables_);
};

bool has(const Interval& interval, const std::string& input) {
  return std::any_of(interval.inputs.begin(), interval.inputs.end(), [&](const auto& each) {
    return each.first == input;
  });
}

Constant gap(const std::string& low, const std::string& high) {
  return {"chips/a100-80gb-sxm", "kernel_gap", "1 us", low, high, "", ""};
}

TEST_F(OfARun, OneInputGivesWhatItsEndsGive) {
  const Interval interval = of({}, {gap("500 ns", "3 us")});
  const double base = step_s({});
  EXPECT_DOUBLE_EQ(interval.low_tflops, 100 * base / step_s({{"kernel_gap=3 us"}, {}, {}}));
  EXPECT_DOUBLE_EQ(interval.high_tflops, 100 * base / step_s({{"kernel_gap=500 ns"}, {}, {}}));
  ASSERT_EQ(interval.inputs.size(), 1u);
  EXPECT_EQ(interval.inputs[0].first, "chips/a100-80gb-sxm kernel_gap");
  EXPECT_DOUBLE_EQ(interval.inputs[0].second, 1);
}

// The same input twice: both sides grow by the square root of two, in logarithms.
TEST_F(OfARun, InputsAddInSquares) {
  const Interval one = of({}, {gap("500 ns", "3 us")});
  const Interval two = of({}, {gap("500 ns", "3 us"), gap("500 ns", "3 us")});
  EXPECT_NEAR(std::log(two.low_tflops / 100), std::sqrt(2) * std::log(one.low_tflops / 100), 1e-12);
  EXPECT_NEAR(
      std::log(two.high_tflops / 100), std::sqrt(2) * std::log(one.high_tflops / 100), 1e-12);
}

TEST_F(OfARun, AnEndThatIsTheValueLeavesItsSideClosed) {
  const Interval interval = of({}, {gap("1 us", "3 us")});
  EXPECT_EQ(interval.high_tflops, 100);
  EXPECT_LT(interval.low_tflops, 100);
}

TEST_F(OfARun, OnlyInputsOfItsFilesCount) {
  const Interval interval = of({}, ranged_);
  EXPECT_LT(interval.low_tflops, 100);
  EXPECT_GT(interval.high_tflops, 100);
  EXPECT_TRUE(has(interval, "chips/a100-80gb-sxm clock.sustained_matmul"));
  double shares = 0;
  for (const auto& [input, share] : interval.inputs) {
    EXPECT_EQ(input.find("h100"), std::string::npos) << input;
    shares += share;
  }
  EXPECT_NEAR(shares, 1, 1e-12);
  EXPECT_TRUE(std::is_sorted(
      interval.inputs.begin(), interval.inputs.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; }));
  EXPECT_EQ(of({}, {}).low_tflops, 100);
}

TEST_F(OfARun, StacksAndLinksHaveRangesToo) {
  const Interval interval = of(
      {{"source", "vTrain"}, {"chip_count", "16"}, {"dp", "2"}, {"tp", "8"}}, ranged_);
  EXPECT_TRUE(has(interval, "stacks/megatron-deepspeed between_steps"));
  EXPECT_TRUE(has(interval, "links/nvlink3 library_share"));
}

TEST_F(OfARun, IsPartOfAPredictionWhereAskedFor) {
  EXPECT_FALSE(predict(run_of(), context_).interval);
  context_.ranged = &ranged_;
  const RunOutcome outcome = predict(run_of(), context_);
  ASSERT_TRUE(outcome.interval);
  EXPECT_LT(outcome.interval->low_tflops, outcome.predicted_tflops);
  EXPECT_EQ(to_json(outcome_from_json(to_json(outcome))).dump(), to_json(outcome).dump());
}

RunOutcome outcome(double low, double published, double high, Status status = Status::used) {
  RunOutcome outcome;
  outcome.status = status;
  outcome.published_tflops = published;
  outcome.interval = Interval{low, high, {}};
  return outcome;
}

TEST(Coverage, CountsPublishedFiguresByTheirSide) {
  RunOutcome without = outcome(90, 100, 110);
  without.interval.reset();
  const Coverage coverage = coverage_of(
      {outcome(90, 100, 110), outcome(100, 99, 110), outcome(100, 150, 149), outcome(100, 100, 120),
       outcome(1, 2, 3, Status::unknown_convention), without});
  EXPECT_EQ(coverage.rows, 4u);
  EXPECT_EQ(coverage.inside, 2u);
  EXPECT_EQ(coverage.below, 1u);
  EXPECT_EQ(coverage.above, 1u);
  EXPECT_NEAR(*coverage.median_width_pct, (20 + 100 * (110.0 / 90 - 1)) / 2, 1e-9);
  EXPECT_FALSE(coverage_of({}).median_width_pct);
}

}  // namespace
}  // namespace headroom::validation
