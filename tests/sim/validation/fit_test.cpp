#include "sim/validation/fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "sim/engine/analytic_step.h"
#include "tests/sim/validation/support.h"

namespace headroom::validation {
namespace {

class FitOfRuns : public testing::Test {
 protected:
  double step_s(const Cells& cells, const std::string& gap) {
    Context context = context_;
    context.changes.chip.push_back("kernel_gap=" + gap);
    const auto attempt = resolve(run_of(cells), context);
    const Experiment& experiment = std::get<ResolvedRun>(attempt).experiment;
    return AnalyticEngine(experiment).step_time(experiment);
  }
  // A run that takes what the model says with this gap between kernels.
  PublishedRun run_with(const std::string& gap, Cells cells = {}) {
    cells["step_time_s"] = std::to_string(step_s(cells, gap));
    return run_of(cells);
  }

  config::ConfigPaths paths_;
  RunTables tables_ = config::read_run_tables(paths_);
  Context context_{paths_, tables_, all_analytic};
  Constant gap_{"chips/a100-80gb-sxm", "kernel_gap", "1.5 us", "1 us", "9 us", "", ""};
};

TEST_F(FitOfRuns, FindsTheValueThatMadeThem) {
  const std::vector<PublishedRun> runs{
      run_with("6 us"), run_with("6 us", {{"layers", "8"}}),
      run_with("6 us", {{"hidden", "1024"}})};
  const Fit found = fit(runs, context_, {gap_});
  ASSERT_EQ(found.constants.size(), 1u);
  EXPECT_NEAR(std::stod(found.constants[0].value), 6, 0.1);
  EXPECT_EQ(found.constants[0].value.substr(found.constants[0].value.size() - 3), " us");
  EXPECT_EQ(found.constants[0].runs, 3u);
  EXPECT_EQ(found.runs, 3u);
  EXPECT_GT(found.before_pct, 0.5);
  EXPECT_LT(found.after_pct, 0.2);
}

TEST_F(FitOfRuns, StaysWhereNothingInTheRangeIsBetter) {
  const Fit found = fit({run_with("1.5 us")}, context_, {gap_});
  EXPECT_NEAR(std::stod(found.constants[0].value), 1.5, 0.1);
  EXPECT_LE(found.after_pct, found.before_pct);
}

TEST_F(FitOfRuns, ConstantsOfFilesThatNoRunUsesStay) {
  const Constant other{"chips/h100-sxm", "kernel_gap", "1 us", "0.5 us", "9 us", "", ""};
  const Fit found = fit({run_with("6 us")}, context_, {other});
  EXPECT_EQ(found.constants[0].value, "1 us");
  EXPECT_EQ(found.constants[0].runs, 0u);
  EXPECT_EQ(found.after_pct, found.before_pct);
}

TEST_F(FitOfRuns, NoRunNoFit) {
  const Fit found = fit({run_of({{"step_time_s", ""}})}, context_, {gap_});
  EXPECT_EQ(found.runs, 0u);
  EXPECT_TRUE(found.constants.empty());
}

std::string complaint(const std::string& word, const std::vector<Constant>& all) {
  try {
    (void)constants_to_fit({word}, all);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST_F(FitOfRuns, WordsNameConstantsWithARange) {
  EXPECT_EQ(constants_to_fit({"chips/a100-80gb-sxm:kernel_gap"}, {gap_}).at(0).value, "1.5 us");
  EXPECT_EQ(
      complaint("chips/a100-80gb-sxm:kernel_gat", {gap_}),
      "no constant 'chips/a100-80gb-sxm:kernel_gat'; nearest: 'chips/a100-80gb-sxm:kernel_gap' "
      "(headroom validate --list-constants)");
  Constant bare = gap_;
  bare.low = bare.high = "";
  EXPECT_EQ(
      complaint("chips/a100-80gb-sxm:kernel_gap", {bare}),
      "'chips/a100-80gb-sxm:kernel_gap' has no range of two numbers in one unit, the lower one "
      "first: found none");
  Constant mixed = gap_;
  mixed.low = "500 ns";
  EXPECT_EQ(
      complaint("chips/a100-80gb-sxm:kernel_gap", {mixed}),
      "'chips/a100-80gb-sxm:kernel_gap' has no range of two numbers in one unit, the lower one "
      "first: found [500 ns, 9 us]");
}

}  // namespace
}  // namespace headroom::validation
