// Programs: nothing runs before what it needs has been waited for, and the work of all of them is
// that of the step.
#include "sim/mapping/program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "sim/mapping/memory.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

using Kind = Command::Kind;

struct Flops {
  double model = 0, recompute = 0;
};

void add(Flops& flops, const Program& program) {
  for (const Command& command : unrolled(program)) {
    if (command.kind != Kind::run) continue;
    flops.model += command.kernel->model_flops;
    flops.recompute += command.kernel->recompute_flops;
  }
}

std::vector<Chunk> chunks_of(const Experiment& experiment) {
  return split_layers(
      experiment.model.layers, experiment.plan.pipeline * experiment.plan.virtual_pipeline);
}

// One micro-batch through all chunks, on one chip of each stage.
Flops flops_of(const Experiment& experiment) {
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  Flops flops;
  for (const Chunk& chunk : chunks_of(experiment)) {
    add(flops, builder.forward(chunk, false));
    add(flops, builder.backward(chunk, false, true));
  }
  return flops;
}

double attention_forward(const Experiment& experiment) {
  const Plan& plan = experiment.plan;
  double flops = 0;
  for (const Operator& op :
       layer_forward(experiment.model, {plan.micro_batch, plan.sequence, plan.tensor}))
    if (op.kind == OperatorKind::attention) flops += forward_model_flops(op);
  return flops * static_cast<double>(experiment.model.layers);
}

double layers_forward(const Experiment& experiment) {
  const Plan& plan = experiment.plan;
  double flops = 0;
  for (const Operator& op :
       layer_forward(experiment.model, {plan.micro_batch, plan.sequence, plan.tensor}))
    flops += forward_model_flops(op);
  return flops * static_cast<double>(experiment.model.layers);
}

TEST(Programs, FlopsOfAllChunksAreTheClosedForm) {
  for (const std::string& name : shipped_experiments()) {
    const Experiment experiment = shipped_experiment(name);
    const Plan& plan = experiment.plan;
    const double expected = closed_form_model_flops(
                                experiment.model, plan.micro_batch, plan.sequence) /
                            static_cast<double>(plan.tensor);
    EXPECT_NEAR(flops_of(experiment).model / expected, 1, 1e-12) << name;
  }
}

int count(const Program& program, CollectiveStream stream, const std::string& name) {
  int found = 0;
  for (const Command& command : unrolled(program))
    found += command.kind == Kind::issue && command.stream == stream &&
                     command.collective.name.find(name) != std::string::npos
                 ? 1
                 : 0;
  return found;
}

// Without sequence parallelism each half of a layer ends with one all-reduce forward and one
// backward (Shoeybi et al. 2019, figure 4), instead of a gather and a scatter around it.
TEST(Programs, ExchangesFollowTheStack) {
  Plan plan;
  plan.tensor = 2;
  Experiment experiment = small_experiment(plan);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const Chunk layers{3, false, false};
  const auto exchanges = [&](bool forward) {
    const ProgramBuilder builder(experiment, mapper);
    return count(forward ? builder.forward(layers, false) : builder.backward(layers, false, false),
                 tensor_stream, "");
  };
  EXPECT_EQ(exchanges(true), 3 * 4);
  EXPECT_EQ(exchanges(false), 3 * 6);  // the two gathers are made again
  experiment.stack.sequence_parallel = false;
  EXPECT_EQ(exchanges(true), 3 * 2);
  EXPECT_EQ(exchanges(false), 3 * 2);
}

TEST(Programs, GradientsAreReducedOnceWhereverTheyAre) {
  Plan plan;
  plan.data = 4;
  Experiment experiment = small_experiment(plan);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  for (const bool overlaps : {true, false}) {
    experiment.stack.gradients.overlaps = overlaps;
    const ProgramBuilder builder(experiment, mapper);
    const Program program = builder.backward({5, true, true}, false, true);
    EXPECT_EQ(count(program, data_stream, "gradients"), 7);
    const std::vector<Command> all = unrolled(program);
    const auto first = std::find_if(all.begin(), all.end(), [](const Command& command) {
      return command.kind == Kind::issue;
    });
    const bool behind = std::any_of(first, all.end(), [](const Command& command) {
      return command.kind == Kind::run;
    });
    EXPECT_EQ(behind, overlaps);
  }
}

// The fused backward pass of attention always redoes QK', half of its forward FLOPs.
TEST(Programs, RecomputationRepeatsWhatItSays) {
  for (const std::string& name : shipped_experiments()) {
    Experiment experiment = shipped_experiment(name);
    const double own = attention_forward(experiment) / 2;
    for (const Recompute recompute : {Recompute::none, Recompute::selective}) {
      experiment.plan.recompute = recompute;
      EXPECT_NEAR(flops_of(experiment).recompute / own, 1, 1e-12) << name;
    }
    experiment.plan.recompute = Recompute::full;
    EXPECT_NEAR(flops_of(experiment).recompute / (own + layers_forward(experiment)), 1, 1e-12)
        << name;
  }
}

std::vector<Experiment> plans() {
  std::vector<Experiment> all;
  for (const std::int64_t tensor : {1, 2})
    for (const std::int64_t pipeline : {1, 4})
      for (const Sharding sharding : {Sharding::none, Sharding::zero1, Sharding::zero3})
        for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full})
          for (const bool tied : {false, true}) {
            Plan plan;
            plan.data = 4;
            plan.tensor = tensor;
            plan.pipeline = pipeline;
            plan.sharding = sharding;
            plan.recompute = recompute;
            all.push_back(small_experiment(plan));
            all.back().model.tied_embedding = tied;
          }
  return all;
}

using Check = std::function<void(const Experiment&, const Program&, const Chunk&, bool)>;

// All programs of all plans; the check learns whether weights are gathered.
void for_each_program(const Check& check) {
  for (const Experiment& experiment : plans()) {
    const Plan& plan = experiment.plan;
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    const bool gather = plan.sharding == Sharding::zero3;
    std::vector<Chunk> chunks = chunks_of(experiment);
    for (const bool embedding : {false, true})  // the odd ones of many stages
      for (const bool head : {false, true})
        for (const std::int64_t layers : {0, 1, 2, 3}) chunks.push_back({layers, embedding, head});
    for (const Chunk& chunk : chunks) {
      SCOPED_TRACE("tensor " + std::to_string(plan.tensor) + " sharding " +
                   std::string(to_string(plan.sharding)) + " recompute " +
                   std::string(to_string(plan.recompute)) + " chunk " + chunk.name());
      check(experiment, builder.forward(chunk, gather), chunk, gather);
      check(experiment, builder.backward(chunk, gather, false), chunk, gather);
      check(experiment, builder.backward(chunk, gather, true), chunk, gather);
    }
  }
}

// Exchanges of the tensor group hold up whatever follows them, but for the two that hide behind one
// product of the backward pass each.
TEST(Programs, ExchangesAreWaitedForBeforeTheirDataIsUsed) {
  for_each_program([](const Experiment& experiment, const Program& program, const Chunk&, bool) {
    std::string open;
    int behind = 0, exchanges = 0;
    for (const Command& command : unrolled(program)) {
      if (command.kind == Kind::run && !open.empty()) {
        const bool hides = open.find(" again") != std::string::npos ||
                           open.find(" backward") != std::string::npos;
        EXPECT_TRUE(hides) << command.kernel->name << " runs while " << open << " is open";
        EXPECT_NE(
            command.kernel->name.find(
                open.find(" again") != std::string::npos ? " data gradient" : " weight gradient"),
            std::string::npos)
            << command.kernel->name << " behind " << open;
        EXPECT_EQ(++behind, 1) << open;
      }
      if (command.stream != tensor_stream || command.kind == Kind::run) continue;
      if (command.kind == Kind::issue) {
        EXPECT_EQ(open, "");
        open = command.collective.name;
        ++exchanges;
      } else {
        EXPECT_EQ(command.outstanding, 0U);
        EXPECT_NE(open, "") << "waits for nothing";
        open.clear();
      }
      behind = 0;
    }
    EXPECT_EQ(open, "") << "never waited for";
    if (experiment.plan.tensor == 1) {
      EXPECT_EQ(exchanges, 0);
    }
  });
}

bool begins_layer(const Command& command, bool forward) {
  if (command.kind != Kind::run) return false;
  const std::string& name = command.kernel->name;
  return forward ? name == "attention norm" : name == "down projection data gradient";
}

// Weights are gathered in the order of their use, are there when a layer begins, and never more
// than two parts are on the chip: what the memory counts.
TEST(Programs, ShardedWeightsAreThereWhenTheirLayerBegins) {
  for_each_program([](const Experiment&, const Program& program, const Chunk& chunk, bool gather) {
    const bool forward = program.name == "forward";
    std::vector<std::string> issued;
    std::size_t done = 0;
    std::int64_t begun = 0, gathered = 0, arrived = 0;
    const auto layer_weights = [&](std::size_t from, std::size_t to) {
      std::int64_t count = 0;
      for (std::size_t i = from; i < to; ++i) count += issued[i] == "layer weights" ? 1 : 0;
      return count;
    };
    for (const Command& command : unrolled(program)) {
      if (command.kind == Kind::issue && command.stream == data_stream) {
        issued.push_back(command.collective.name);
        if (command.collective.name == "layer weights") ++gathered;
        EXPECT_LE(gathered - begun, 2) << "layers gathered ahead";
      }
      if (command.kind == Kind::wait && command.stream == data_stream &&
          issued.size() > done + command.outstanding) {
        arrived += layer_weights(done, issued.size() - command.outstanding);
        done = issued.size() - command.outstanding;
      }
      if (!begins_layer(command, forward)) continue;
      ++begun;
      if (gather) {
        EXPECT_GE(arrived, begun) << "layer " << begun << " begins without its weights";
      }
    }
    EXPECT_EQ(begun, chunk.layers);
    EXPECT_EQ(gathered, gather ? chunk.layers : 0);
    const auto count = [&](const std::string& name) {
      return std::count(issued.begin(), issued.end(), name);
    };
    EXPECT_EQ(count("embedding weights"), gather && forward && chunk.embedding ? 1 : 0);
    EXPECT_EQ(count("head weights"), gather && forward && chunk.head ? 1 : 0);
  });
}

// Every gradient is reduced once, and a tied one once for each copy of the weight.
TEST(Programs, EveryGradientIsReducedOnce) {
  for (const Experiment& experiment : plans()) {
    const Plan& plan = experiment.plan;
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    const std::vector<Chunk> chunks = chunks_of(experiment);
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) {
      SCOPED_TRACE(
          "tensor " + std::to_string(plan.tensor) + " pipeline " + std::to_string(plan.pipeline) +
          " rank " + std::to_string(rank) + (experiment.model.tied_embedding ? " tied" : ""));
      double moved = 0;
      for (const Command& command :
           unrolled(builder.backward(chunks[static_cast<std::size_t>(rank)], false, true)))
        if (command.kind == Kind::issue && command.stream == data_stream)
          moved += command.collective.cost.hbm_read.si();
      // fp32; a ring passes 3/4 of it over each of 4 ranks, and twice that for an all-reduce.
      const double passes = plan.sharding == Sharding::none ? 2 : 1;
      EXPECT_NEAR(
          moved / (4 * rank_parameters(experiment, chunks, rank) * passes * 3 / 4), 1, 1e-12);
    }
  }
}

TEST(Programs, WithoutSynchronisationNoGradientMoves) {
  const Experiment experiment = small_experiment();
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  for (const Command& command : unrolled(builder.backward({8, true, true}, false, false)))
    EXPECT_EQ(command.kind, Kind::run);
}

}  // namespace
}  // namespace headroom
