// Programs of models whose layers differ and of experts over chips.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sim/mapping/memory.h"
#include "sim/mapping/program.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

using Kind = Command::Kind;

Experiment with_experts(Plan plan, std::int64_t dense) {
  Experiment experiment = small_experiment(plan);
  ModelDescription& model = experiment.model;
  model.experts = {16, 2, 256, 512, 0, false, false};
  LayerKind experts;
  experts.feed_forward = FeedForward::experts;
  if (dense > 0) model.pattern.push_back({{}, dense});
  model.pattern.push_back({experts, model.layers - dense});
  return experiment;
}

template <class Visit>
void for_each_command(const Program& program, Visit visit) {
  for (const Command& command : unrolled(program)) visit(command);
}

double model_flops(const Program& program) {
  double sum = 0;
  for_each_command(program, [&](const Command& command) {
    if (command.kind == Kind::run) sum += command.kernel->model_flops;
  });
  return sum;
}

std::vector<Chunk> chunks_of(const Experiment& experiment) {
  return split_layers(
      experiment.model, experiment.plan.pipeline * experiment.plan.virtual_pipeline);
}

Plan plan_of(std::int64_t tensor, std::int64_t pipeline, std::int64_t expert) {
  Plan plan;
  plan.data = 8;
  plan.tensor = tensor;
  plan.pipeline = pipeline;
  plan.expert = expert;
  return plan;
}

// Each chip does its share whatever the plan: (micro-batch of a tensor group) / tensor.
TEST(ProgramKinds, FlopsOfAllChunksAreTheClosedForm) {
  for (const std::int64_t dense : {0, 2, 3})
    for (const std::int64_t tensor : {1, 2})
      for (const std::int64_t pipeline : {1, 4})
        for (const std::int64_t expert : {1, 2, 16}) {
          const Experiment experiment = with_experts(plan_of(tensor, pipeline, expert), dense);
          const KernelMapper mapper = analytic_mapper(experiment.chip);
          const ProgramBuilder builder(experiment, mapper);
          double flops = 0;
          for (const Chunk& chunk : chunks_of(experiment))
            flops += model_flops(builder.forward(chunk, false)) +
                     model_flops(builder.backward(chunk, false, true));
          const double expected = closed_form_model_flops(
                                      experiment.model, 1, experiment.plan.sequence) /
                                  static_cast<double>(tensor);
          EXPECT_NEAR(flops / expected, 1, 1e-12)
              << dense << ' ' << tensor << ' ' << pipeline << ' ' << expert;
        }
}

// Two exchanges forward and two backward for each layer with experts, each waited for.
TEST(ProgramKinds, TokensTravelToTheirExpertsAndBack) {
  const Experiment experiment = with_experts(plan_of(1, 1, 8), 2);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  const Chunk all = chunks_of(experiment).front();
  for (const bool forward : {true, false}) {
    int sent = 0, waited = 0;
    for_each_command(
        forward ? builder.forward(all, false) : builder.backward(all, false, false),
        [&](const Command& command) {
          if (command.kind == Kind::issue) ++sent;
          if (command.kind == Kind::wait) ++waited;
        });
    EXPECT_EQ(sent, 6 * 2);
    EXPECT_EQ(waited, sent);
  }
}

// A chip of 8 has 2 of the 16 experts. Forward: routing, and a kernel of each expert for both
// products; backward: routing, and both gradients of both products. The host waits once a layer.
TEST(ProgramKinds, ExpertsCostTheHostWhatTheStackSays) {
  Experiment experiment = with_experts(plan_of(1, 1, 8), 0);
  experiment.stack.experts = {Seconds(1), true, 20, true};
  const ProgramBuilder builder(experiment, analytic_mapper(experiment.chip));
  const Chunk chunk = chunks_of(experiment).front();
  const auto cost = [&](const Program& program) {
    double host = 0, meetings = 0;
    for_each_command(program, [&](const Command& command) {
      if (command.kind == Kind::run) host += command.kernel->host.si();
      if (command.kind == Kind::meet) ++meetings;
    });
    return std::pair<double, double>(host, meetings);
  };
  const auto layers = static_cast<double>(experiment.model.layers);
  EXPECT_EQ(cost(builder.forward(chunk, false)), std::make_pair(layers * (20 + 2 * 2), layers));
  EXPECT_EQ(
      cost(builder.backward(chunk, false, false)), std::make_pair(layers * (20 + 4 * 2), 0.0));
  experiment.stack.experts = {};
  const ProgramBuilder without(experiment, analytic_mapper(experiment.chip));
  EXPECT_EQ(cost(without.forward(chunk, false)), std::make_pair(0.0, 0.0));
}

// Gradients of dense parameters over data, of experts over those that hold the same ones.
TEST(ProgramKinds, GradientsOfExpertsAreReducedOnTheirOwn) {
  const Experiment experiment = with_experts(plan_of(1, 1, 4), 2);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  int layers = 0, experts = 0;
  for_each_command(
      builder.backward(chunks_of(experiment).front(), false, true), [&](const Command& command) {
        if (command.stream != data_stream || command.kind != Kind::issue) return;
        layers += command.collective.name == "layer gradients" ? 1 : 0;
        experts += command.collective.name == "layer expert gradients" ? 1 : 0;
      });
  EXPECT_EQ(layers, 8);
  EXPECT_EQ(experts, 6);
}

TEST(ProgramKinds, ShardedExpertWeightsAreThereWhenTheirLayerBegins) {
  Plan plan = plan_of(1, 1, 4);
  plan.sharding = Sharding::zero3;
  const Experiment experiment = with_experts(plan, 2);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  const Chunk all = chunks_of(experiment).front();
  for (const bool forward : {true, false}) {
    std::size_t issued = 0, arrived = 0, layers_issued = 0, experts_issued = 0;
    for_each_command(
        forward ? builder.forward(all, true) : builder.backward(all, true, true),
        [&](const Command& command) {
          if (command.stream != data_stream || command.kind == Kind::run) return;
          if (command.kind == Kind::issue) {
            ++issued;
            layers_issued += command.collective.name == "layer weights" ? 1U : 0U;
            experts_issued += command.collective.name == "layer expert weights" ? 1U : 0U;
          } else {
            arrived = std::max(arrived, issued - std::min(issued, command.outstanding));
          }
        });
    EXPECT_EQ(layers_issued, 8U);
    EXPECT_EQ(experts_issued, 6U);
    EXPECT_GT(arrived, 0U);
  }
}

TEST(ProgramKinds, SkewTakesLongerAndCountsTheSame) {
  Experiment experiment = with_experts(plan_of(1, 1, 8), 0);
  const auto cycles = [&](double& flops) {
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    const Program program = builder.forward(chunks_of(experiment).front(), false);
    double sum = 0;
    for_each_command(program, [&](const Command& command) {
      if (command.kind == Kind::run)
        sum += static_cast<double>(total(*command.kernel).matrix_cycles);
    });
    flops = model_flops(program);
    return sum;
  };
  double even_flops = 0, skewed_flops = 0;
  const double even = cycles(even_flops);
  experiment.plan.expert_skew = 2;
  EXPECT_GT(cycles(skewed_flops), even);
  EXPECT_DOUBLE_EQ(skewed_flops, even_flops);
}

// Schedules that know a chunk by its number of layers cannot tell these apart.
TEST(ProgramKinds, EqualChunksOfDifferentLayersAreAMistake) {
  const Experiment experiment = with_experts(plan_of(1, 4, 1), 3);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  EXPECT_NO_THROW(static_cast<void>(builder.forward(chunks_of(experiment)[1], false)));
  try {
    static_cast<void>(builder.forward({2, false, false}, false));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(
        std::string(error.what())
            .find("plan.pipeline: found stages of as many but not the same layers; expected "
                  "stages of the same layers, or one"),
        std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace headroom
