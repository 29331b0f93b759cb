#include "sim/validation/compare.h"

#include <gtest/gtest.h>

#include "sim/validation/convention.h"
#include "tests/sim/validation/support.h"

namespace headroom::validation {
namespace {

class Compare : public testing::Test {
 protected:
  ResolvedRun resolved(const PublishedRun& run) {
    auto result = resolve(run, {paths_, tables_, {}});
    const auto* skipped = std::get_if<Skipped>(&result);
    EXPECT_EQ(skipped, nullptr) << (skipped != nullptr ? skipped->reason : "");
    return std::get<ResolvedRun>(std::move(result));
  }
  std::optional<Comparison> compared(const Cells& changes, const Predicted& predicted) {
    const PublishedRun run = run_of(changes);
    return compare(run, resolved(run), predicted, tables_);
  }

  config::ConfigPaths paths_;
  RunTables tables_ = config::read_run_tables(paths_);
};

TEST_F(Compare, AStepTimeIsCompared) {
  const auto result = compared({}, {1.0, 8e14});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->figure, "step_time_s");
  EXPECT_DOUBLE_EQ(result->predicted_tflops, 100);
  EXPECT_DOUBLE_EQ(result->published_tflops, 100 / 1.5);
}

TEST_F(Compare, ADerivedFigureGivesWay) {
  const auto result = compared(
      {{"tokens_per_s_per_chip", "16384"}, {"derived_fields", "step_time_s"}}, {2.0, 8e14});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->figure, "tokens_per_s_per_chip");
  EXPECT_DOUBLE_EQ(result->published_step_s, 1);
  EXPECT_DOUBLE_EQ(result->predicted_tflops / result->published_tflops, 0.5);
}

TEST_F(Compare, TheRowsOwnFigureIsShown) {
  const auto result = compared({{"model_tflops_per_chip", "120"}}, {1.0, 8e14});
  ASSERT_TRUE(result);
  EXPECT_DOUBLE_EQ(result->published_tflops, 120);
  EXPECT_DOUBLE_EQ(result->predicted_tflops, 180);
}

TEST_F(Compare, ARoundedBatchIsComparedPerSequence) {
  const auto result = compared({{"global_batch_seqs", "60"}}, {1.6, 8e14});
  ASSERT_TRUE(result);
  EXPECT_DOUBLE_EQ(result->published_step_s, 1.6);
}

// 96 B s l h^2 (1 + s/6h + V/16lh) of Narayanan et al. 2021, equation 3.
TEST_F(Compare, HardwareFlopsCountRecomputation) {
  const Cells cells{
      {"step_time_s", ""},
      {"activation_recompute", "full"},
      {"hw_tflops_per_chip", "150"},
      {"flops_convention", "published TFLOP/s counts full recompute"}};
  const double b = 64, s = 2048, l = 4, h = 2048, v = 50304;
  const double flops = 96 * b * s * l * h * h * (1 + s / (6 * h) + v / (16 * l * h));
  const auto result = compared(cells, {1, 8e14});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->figure, "hw_tflops_per_chip");
  EXPECT_NEAR(result->predicted_tflops, flops / 8e12, 1e-9 * flops / 8e12);
}

// 72 B s l h^2 (1 + s/6h + V/12lh), and 6N + 12 l h s of the row's N.
TEST_F(Compare, ModelFlopsFollowTheirFormula) {
  const double b = 64, s = 2048, l = 4, h = 2048, v = 50304;
  const PublishedRun products = run_of({{"flops_convention", "72BSlh^2(1+S/6h+V/12lh)"}});
  EXPECT_NEAR(step_flops(*convention_of(products, tables_), resolved(products), false),
              72 * b * s * l * h * h * (1 + s / (6 * h) + v / (12 * l * h)), 1e3);
  const PublishedRun total = run_of(
      {{"flops_convention", "6N + 12*l*d*s per token"}, {"params_total_b", "0.3"}});
  EXPECT_NEAR(step_flops(*convention_of(total, tables_), resolved(total), false),
              (6 * 0.3e9 + 12 * l * h * s) * b * s, 1e3);
}

TEST_F(Compare, AnUnknownConventionIsNotGuessed) {
  EXPECT_FALSE(compared({{"step_time_s", ""}, {"model_tflops_per_chip", "120"}}, {1.0, 8e14}));
}

TEST_F(Compare, StatedFlopsAreModelBeforeHardwareBeforeUtilisation) {
  EXPECT_DOUBLE_EQ(
      *stated_tflops(run_of({{"model_tflops_per_chip", "1"}, {"hw_tflops_per_chip", "2"}})), 1);
  EXPECT_DOUBLE_EQ(*stated_tflops(run_of({{"hw_tflops_per_chip", "2"}})), 2);
  EXPECT_DOUBLE_EQ(*stated_tflops(run_of({{"mfu_pct", "50"}, {"peak_tflops_used", "300"}})), 150);
  EXPECT_FALSE(stated_tflops(run_of({{"mfu_pct", "50"}})));
}

}  // namespace
}  // namespace headroom::validation
