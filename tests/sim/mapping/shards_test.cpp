// Shards: chips times what each holds are the whole model, whatever the plan, and the work of
// experts is shared in every way that plans have.
#include "sim/mapping/shards.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/mapping/attention_blocks.h"
#include "sim/mapping/memory.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

Experiment with_experts(Plan plan) {
  Experiment experiment = small_experiment(plan);
  ModelDescription& model = experiment.model;
  model.experts = {16, 2, 256, 512, 0, false, false};
  LayerKind dense, experts;
  experts.feed_forward = FeedForward::experts;
  model.pattern = {{dense, 2}, {experts, 6}};
  return experiment;
}

Plan plan_of(std::int64_t data, std::int64_t tensor, std::int64_t expert, std::int64_t split = 0) {
  Plan plan;
  plan.data = data;
  plan.tensor = tensor;
  plan.expert = expert;
  plan.expert_tensor = split;
  return plan;
}

TEST(Shards, OfAllChipsAreTheModelTimesItsReplicas) {
  for (const std::int64_t tensor : {1, 2, 4})
    for (const std::int64_t expert : {1, 2, 8})
      for (const std::int64_t split : {std::int64_t{0}, std::int64_t{1}, tensor}) {
        const Experiment experiment = with_experts(plan_of(8, tensor, expert, split));
        const ModelDescription& model = experiment.model;
        const LayerKind kind = model.runs().back().kind;
        const Shard shard = layer_shard(experiment, kind);
        const double routed = static_cast<double>(model.expert_parameters(kind));
        const auto chips = static_cast<double>(8 * tensor);
        EXPECT_DOUBLE_EQ(shard.dense * static_cast<double>(tensor),
                         static_cast<double>(model.layer_parameters(kind)) - routed);
        EXPECT_DOUBLE_EQ(
            shard.experts * chips, routed * static_cast<double>(expert_replicas(experiment.plan)))
            << tensor << ' ' << expert << ' ' << split;
      }
}

TEST(Shards, ExpertGroupsTileTheChips) {
  // Four tensor ranks, eight replicas: sixteen chips share experts, two hold the same.
  const Experiment whole = with_experts(plan_of(8, 4, 16, 1));
  EXPECT_EQ(expert_group(whole).ranks, 16);
  EXPECT_EQ(expert_group(whole).stride, 1);
  EXPECT_EQ(expert_replica_group(whole).ranks, 2);
  EXPECT_EQ(expert_replica_group(whole).stride, 16);
  // Experts split over the tensor ranks are spread over data.
  const Experiment split = with_experts(plan_of(8, 4, 4, 4));
  EXPECT_EQ(expert_group(split).stride, 4);
  EXPECT_EQ(expert_replica_group(split).ranks, 2);
  EXPECT_EQ(expert_replica_group(split).stride, 16);
}

TEST(Shards, ChunksHaveTheLayersOfTheModelInOrder) {
  const Experiment experiment = with_experts({});
  const auto chunks = split_layers(experiment.model, 4);
  const auto layers = layers_of_chunks(experiment.model, chunks);
  ASSERT_EQ(layers.size(), 4u);
  EXPECT_EQ(layers[0].front().kind.feed_forward, FeedForward::dense);
  EXPECT_EQ(layers[1].front().kind.feed_forward, FeedForward::experts);
  EXPECT_EQ(chunks[1].first, 2);
  EXPECT_EQ(split_layers(small_model(), 4)[1].first, 0) << "equal layers make equal chunks";
}

TEST(Shards, MemoryOfExpertsFallsWithTheirChips) {
  const MemoryNeed one = peak_memory(with_experts(plan_of(8, 1, 1))),
                   eight = peak_memory(with_experts(plan_of(8, 1, 8)));
  const double routed = 6.0 * 16 * 3 * 1024 * 256;
  EXPECT_DOUBLE_EQ(one.weights_bytes - eight.weights_bytes, 2 * routed * 7 / 8);
  EXPECT_DOUBLE_EQ(one.optimizer_bytes - eight.optimizer_bytes, 12 * routed * 7 / 8);
  // Sharded over data, the optimiser's state is the same either way.
  Plan sharded = plan_of(8, 1, 1), spread = plan_of(8, 1, 8);
  sharded.sharding = spread.sharding = Sharding::zero1;
  EXPECT_DOUBLE_EQ(peak_memory(with_experts(sharded)).optimizer_bytes,
                   peak_memory(with_experts(spread)).optimizer_bytes);
}

Operator attention(std::int64_t sequence, std::int64_t window, bool chunked = false) {
  Operator op;
  op.kind = OperatorKind::attention;
  op.name = "attention";
  op.batch = 1;
  op.tokens = op.sequence = sequence;
  op.heads = op.kv_heads = 16;
  op.head_dim = 64;
  op.window = window;
  op.chunked = chunked;
  return op;
}

TEST(AttentionBlocks, AreThoseThatTheMaskTouches) {
  EXPECT_EQ(attention_blocks(attention(1024, 0), 128, 128).per_head, 36);
  EXPECT_EQ(attention_blocks(attention(1024, 128), 128, 128).per_head, 15);  // its own and the one
                                                                             // before
  EXPECT_EQ(attention_blocks(attention(1024, 128, true), 128, 128).per_head, 8);
  EXPECT_EQ(attention_blocks(attention(1024, 4096), 128, 128).per_head, 36);
  Operator every = attention(1024, 0);
  every.causal = false;
  EXPECT_EQ(attention_blocks(every, 128, 128).per_head, 64);
}

TEST(Kernels, WindowsSaveWorkOfAttention) {
  const ChipDescription chip = small_chip();
  const KernelMapper mapper = analytic_mapper(chip);
  const auto cycles = [&](const Operator& op) {
    return total(mapper.attention(op, Direction::forward).front()).matrix_cycles;
  };
  EXPECT_LT(cycles(attention(8192, 512)), cycles(attention(8192, 0)) / 4);
}

TEST(Kernels, GroupedProductsTakeAsLongAsTheirWork) {
  const ChipDescription chip = small_chip();
  const KernelMapper mapper = analytic_mapper(chip);
  ProductWork grouped(Product{512, 1024, 1024});
  grouped.rows = {{512, 8}};
  const auto together = total(mapper.products("experts", grouped, grouped.flops())),
             alone = total(mapper.product("one", {512, 1024, 1024}));
  EXPECT_GE(together.matrix_cycles, 7 * alone.matrix_cycles);
  EXPECT_GT(together.load.si(), 7 * alone.load.si());
}

}  // namespace
}  // namespace headroom
