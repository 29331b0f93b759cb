// The search against trying everything, and its bound against the steps it is a bound of.
#include "sim/search/search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "sim/engine/analytic_step.h"
#include "sim/search/bound.h"
#include "sim/search/plans.h"
#include "sim/search/report.h"
#include "tests/support/experiments.h"

namespace headroom::search {
namespace {

Experiment on_chips(std::int64_t chips) {
  Plan plan;
  plan.data = chips;
  Experiment experiment = small_experiment(plan);
  experiment.plan.global_batch = 16;
  experiment.stack.launch = Seconds(2e-6);
  return experiment;
}

bool fits(Experiment experiment, const Plan& plan) {
  experiment.plan = plan;
  return peak_memory(experiment).total() <= experiment.chip.hbm.capacity.si();
}

TEST(PlanSearch, FindsWhatTryingEverythingFinds) {
  Experiment experiment = on_chips(8);
  experiment.chip.hbm.capacity = Bytes(1.5e9);
  AnalyticEngine engine(experiment);
  std::vector<double> steps;
  const std::vector<Plan> plans = legal_plans(experiment);
  for (const Plan& plan : plans) {
    if (!fits(experiment, plan)) continue;
    Experiment one = experiment;
    one.plan = plan;
    steps.push_back(engine.step_time(one));
  }
  std::sort(steps.begin(), steps.end());
  const Outcome outcome = find_plans(experiment, 20);
  EXPECT_EQ(outcome.legal, plans.size());
  EXPECT_EQ(outcome.fitted, steps.size());
  EXPECT_LT(outcome.fitted, outcome.legal) << "the case is too easy";
  EXPECT_LT(outcome.evaluated, outcome.fitted) << "the bound rules nothing out";
  ASSERT_EQ(outcome.best.size(), 20U);
  for (std::size_t i = 0; i < outcome.best.size(); ++i) {
    EXPECT_DOUBLE_EQ(outcome.best[i].step_s, steps[i]) << i;
    EXPECT_TRUE(fits(experiment, outcome.best[i].plan));
  }
}

void expect_bounds(const Experiment& experiment, std::size_t count, double near = 0.9) {
  AnalyticEngine engine(experiment);
  StepBound bound(experiment, engine.mapper(), engine.network(), engine.costs());
  std::vector<Plan> plans = legal_plans(experiment);
  constexpr unsigned seed = 3;
  std::mt19937 random(seed);
  double closest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Experiment one = experiment;
    one.plan = plans[random() % plans.size()];
    const double least = bound(one.plan), step = engine.step_time(one);
    EXPECT_LE(least, step * (1 + 1e-9))
        << "seed " << seed << " case " << i << ": " << words(one.plan);
    closest = std::max(closest, least / step);
  }
  EXPECT_GT(closest, near) << "a bound that is never near is of no use";
}

TEST(PlanSearch, NoStepIsFasterThanItsBound) {
  expect_bounds(on_chips(16), 400);
  expect_bounds(shipped_experiment("llama3-70b_512xh100"), 200);
  expect_bounds(shipped_experiment("llama2-70b_v5p"), 100);
}

TEST(PlanSearch, NoStepOfExpertsOrNarrowFormatsIsFasterThanItsBound) {
  expect_bounds(
      shipped_experiment("llama3-8b_8xh100", {"model=mixtral-8x7b", "plan.global_batch=64"}), 150);
  expect_bounds(
      shipped_experiment("llama3-8b_8xh100", {"plan.format=fp8_e4m3", "plan.global_batch=64"}),
      100);
}

// Of what fills their bubbles the bound knows nothing: it is less near.
TEST(PlanSearch, NoStepOfOtherSchedulesIsFasterThanItsBound) {
  for (const Schedule schedule : {Schedule::zb_h1, Schedule::dualpipe}) {
    Experiment experiment = on_chips(16);
    experiment.plan.global_batch = 32;
    experiment.plan.schedule = schedule;
    expect_bounds(experiment, 200, 0.7);
  }
}

// A plan at least as good as the one that people chose, for every shipped experiment.
TEST(PlanSearch, FindsNothingWorseThanTheGivenPlan) {
  for (const std::string& name : shipped_experiments()) {
    const Outcome outcome = find_plans(shipped_experiment(name), 1);
    ASSERT_TRUE(outcome.given) << name;
    ASSERT_EQ(outcome.best.size(), 1U) << name;
    EXPECT_LE(outcome.best[0].step_s, outcome.given->step_s) << name;
    EXPECT_LE(outcome.best[0].bound_s, outcome.best[0].step_s) << name;
  }
}

TEST(PlanSearch, MoreMemoryIsNeverSlower) {
  double last = 0;
  for (const double gigabytes : {8.0, 4.0, 2.0, 1.5}) {
    Experiment experiment = on_chips(8);
    experiment.chip.hbm.capacity = Bytes(gigabytes * 1e9);
    const Outcome outcome = find_plans(experiment, 1);
    ASSERT_EQ(outcome.best.size(), 1U) << gigabytes;
    EXPECT_GE(outcome.best[0].step_s, last) << gigabytes;
    last = outcome.best[0].step_s;
  }
}

TEST(PlanSearch, SaysWhatWouldFitLeast) {
  Experiment experiment = on_chips(4);
  experiment.chip.hbm.capacity = Bytes(1e6);
  const Outcome outcome = find_plans(experiment, 3);
  EXPECT_EQ(outcome.fitted, 0U);
  EXPECT_TRUE(outcome.best.empty());
  ASSERT_TRUE(outcome.smallest);
  double least = 1e30;
  for (const Plan& plan : legal_plans(experiment)) {
    experiment.plan = plan;
    least = std::min(least, peak_memory(experiment).total());
  }
  EXPECT_DOUBLE_EQ(outcome.least_need.total(), least);
  experiment.plan = *outcome.smallest;
  EXPECT_DOUBLE_EQ(peak_memory(experiment).total(), least);
}

TEST(PlanSearch, ReportsTheSameTwice) {
  const Experiment experiment = on_chips(4);
  const auto document = [&] {
    const Outcome outcome = find_plans(experiment, 5);
    const Report report{experiment, outcome, {}, "test"};
    return to_json(report).dump() + text(report);
  };
  EXPECT_EQ(document(), document());
}

}  // namespace
}  // namespace headroom::search
