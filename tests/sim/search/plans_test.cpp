// The list of legal plans: complete, without doubles.
#include "sim/search/plans.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

#include "sim/config/node.h"
#include "sim/config/plan.h"
#include "tests/support/experiments.h"

namespace headroom::search {
namespace {

using Sizes = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                         std::int64_t, std::int64_t>;

Sizes sizes(const Plan& plan) {
  return {plan.data,        plan.tensor, plan.pipeline,     plan.virtual_pipeline,
          plan.micro_batch, plan.expert, plan.expert_tensor};
}

bool is_legal(Experiment experiment, const Plan& plan) {
  experiment.plan = plan;
  try {
    config::check_plan(experiment, config::Node::parse("{}", "plan")["plan"]);
  } catch (const InputError&) {
    return false;
  }
  return true;
}

Experiment on_chips(std::int64_t chips) {
  Plan plan;
  plan.data = chips;
  Experiment experiment = small_experiment(plan);
  experiment.plan.global_batch = 24;
  return experiment;
}

// Every combination of numbers up to the largest that could be, judged by check_plan() alone.
TEST(LegalPlans, AreAllThatTheChecksAccept) {
  for (const std::int64_t chips : {1, 6, 8}) {
    const Experiment experiment = on_chips(chips);
    std::set<Sizes> expected, listed;
    Plan plan = experiment.plan;
    for (plan.tensor = 1; plan.tensor <= chips; ++plan.tensor)
      for (plan.pipeline = 1; plan.pipeline <= chips; ++plan.pipeline)
        for (plan.data = 1; plan.data <= chips; ++plan.data)
          for (plan.virtual_pipeline = 1; plan.virtual_pipeline <= 12; ++plan.virtual_pipeline)
            for (plan.micro_batch = 1; plan.micro_batch <= 24; ++plan.micro_batch)
              if (is_legal(experiment, plan)) expected.insert(sizes(plan));
    for (const Plan& legal : legal_plans(experiment)) {
      EXPECT_TRUE(is_legal(experiment, legal)) << words(legal);
      listed.insert(sizes(legal));
    }
    EXPECT_EQ(listed, expected) << chips << " chips";
  }
}

TEST(LegalPlans, OfExpertsAreAllThatTheChecksAccept) {
  Experiment experiment = shipped_experiment(
      "llama3-8b_8xh100", {"model=mixtral-8x7b", "plan.global_batch=8", "plan.sharding=zero1"});
  std::set<Sizes> expected, listed;
  Plan plan = experiment.plan;
  for (plan.tensor = 1; plan.tensor <= 8; plan.tensor *= 2)
    for (plan.pipeline = 1; plan.pipeline * plan.tensor <= 8; plan.pipeline *= 2) {
      plan.data = 8 / plan.tensor / plan.pipeline;
      for (plan.virtual_pipeline = 1; plan.virtual_pipeline <= 34; ++plan.virtual_pipeline)
        for (plan.micro_batch = 1; plan.micro_batch <= 8; plan.micro_batch *= 2)
          for (plan.expert = 1; plan.expert <= 8; ++plan.expert)
            for (plan.expert_tensor = 1; plan.expert_tensor <= 8; ++plan.expert_tensor)
              if (is_legal(experiment, plan)) expected.insert(sizes(plan));
    }
  for (const Plan& legal : legal_plans(experiment)) listed.insert(sizes(legal));
  EXPECT_EQ(listed, expected);
}

TEST(LegalPlans, AreListedOnce) {
  std::set<std::string> met;
  for (const Plan& plan : legal_plans(on_chips(8)))
    EXPECT_TRUE(met.insert(words(plan)).second) << words(plan);
}

TEST(LegalPlans, KeepWhatTheSearchDoesNotChoose) {
  Experiment experiment = on_chips(4);
  experiment.plan.expert_skew = 1.5;
  experiment.plan.sequence = 2048;
  for (const Plan& plan : legal_plans(experiment)) {
    EXPECT_EQ(plan.global_batch, 24);
    EXPECT_EQ(plan.sequence, 2048);
    EXPECT_EQ(plan.expert_skew, 1.5);
  }
}

// Chips that share sequences are replicas too: one of them need not keep the whole optimiser.
TEST(LegalPlans, ShareTheOptimiserOverContextWhereDataIsOne) {
  Experiment experiment = on_chips(4);
  experiment.plan.context = 4;
  bool shared = false;
  for (const Plan& plan : legal_plans(experiment)) {
    EXPECT_EQ(plan.data * plan.tensor * plan.pipeline, 1);
    shared = shared || plan.sharding == Sharding::zero1;
  }
  EXPECT_TRUE(shared);
}

TEST(LegalPlans, InWords) {
  Plan plan;
  plan.tensor = 8;
  plan.pipeline = 16;
  plan.virtual_pipeline = 8;
  plan.data = 128;
  plan.sharding = Sharding::zero1;
  EXPECT_EQ(words(plan),
            "tensor 8, pipeline 16 x 8 chunks, data 128, sharding zero1, recompute none, "
            "micro-batch 1, placement tensor data pipeline");
  EXPECT_EQ(words(Plan{}),
            "tensor 1, pipeline 1, data 1, sharding none, recompute none, micro-batch 1, placement "
            "of one chip");
}

}  // namespace
}  // namespace headroom::search
