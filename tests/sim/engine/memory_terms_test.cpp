// The terms of the explanation are the memory, whatever the plan.
#include "sim/engine/memory_terms.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/experiments.h"

namespace headroom {
namespace {

void expect_terms(const Experiment& experiment, const std::string& what) {
  const MemoryNeed need = peak_memory(experiment);
  const MemoryExplanation explanation = explain_memory(experiment);
  ASSERT_GE(explanation.terms.size(), 4U) << what;
  EXPECT_EQ(explanation.terms[0].bytes, need.weights_bytes) << what;
  EXPECT_EQ(explanation.terms[1].bytes, need.gradients_bytes) << what;
  EXPECT_EQ(explanation.terms[2].bytes, need.optimizer_bytes) << what;
  double activations = 0;
  for (std::size_t i = 3; i < explanation.terms.size(); ++i)
    activations += explanation.terms[i].bytes;
  EXPECT_NEAR(activations, need.activations_bytes, 1e-9 * need.activations_bytes) << what;
  EXPECT_EQ(explanation.need.rank, need.rank) << what;
}

TEST(MemoryTerms, SumUpForEveryKindOfPlan) {
  for (const std::string& name : shipped_experiments())
    expect_terms(shipped_experiment(name), name);
  for (const Sharding sharding :
       {Sharding::none, Sharding::zero1, Sharding::zero2, Sharding::zero3})
    for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full})
      for (const std::int64_t chunks : {1, 2}) {
        Plan plan;
        plan.data = plan.tensor = 2;
        plan.pipeline = 4;
        plan.virtual_pipeline = chunks;
        plan.sharding = sharding;
        plan.recompute = recompute;
        expect_terms(small_experiment(plan), std::string(to_string(sharding)));
      }
  Plan split;
  split.pipeline = 4;
  split.schedule = Schedule::zb_h1;
  expect_terms(small_experiment(split), "zb_h1");
  expect_terms(
      shipped_experiment("llama3-8b_8xh100", {"model=mixtral-8x7b", "plan.expert=8"}), "experts");
}

// 8 layers of hidden 1024 on one chip, one micro-batch in flight.
TEST(MemoryTerms, ByHand) {
  const Experiment experiment = small_experiment();
  const MemoryExplanation explanation = explain_memory(experiment);
  const std::int64_t parameters = experiment.model.parameters();
  EXPECT_EQ(explanation.terms[0].bytes, 2.0 * static_cast<double>(parameters));
  EXPECT_EQ(explanation.terms[0].formula, "2 B x P");
  EXPECT_EQ(explanation.terms[1].formula, "4 B x P");
  EXPECT_EQ(explanation.terms[2].formula, "12 B x P");
  EXPECT_EQ(explanation.terms[2].bytes, 12.0 * static_cast<double>(parameters));
  EXPECT_EQ(explanation.terms[3].formula, "n x K");
  EXPECT_EQ(explanation.terms[3].numbers.substr(0, 4), "1 x ");
  const std::string words = text(explanation, experiment);
  EXPECT_EQ(words.substr(0, words.find('\n')), "Memory of a chip of pipeline rank 0, the busiest");
  EXPECT_NE(words.find("  sum  "), std::string::npos) << words;
}

TEST(MemoryTerms, FormulasOfShardedStates) {
  Plan plan;
  plan.data = 4;
  const auto formulas = [&](Sharding sharding) {
    plan.sharding = sharding;
    const auto terms = explain_memory(small_experiment(plan)).terms;
    return terms[0].formula + "; " + terms[1].formula + "; " + terms[2].formula;
  };
  EXPECT_EQ(formulas(Sharding::none), "2 B x P; 4 B x P; 12 B x P");
  EXPECT_EQ(formulas(Sharding::zero1), "2 B x P; 4 B x P; 12 B x O");
  EXPECT_EQ(formulas(Sharding::zero2), "2 B x P; 4 B x (O + U); 12 B x O");
  EXPECT_EQ(formulas(Sharding::zero3), "2 B x (O + 2 U); 4 B x (O + U); 12 B x O");
}

}  // namespace
}  // namespace headroom
