// Memory by hand: bytes per parameter as Megatron-LM states them for bf16 weights with fp32
// gradients (18; 6 + 12 / d with a distributed optimiser), activations by the schedule.
#include "sim/mapping/memory.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/workload/graph.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

constexpr double parameters = 8'030'261'248;     // Llama 3 8B
constexpr double unit = 128256.0 * 4096 + 4096;  // its largest part: head and final norm

Experiment llama(const std::string& sharding) {
  return shipped_experiment("llama3-8b_8xh100", {"plan.sharding=" + sharding});
}

TEST(Memory, StatesOfLlama3WithoutSharding) {
  const MemoryNeed need = peak_memory(llama("none"));
  EXPECT_DOUBLE_EQ(need.weights_bytes, 2 * parameters);
  EXPECT_DOUBLE_EQ(need.gradients_bytes, 4 * parameters);
  EXPECT_DOUBLE_EQ(need.optimizer_bytes, 12 * parameters);
}

TEST(Memory, EveryStageOfShardingDividesOneStateMore) {
  const MemoryNeed one = peak_memory(llama("zero1"));
  EXPECT_DOUBLE_EQ(one.weights_bytes + one.gradients_bytes, 6 * parameters);
  EXPECT_DOUBLE_EQ(one.optimizer_bytes, 12 * parameters / 8);
  const MemoryNeed two = peak_memory(llama("zero2"));
  EXPECT_DOUBLE_EQ(two.weights_bytes, 2 * parameters);
  EXPECT_DOUBLE_EQ(two.gradients_bytes, 4 * parameters / 8 + 4 * unit);  // one part in flight
  EXPECT_DOUBLE_EQ(two.optimizer_bytes, 12 * parameters / 8);
  const MemoryNeed three = peak_memory(llama("zero3"));
  EXPECT_DOUBLE_EQ(three.weights_bytes, 2 * parameters / 8 + 2 * 2 * unit);  // one ahead
  EXPECT_DOUBLE_EQ(three.gradients_bytes, 4 * parameters / 8 + 4 * unit);
  EXPECT_DOUBLE_EQ(three.optimizer_bytes, 12 * parameters / 8);
}

TEST(Memory, StatesOfAllRanksAreTheModelsTimesTheTensorShare) {
  for (const std::string& name : shipped_experiments()) {
    const Experiment experiment = shipped_experiment(name);
    const Plan& plan = experiment.plan;
    const auto chunks = split_layers(
        experiment.model.layers, plan.pipeline * plan.virtual_pipeline);
    double sum = 0;
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank)
      sum += rank_parameters(experiment, chunks, rank);
    // A tied head on another rank than the embedding is a copy of it.
    const bool copy = experiment.model.tied_embedding && plan.pipeline > 1;
    const double expected = static_cast<double>(experiment.model.parameters()) +
                            (copy ? static_cast<double>(experiment.model.vocab) *
                                        static_cast<double>(experiment.model.hidden)
                                  : 0);
    EXPECT_NEAR(sum * static_cast<double>(plan.tensor) / expected, 1, 1e-12) << name;
  }
}

double kept(const std::vector<Operator>& ops, bool cheap) {
  double bytes = 0;
  for (const Operator& op : ops) bytes += op.kept_bytes + (cheap ? op.cheap_bytes : 0);
  return bytes;
}

TEST(Memory, ActivationsOfOneStage) {
  Plan plan;
  plan.micro_batch = 2;
  Experiment experiment = small_experiment(plan);
  const GraphShape shape{2, experiment.plan.sequence, 1};
  const auto layer = layer_forward(experiment.model, shape);
  const double head = kept(head_forward(experiment.model, shape), true);
  const double all = kept(layer, true), dear = kept(layer, false);
  const double input = 2.0 * 2 * 1024 * 1024;  // two bytes, two sequences
  experiment.plan.recompute = Recompute::none;
  EXPECT_DOUBLE_EQ(peak_memory(experiment).activations_bytes, 8 * all + head);
  experiment.plan.recompute = Recompute::selective;  // the layer at work has all of its own
  EXPECT_DOUBLE_EQ(peak_memory(experiment).activations_bytes, 7 * dear + all + head);
  experiment.plan.recompute = Recompute::full;
  EXPECT_DOUBLE_EQ(peak_memory(experiment).activations_bytes, 7 * input + all + head);
}

// 1F1B: the first of four stages holds four micro-batches of its two layers.
TEST(Memory, ActivationsOfAPipeline) {
  Plan plan;
  plan.pipeline = 4;
  const Experiment experiment = small_experiment(plan);
  const auto layer = layer_forward(experiment.model, {1, experiment.plan.sequence, 1});
  const MemoryNeed need = peak_memory(experiment);
  EXPECT_EQ(need.rank, 0);
  EXPECT_DOUBLE_EQ(need.activations_bytes, 4 * 2 * kept(layer, true));
}

TEST(Memory, TensorParallelismDividesEverything) {
  Plan plan;
  const MemoryNeed one = peak_memory(small_experiment(plan));
  plan.tensor = 4;
  const MemoryNeed four = peak_memory(small_experiment(plan));
  EXPECT_DOUBLE_EQ(one.weights_bytes, 4 * four.weights_bytes);
  EXPECT_DOUBLE_EQ(one.activations_bytes, 4 * four.activations_bytes);
  EXPECT_DOUBLE_EQ(one.total(), 4 * four.total());
}

TEST(ChangesThatFit, NameEachThatDoesAndWhatItNeeds) {
  Plan plan;
  plan.data = 4;
  plan.micro_batch = 2;
  Experiment experiment = small_experiment(plan);
  const auto need = [&](auto change) {
    Experiment changed = experiment;
    change(changed.plan);
    return peak_memory(changed).total();
  };
  experiment.chip.hbm.capacity = Bytes(1);
  EXPECT_TRUE(changes_that_fit(experiment).empty());
  experiment.chip.hbm.capacity = Bytes(need([](Plan& p) { p.sharding = Sharding::zero1; }));
  const std::vector<std::string> changes = changes_that_fit(experiment);
  for (const std::string& change : changes)
    EXPECT_NE(change.find(" (needs "), std::string::npos) << change;
  EXPECT_EQ(changes.front().rfind("plan.", 0), 0U);
  experiment.chip.hbm.capacity = Bytes(1e15);
  std::vector<std::string> names;
  for (const std::string& change : changes_that_fit(experiment))
    names.push_back(change.substr(0, change.find(' ')));
  EXPECT_EQ(names, (std::vector<std::string>{
                       "plan.recompute=selective", "plan.recompute=full", "plan.sharding=zero1",
                       "plan.sharding=zero2", "plan.sharding=zero3", "plan.micro_batch=1"}));
}

TEST(ChangesThatFit, LeaveOutWhatIsDoneAlready) {
  Plan plan;
  plan.data = 4;
  plan.sharding = Sharding::zero2;
  plan.recompute = Recompute::full;
  Experiment experiment = small_experiment(plan);
  const std::vector<std::string> changes = changes_that_fit(experiment);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].rfind("plan.sharding=zero3 (needs ", 0), 0U) << changes[0];
}

// Qi et al. 2023, table 1: a layer of GPT keeps 34 s b h bytes and scores for B, and for W 32 s b
// h: inputs of the products of 2 + 2 + 2 + 8 and gradients of outputs of 6 + 2 + 8 + 2.
TEST(Memory, ZeroBubbleKeepsInputsAndGradientsOfProductsUntilWeights) {
  Plan plan;
  plan.pipeline = 2;
  Experiment experiment = small_experiment(plan);
  ModelDescription& model = experiment.model;
  model.kv_heads = model.heads;
  model.gated = false;
  model.ffn = 4 * model.hidden;
  model.vocab = 16;
  const double sbh = 1024.0 * 1024;
  const double layer = kept(layer_forward(model, {1, 1024, 1}), true);
  const double until_weights = 32 * sbh;
  const double head = kept(head_forward(model, {1, 1024, 1}), true),
               head_until_weights = 2 * sbh + 2.0 * 1024 * 16;
  ASSERT_GT(until_weights, layer - 34 * sbh);
  experiment.plan.schedule = Schedule::zb_h1;
  const MemoryNeed need = peak_memory(experiment);
  // Rank 1: F0 B0 F1 B1 W0: two of them held, or one held and one kept.
  EXPECT_EQ(need.rank, 1);
  const double held = 4 * until_weights + head_until_weights;
  EXPECT_DOUBLE_EQ(need.activations_bytes, held + std::max(held, 4 * layer) + head);
  // Without halves: two micro-batches on rank 0.
  experiment.plan.schedule = Schedule::one_forward_one_backward;
  EXPECT_DOUBLE_EQ(peak_memory(experiment).activations_bytes, 2 * 4 * layer);
}

TEST(Memory, DualPipeHasTheModelTwiceAndOneMicroBatchMore) {
  Plan plan;
  plan.pipeline = 4;
  Experiment experiment = small_experiment(plan);
  experiment.model.tied_embedding = false;
  const auto sum = [&](auto part) {
    const auto chunks = split_layers(experiment.model, chunks_of_model(experiment.plan));
    double all = 0;
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) all += part(chunks, rank);
    return all;
  };
  const auto of_rank = [&](const std::vector<Chunk>& chunks, std::int64_t rank) {
    return rank_parameters(experiment, chunks, rank);
  };
  const double once = sum(of_rank);
  experiment.plan.schedule = Schedule::dualpipe;
  EXPECT_DOUBLE_EQ(sum(of_rank), 2 * once);
  // Two layers a stage; nothing waits for weights while five are in flight.
  const double layer = kept(layer_forward(experiment.model, {1, 1024, 1}), true);
  const double head = kept(head_forward(experiment.model, {1, 1024, 1}), true);
  EXPECT_DOUBLE_EQ(peak_memory(experiment).activations_bytes, 5 * 2 * layer + head);
}

}  // namespace
}  // namespace headroom
