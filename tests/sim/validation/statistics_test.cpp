#include "sim/validation/statistics.h"

#include <gtest/gtest.h>

#include "sim/validation/baselines.h"
#include "sim/validation/folds.h"
#include "sim/validation/report.h"
#include "tests/sim/validation/support.h"

namespace headroom::validation {
namespace {

RunOutcome outcome(const std::string& source, double error_pct, Status status = Status::used) {
  RunOutcome outcome;
  outcome.id = source;
  outcome.source = source;
  outcome.chip = "chip of " + source;
  outcome.status = status;
  outcome.error_pct = error_pct;
  return outcome;
}

TEST(Errors, AreMeansAndRanks) {
  const Errors errors = errors_of({-10, 20, -30, 40});
  EXPECT_EQ(errors.rows, 4U);
  EXPECT_DOUBLE_EQ(*errors.mape_pct, 25);
  EXPECT_DOUBLE_EQ(*errors.bias_pct, 5);
  EXPECT_DOUBLE_EQ(*errors.median_ape_pct, 25);
  EXPECT_DOUBLE_EQ(*errors.p90_ape_pct, 40);
  EXPECT_FALSE(errors_of({}).mape_pct);
}

TEST(Errors, NinetyPerCentIsTheNearestRank) {
  EXPECT_DOUBLE_EQ(*errors_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}).p90_ape_pct, 9);
  EXPECT_DOUBLE_EQ(*errors_of({7}).p90_ape_pct, 7);
}

TEST(Groups, CountWhatBecameOfTheirRows) {
  const std::vector<Group> groups = group_by(
      {outcome("b", 10), outcome("a", -30), outcome("a", 0, Status::skipped),
       outcome("a", 0, Status::unknown_convention)},
      &RunOutcome::source);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].name, "a");
  EXPECT_EQ(groups[0].rows_total, 3U);
  EXPECT_EQ(groups[0].errors.rows, 1U);
  EXPECT_EQ(groups[0].skipped, 1U);
  EXPECT_EQ(groups[0].unknown_convention, 1U);
  EXPECT_DOUBLE_EQ(*mean_of_groups(groups), 20);
}

TEST(Baselines, AnswerWithTheMedianOfTheOthers) {
  const std::vector<PublishedRun> runs{
      run_of({{"model_tflops_per_chip", "100"}}), run_of({{"model_tflops_per_chip", "110"}}),
      run_of({{"model_tflops_per_chip", "200"}, {"model", "GPT-other"}, {"precision", "amp_bf16"}}),
      run_of({{"model_tflops_per_chip", "50"}, {"chip", "H100 SXM"}})};
  const std::vector<RunOutcome> outcomes(4, outcome("x", 0));
  const Baselines result = baselines(runs, outcomes);
  // 100 by 155, 110 by 150, 200 by 105; the H100 has no company.
  EXPECT_EQ(result.chip_and_format.rows, 3U);
  EXPECT_NEAR(*result.chip_and_format.mape_pct, (55 + 100 * 40.0 / 110 + 47.5) / 3, 1e-9);
  EXPECT_EQ(result.source_chip_and_model.rows, 2U);
  EXPECT_NEAR(*result.source_chip_and_model.mape_pct, (10 + 100 * 10.0 / 110) / 2, 1e-9);
  EXPECT_EQ(result.same_settings.rows, 2U);
}

TEST(Folds, LeaveOutEveryTenthAndWholeGroups) {
  std::vector<RunOutcome> outcomes;
  for (int i = 0; i < 20; ++i) outcomes.push_back(outcome(i < 5 ? "a" : "b", i < 5 ? 10 : -20));
  const CrossValidation folds = cross_validate(outcomes);
  ASSERT_EQ(folds.ten_fold.size(), 10U);
  EXPECT_EQ(folds.ten_fold[0].errors.rows, 2U);
  EXPECT_DOUBLE_EQ(*folds.ten_fold[0].errors.mape_pct, 15);
  ASSERT_EQ(folds.by_source.size(), 2U);
  const FoldSummary summary = summary_of(folds.by_source);
  EXPECT_DOUBLE_EQ(summary.mean_pct, 15);
  EXPECT_DOUBLE_EQ(summary.largest_pct, 20);
  EXPECT_EQ(summary.largest, "b");
}

TEST(Report, HasTheKeysOfTheIssue) {
  RunOutcome used = outcome("a", 25);
  used.predicted_tflops = 125;
  used.published_tflops = 100;
  used.bound_by = "vector work";
  used.assumptions = {"one"};
  const std::vector<PublishedRun> runs{run_of(), run_of()};
  const auto json = to_json(make_report(runs, {used, outcome("a", 0, Status::skipped)}));
  EXPECT_EQ(json["rows_total"], 2);
  EXPECT_EQ(json["rows_used"], 1);
  for (const char* key : {"mape_pct", "bias_pct", "median_ape_pct", "p90_ape_pct"})
    EXPECT_EQ(json[key], 25.0) << key;
  EXPECT_EQ(json["by_source"][0]["source"], "a");
  EXPECT_EQ(json["by_chip"][0]["chip"], "chip of a");
  ASSERT_EQ(json["rows"].size(), 1U);
  for (const char* key :
       {"id", "predicted_tflops_per_chip", "published_tflops_per_chip", "error_pct", "bound_by",
        "assumptions"})
    EXPECT_TRUE(json["rows"][0].contains(key)) << key;
  EXPECT_EQ(json["skipped"].size(), 1U);
}

TEST(RunOutcome, ReadsBackWithoutLoss) {
  RunOutcome used = outcome("a", 1.0 / 3);
  used.predicted_tflops = 0.1;
  used.time = {{"vector work", 0.3}};
  used.fits = false;
  const auto json = to_json(used);
  EXPECT_EQ(to_json(outcome_from_json(json)), json);
  RunOutcome skipped = outcome("b", 0, Status::skipped);
  skipped.reason = "why";
  EXPECT_EQ(to_json(outcome_from_json(to_json(skipped))), to_json(skipped));
}

}  // namespace
}  // namespace headroom::validation
