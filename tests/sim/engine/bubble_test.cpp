// Pipelines of equal stages against the bubbles that papers give for their schedules.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/engine/pipelines.h"

namespace headroom {
namespace {

// Narayanan et al. 2021, section 2.2: bubble over ideal time is (p - 1) / (v m).
TEST(Bubble, OfEqualStagesIsThePublishedOne) {
  std::vector<Case> cases;
  for (const std::int64_t pipeline : {1, 2, 3, 4, 8, 16})
    for (const std::int64_t groups : {1, 2, 4})
      for (const std::int64_t chunks : {1, 2, 5})
        if (pipeline > 1 || chunks == 1)
          cases.push_back(equal_stages(pipeline, chunks, groups * pipeline));
  cases.push_back(equal_stages(4, 1, 7));
  for (const auto& pipeline : play(cases)) {
    const Case& c = pipeline->input();
    const auto passes = static_cast<double>(c.plan.virtual_pipeline * c.plan.micro_batches());
    const double ideal = 3e-3 * passes;
    const double bubble = static_cast<double>(c.plan.pipeline - 1) / passes;
    EXPECT_NEAR(pipeline->step(), ideal * (1 + bubble), 1e-9 * ideal) << c.words();
    for (std::size_t rank = 0; rank < c.work.size(); ++rank)
      EXPECT_NEAR(pipeline->times(rank)[StepCause::bubble], ideal * bubble, 1e-9 * ideal);
  }
}

double bubble_of(const Pipeline& pipeline, std::size_t rank = 0) {
  return pipeline.times(rank)[StepCause::bubble];
}

// Qi et al. 2023, table 1: (p - 1)(T_F + T_B - T_W), of 1F1B (p - 1)(T_F + T_B + T_W). With a
// T_W above T_F nothing is left to fill the wait for the first gradient, (p - 1) T_B.
TEST(Bubble, OfZbH1IsThePublishedOne) {
  std::vector<Case> cases;
  for (const Durations& d :
       {Durations{}, Durations{1e-3, 1.2e-3, 0.8e-3}, Durations{2e-3, 3e-3, 0.5e-3},
        Durations{1e-3, 1e-3, 1.5e-3}})
    for (const std::int64_t pipeline : {2, 3, 4, 8, 16})
      for (const std::int64_t more : {0, 1, 5, 16})
        for (const Schedule schedule : {Schedule::zb_h1, Schedule::one_forward_one_backward})
          cases.push_back(equal_stages(schedule, pipeline, 1, pipeline + more, d));
  for (const auto& pipeline : play(cases)) {
    const Case& c = pipeline->input();
    SCOPED_TRACE(c.words());
    const StageWork& last = c.work.back();
    const Durations
        d = c.plan.schedule == Schedule::zb_h1
                ? Durations{last.timings[0].times.total(), last.timings[1].times.total(),
                            last.timings.back().times.total()}
                : Durations{last.timings[0].times.total(), last.timings[1].times.total(), 0};
    const double stages = static_cast<double>(c.plan.pipeline - 1);
    const double expected = stages * std::max(d.inputs, d.forward + d.inputs - d.weights);
    for (std::size_t rank = 0; rank < c.work.size(); ++rank)
      EXPECT_NEAR(bubble_of(*pipeline, rank), expected, 1e-9 * expected) << rank;
  }
}

// DeepSeek-V3 technical report, table 2: (p / 2 - 1)(F&B + B - 3 W), B being a full backward pass;
// ZB1P beside it: (p - 1)(F + B - 2 W). In that table F&B hides communication; here it takes the
// sum of both. The formula holds for passes of equal time, and bounds others.
TEST(Bubble, OfDualPipeIsThePublishedOne) {
  const Durations equal, other{1e-3, 1.2e-3, 0.8e-3};
  std::vector<Case> cases;
  for (const Durations& d : {equal, other})
    for (const std::int64_t pipeline : {2, 4, 8, 16})
      for (const std::int64_t more : {0, 2, 8})
        cases.push_back(equal_stages(Schedule::dualpipe, pipeline, 1, 2 * pipeline + more, d));
  const auto pipelines = play(cases);
  for (std::size_t i = 0; i < pipelines.size(); ++i) {
    const Durations& d = i < pipelines.size() / 2 ? equal : other;
    const Case& c = pipelines[i]->input();
    SCOPED_TRACE(c.words());
    const double published = (static_cast<double>(c.plan.pipeline) / 2 - 1) *
                             (d.all() + d.inputs + d.weights - 3 * d.weights);
    const double ideal = d.all() * static_cast<double>(c.plan.micro_batches());
    const double bubble = pipelines[i]->step() - ideal;
    EXPECT_LE(bubble, published + 1e-9 * ideal);
    if (i < pipelines.size() / 2) {
      EXPECT_NEAR(bubble, published, 1e-9 * ideal);
    }
    for (std::size_t rank = 0; rank < c.work.size(); ++rank)
      EXPECT_NEAR(bubble_of(*pipelines[i], rank), bubble, 1e-9 * ideal) << rank;
  }
}

}  // namespace
}  // namespace headroom
