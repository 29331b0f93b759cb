// Programs of chips that share a sequence, of hybrid sharding, and of optimisers on the chip and on
// the host.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "sim/mapping/memory.h"
#include "sim/mapping/program.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

using Kind = Command::Kind;
constexpr ContextMethod methods[] = {
    ContextMethod::ring, ContextMethod::all_gather, ContextMethod::all_to_all};

Experiment shared(std::int64_t context, ContextMethod method, std::int64_t tensor = 1) {
  Plan plan;
  plan.context = context;
  plan.context_method = method;
  plan.tensor = tensor;
  return small_experiment(plan);
}

struct Totals {
  double model = 0, matrix_cycles = 0;
  std::map<std::string, int> exchanges;  // by name
  double sent = 0;
};

Totals totals(const Experiment& experiment) {
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  const Chunk all{experiment.model.layers, true, true};
  Totals sum;
  for (const Program& program : {builder.forward(all, false), builder.backward(all, false, false)})
    for (const Command& command : unrolled(program)) {
      if (command.kind == Kind::run) {
        sum.model += command.kernel->model_flops;
        if (command.kernel->name.rfind("attention", 0) == 0)
          sum.matrix_cycles += static_cast<double>(total(*command.kernel).matrix_cycles);
      }
      if (command.kind == Kind::issue && command.stream == context_stream)
        ++sum.exchanges[command.collective.name];
    }
  return sum;
}

// The shares of all ranks are the whole, and each rank has as much of attention as any other.
TEST(Context, EveryRankHasItsShareOfTheFlops) {
  for (const std::int64_t tensor : {1, 2}) {
    const Totals whole = totals(shared(1, ContextMethod::ring, tensor));
    EXPECT_TRUE(whole.exchanges.empty());
    for (const ContextMethod method : methods)
      for (const std::int64_t context : {2, 4, 8}) {
        SCOPED_TRACE(std::string(to_string(method)) + " " + std::to_string(context));
        const Totals part = totals(shared(context, method, tensor));
        EXPECT_NEAR(part.model * static_cast<double>(context) / whole.model, 1, 1e-12);
      }
  }
}

// Long sequences: blocks above the diagonal are skipped on each rank as they are on one.
TEST(Context, EveryRankHasItsShareOfTheArrays) {
  const auto cycles = [](std::int64_t context, ContextMethod method) {
    Experiment experiment = shared(context, method);
    experiment.plan.sequence = 32768;
    return totals(experiment).matrix_cycles;
  };
  const double whole = cycles(1, ContextMethod::ring);
  for (const ContextMethod method : methods)
    for (const std::int64_t context : {2, 4})
      EXPECT_NEAR(cycles(context, method) * static_cast<double>(context) / whole, 1, 0.03)
          << to_string(method) << " " << context;
}

// By hand, a layer: the ring passes keys 3 times and in the backward pass their gradients 4 times.
TEST(Context, ExchangesAreThoseOfTheMethod) {
  const auto expected = [](ContextMethod method) -> std::map<std::string, int> {
    switch (method) {
      case ContextMethod::ring:
        return {{"attention keys", 8 * 3},
                {"attention keys backward", 8 * 3},
                {"attention keys' gradients", 8 * 4}};
      case ContextMethod::all_gather:
        return {{"attention keys", 8},
                {"attention keys backward", 8},
                {"attention keys' gradients", 8}};
      case ContextMethod::all_to_all: break;
    }
    return {{"attention to heads", 8},
            {"attention to sequence", 8},
            {"attention gradients to heads backward", 8},
            {"attention gradients to sequence backward", 8}};
  };
  for (const ContextMethod method : methods)
    EXPECT_EQ(totals(shared(4, method)).exchanges, expected(method)) << to_string(method);
}

// What runs while keys are on their way is attention on others, and nothing is left open behind it.
TEST(Context, KeysAreThereBeforeTheyAreUsed) {
  for (const ContextMethod method : methods) {
    const Experiment experiment = shared(4, method);
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    const Chunk layers{2};
    for (const Program& program :
         {builder.forward(layers, false), builder.backward(layers, false, false)}) {
      int open = 0, beside = 0;
      for (const Command& command : unrolled(program)) {
        if (command.kind == Kind::run && open > 0) {
          EXPECT_EQ(command.kernel->name.rfind("attention", 0), 0U) << command.kernel->name;
          ++beside;
        }
        if (command.stream != context_stream || command.kind == Kind::run) continue;
        open = command.kind == Kind::issue ? open + 1 : 0;
      }
      EXPECT_EQ(open, 0);
      EXPECT_EQ(beside > 0, method == ContextMethod::ring);
    }
  }
}

// Gradients are summed over data x context: in one group where its ranks are evenly spaced, else
// over those of a sequence first.
TEST(Context, ReplicasSumTheirGradients) {
  Plan plan;
  plan.data = 2;
  plan.context = 4;
  plan.pipeline = 2;
  plan.sharding = Sharding::zero1;
  Experiment experiment = small_experiment(plan);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const auto reads = [&] {
    const ProgramBuilder builder(experiment, mapper);
    std::vector<double> bytes;
    for (const Command& command : unrolled(builder.backward({1}, false, true)))
      if (command.kind == Kind::issue && command.stream == data_stream)
        bytes.push_back(command.collective.cost.hbm_read.si());
    return bytes;
  };
  const double gradients = 4 * layer_shard(experiment, experiment.model.common_kind()).total();
  ASSERT_EQ(reads().size(), 1U);
  EXPECT_NEAR(reads()[0] / (gradients * 7 / 8), 1, 1e-12);
  EXPECT_EQ(replica_groups(experiment).size(), 1U);
  EXPECT_EQ(replica_groups(experiment)[0].ranks, 8);
  experiment.plan.placement = {
      PlanDimension::tensor, PlanDimension::context, PlanDimension::pipeline, PlanDimension::data};
  ASSERT_EQ(replica_groups(experiment).size(), 2U);
  EXPECT_EQ(replica_groups(experiment)[1].stride, 8);
  ASSERT_EQ(reads().size(), 2U);
  EXPECT_NEAR(reads()[0] / (gradients * 3 / 4), 1, 1e-12);
  EXPECT_NEAR(reads()[1] / (gradients / 4 / 2), 1, 1e-12);
}

TEST(Context, ActivationsAndShardsAreDivided) {
  Experiment one = shared(1, ContextMethod::ring), four = shared(4, ContextMethod::ring);
  one.plan.sharding = four.plan.sharding = Sharding::zero1;
  for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
    one.plan.recompute = four.plan.recompute = recompute;
    const MemoryNeed whole = peak_memory(one), part = peak_memory(four);
    EXPECT_DOUBLE_EQ(part.activations_bytes, whole.activations_bytes / 4);
    EXPECT_DOUBLE_EQ(part.weights_bytes, whole.weights_bytes);
    EXPECT_DOUBLE_EQ(part.optimizer_bytes, whole.optimizer_bytes / 4);
  }
}

// Newton-Schulz: 5 x (2 m m n + 2 m m m + 2 m m n) FLOPs a matrix of m x n, m <= n.
TEST(Muon, WorksOnEveryMatrixOnce) {
  Plan plan;
  plan.tensor = 2;
  plan.data = 2;
  plan.sharding = Sharding::zero1;
  plan.optimizer = Optimizer::muon;
  Experiment experiment = small_experiment(plan);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const auto cycles = [&] {
    const ProgramBuilder builder(experiment, mapper);
    const std::vector<Chunk> chunks = split_layers(experiment.model.layers, 1);
    const Program program = builder.optimizer(owned_parameters(experiment, chunks, 0), chunks);
    double sum = 0;
    for (const Command& command : unrolled(program))
      if (command.kind == Kind::run && command.kernel->name == "newton-schulz")
        sum += static_cast<double>(total(*command.kernel).matrix_cycles);
    return sum;
  };
  double flops = 0;
  const double hidden = 1024, ffn = 2048;
  for (const double n : {2 * hidden, hidden, 2 * ffn, ffn})  // qkv, output, gate and up, down
    flops += 5 * (4 * hidden * hidden * n + 2 * hidden * hidden * hidden);
  // 8 layers on 4 chips; the arrays' 16 x 64 x 64 cells do two FLOPs a cycle.
  const double least = flops * 8 / 4 / (16 * 64 * 64 * 2);
  EXPECT_GE(cycles(), least);
  EXPECT_LE(cycles(), 1.3 * least);
  experiment.plan.sharding = Sharding::none;
  EXPECT_NEAR(cycles() / least, 2, 0.6);
}

// Layers that are computed again keep their input, the others everything.
TEST(RecomputeLayers, OnlyTheFirstOfAChunk) {
  const auto with = [](Recompute recompute, std::int64_t layers) {
    Plan plan;
    plan.recompute = recompute;
    plan.recompute_layers = layers;
    return small_experiment(plan);
  };
  const auto again = [](const Experiment& experiment) {
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    int kernels = 0;
    const Chunk all{experiment.model.layers, true, true};
    for (const Command& command : unrolled(builder.backward(all, false, false)))
      if (command.kind == Kind::run && command.kernel->purpose == Purpose::recompute) ++kernels;
    return kernels;
  };
  const auto layers = small_experiment().model.layers;
  const int all = again(with(Recompute::full, 0));
  EXPECT_GT(all, 0);
  EXPECT_EQ(again(with(Recompute::full, layers)), all);
  EXPECT_EQ(again(with(Recompute::full, 3)), all / static_cast<int>(layers) * 3);
  const double none = peak_memory(with(Recompute::none, 0)).activations_bytes,
               full = peak_memory(with(Recompute::full, layers)).activations_bytes,
               one_more = peak_memory(with(Recompute::full, layers - 1)).activations_bytes -
                          full;  // of a layer that keeps everything instead of its input
  EXPECT_DOUBLE_EQ(full, peak_memory(with(Recompute::full, 0)).activations_bytes);
  const double three = peak_memory(with(Recompute::full, 3)).activations_bytes;
  EXPECT_NEAR(three, full + static_cast<double>(layers - 3) * one_more, 1);
  EXPECT_GT(one_more, 0);
  EXPECT_LT(full, none);
}

// Gathers stay in a group, reductions go on between the groups with what each chip has of them.
TEST(HybridSharding, CopiesSumTheirShards) {
  Plan plan;
  plan.data = 8;
  plan.global_batch = 8;
  plan.sharding = Sharding::zero3;
  plan.shard_group = 4;
  const Experiment experiment = small_experiment(plan);
  const std::vector<Group> groups = replica_groups(experiment);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].ranks, 4);
  EXPECT_EQ(groups[0].stride, 1);
  EXPECT_EQ(groups[1].ranks, 2);
  EXPECT_EQ(groups[1].stride, 4);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  const Chunk all{experiment.model.layers, true, true};
  std::map<std::string, int> issued;
  for (const Program& program : {builder.forward(all, true), builder.backward(all, true, true)})
    for (const Command& command : unrolled(program))
      if (command.kind == Kind::issue) ++issued[command.collective.name];
  const int layers = static_cast<int>(experiment.model.layers);
  EXPECT_EQ(issued["layer weights"], 2 * layers);    // forward, and backward
  EXPECT_EQ(issued["layer gradients"], 2 * layers);  // within and between
}

TEST(HybridSharding, OneGroupOfAllIsPlainSharding) {
  Plan plan;
  plan.data = 8;
  plan.global_batch = 8;
  plan.sharding = Sharding::zero3;
  const MemoryNeed plain = peak_memory(small_experiment(plan));
  plan.shard_group = 8;
  const MemoryNeed whole = peak_memory(small_experiment(plan));
  EXPECT_EQ(whole.total(), plain.total());
  EXPECT_EQ(replica_groups(small_experiment(plan)).size(), 1u);
  plan.shard_group = 2;
  const MemoryNeed halves = peak_memory(small_experiment(plan));
  EXPECT_DOUBLE_EQ(halves.optimizer_bytes, 4 * plain.optimizer_bytes);
}

Experiment offloading() {
  Experiment experiment = small_experiment();
  experiment.plan.optimizer = Optimizer::adamw;
  experiment.plan.offload = Offload::optimizer;
  experiment.cluster.host = {BytesPerSecond(50e9), BytesPerSecond(1e12), 1e12};
  return experiment;
}

double seconds_on_host(const Experiment& experiment) {
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  const std::vector<Chunk> chunks = split_layers(experiment.model.layers, 1);
  const Program program = builder.optimizer(owned_parameters(experiment, chunks, 0), chunks);
  const std::vector<Command> commands = unrolled(program);
  EXPECT_EQ(commands.size(), 1u);
  EXPECT_EQ(commands.front().kernel->purpose, Purpose::optimizer);
  EXPECT_TRUE(commands.front().kernel->tiles.empty());
  return commands.front().kernel->host.si();
}

// Master weight and moments, 12 B each way, the weight and the gradient two each.
TEST(Offload, TakesWhatTheHostsMemoryAllows) {
  const Experiment experiment = offloading();
  const double bytes = 28 * static_cast<double>(experiment.model.parameters());
  EXPECT_DOUBLE_EQ(seconds_on_host(experiment), bytes / 50e9);
}

TEST(Offload, TakesWhatTheHostsProcessorsNeed) {
  Experiment experiment = offloading();
  experiment.cluster.host.optimizer_rate = 1e9;
  EXPECT_DOUBLE_EQ(
      seconds_on_host(experiment), static_cast<double>(experiment.model.parameters()) / 1e9);
}

TEST(Offload, TakesTheWayBackWhereThatIsLonger) {
  Experiment experiment = offloading();
  experiment.cluster.host.link = BytesPerSecond(1e9);
  const double bytes = 2 * static_cast<double>(experiment.model.parameters());
  EXPECT_DOUBLE_EQ(seconds_on_host(experiment), bytes / 1e9);
}

TEST(Offload, LeavesTheOptimizersStateToTheHost) {
  Experiment experiment = offloading();
  const MemoryNeed away = peak_memory(experiment);
  experiment.plan.offload = Offload::none;
  const MemoryNeed here = peak_memory(experiment);
  EXPECT_EQ(away.optimizer_bytes, 0);
  EXPECT_DOUBLE_EQ(
      here.total() - away.total(), 12 * static_cast<double>(experiment.model.parameters()));
}

TEST(Muon, KeepsOneMomentOfLayersAndTwoOfTheRest) {
  Experiment experiment = small_experiment();
  const double all = static_cast<double>(experiment.model.parameters());
  const double ends = static_cast<double>(
      experiment.model.embedding_parameters() + experiment.model.head_parameters());
  const auto bytes = [&](Optimizer optimizer, OptimizerState state) {
    experiment.plan.optimizer = optimizer;
    experiment.plan.optimizer_state = state;
    return peak_memory(experiment).optimizer_bytes;
  };
  EXPECT_DOUBLE_EQ(bytes(Optimizer::muon, OptimizerState::fp32), 8 * (all - ends) + 12 * ends);
  EXPECT_DOUBLE_EQ(bytes(Optimizer::muon, OptimizerState::bf16), 6 * (all - ends) + 8 * ends);
  EXPECT_DOUBLE_EQ(bytes(Optimizer::adamw, OptimizerState::bf16), 8 * all);
  EXPECT_DOUBLE_EQ(bytes(Optimizer::sgd, OptimizerState::fp32), 8 * all);
  EXPECT_DOUBLE_EQ(bytes(Optimizer::adam, OptimizerState::int8), (6 + 8.0 / 2048) * all);
}

}  // namespace
}  // namespace headroom
