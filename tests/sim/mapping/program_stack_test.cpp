// What a plan computes again part by part, and how a stack brings sharded weights together.
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

Experiment with_experts() {
  Plan plan;
  plan.data = 8;
  plan.expert = 8;
  Experiment experiment = small_experiment(plan);
  experiment.model.experts = {16, 2, 256, 512, 0, false, false};
  LayerKind experts;
  experts.feed_forward = FeedForward::experts;
  experiment.model.pattern = {{experts, experiment.model.layers}};
  return experiment;
}

Program backward_of(const Experiment& experiment, std::int64_t layers) {
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  return ProgramBuilder(experiment, mapper).backward({layers, false, false}, false, false);
}

int kernels_named(const Program& program, const std::string& name) {
  int count = 0;
  for (const Command& command : unrolled(program))
    count += command.kind == Kind::run && command.kernel->name == name ? 1 : 0;
  return count;
}

int collectives_named(const Program& program, const std::string& name) {
  int count = 0;
  for (const Command& command : unrolled(program))
    count += command.kind == Kind::issue && command.collective.name == name ? 1 : 0;
  return count;
}

TEST(RecomputeParts, AreDoneAgainAndNothingElse) {
  Experiment experiment = with_experts();
  experiment.plan.recompute = Recompute::selective;
  experiment.plan.recompute_parts = {LayerPart::experts};
  const Program experts = backward_of(experiment, 3);
  EXPECT_EQ(kernels_named(experts, "expert down projection (recompute)"), 3);
  EXPECT_EQ(kernels_named(experts, "expert activation (recompute)"), 3);
  EXPECT_EQ(collectives_named(experts, "dispatch"), 3);
  EXPECT_EQ(kernels_named(experts, "attention norm (recompute)"), 0);
  EXPECT_EQ(kernels_named(experts, "qkv projection (recompute)"), 0);

  experiment.plan.recompute_parts = {LayerPart::expert_activation, LayerPart::norm};
  const Program cheap = backward_of(experiment, 3);
  EXPECT_EQ(kernels_named(cheap, "expert activation (recompute)"), 3);
  EXPECT_EQ(kernels_named(cheap, "attention norm (recompute)"), 3);
  EXPECT_EQ(kernels_named(cheap, "expert down projection (recompute)"), 0);
  EXPECT_EQ(collectives_named(cheap, "dispatch"), 0);
}

// Of a product that stands for several, only the part that is due: keys of 512 (the model's heads
// all have their own), up of half.
TEST(RecomputeParts, AlternateProductsAreDoneInPart) {
  Experiment experiment = small_experiment({});
  experiment.plan.recompute = Recompute::selective;
  experiment.plan.recompute_parts = {LayerPart::alternate_products};
  const Program program = backward_of(experiment, 1);
  const ModelDescription& model = experiment.model;
  const double tokens = static_cast<double>(experiment.plan.micro_batch * experiment.plan.sequence),
               hidden = static_cast<double>(model.hidden),
               keys = static_cast<double>(model.kv_heads * model.head_dim),
               up = static_cast<double>(model.ffn);
  double flops = 0;
  for (const Command& command : unrolled(program))
    if (command.kind == Kind::run && command.purpose == Purpose::recompute)
      flops += command.kernel->recompute_flops;
  ASSERT_TRUE(model.gated);
  EXPECT_DOUBLE_EQ(flops, 2 * tokens * hidden * (keys + hidden + up));
  EXPECT_EQ(kernels_named(program, "down projection (recompute)"), 0);
  EXPECT_EQ(kernels_named(program, "rotary embedding (recompute)"), 1);

  // All of a part that is named too.
  experiment.plan.recompute_parts = {LayerPart::alternate_products, LayerPart::feed_forward};
  const double kept_all = peak_memory(experiment).parts.kept;
  EXPECT_EQ(kernels_named(backward_of(experiment, 1), "down projection (recompute)"), 1);
  experiment.plan.recompute_parts = {LayerPart::alternate_products};
  const double kept_some = peak_memory(experiment).parts.kept;
  EXPECT_LT(kept_all, kept_some);
  // Keys and up, two bytes each.
  experiment.plan.recompute = Recompute::none;
  experiment.plan.recompute_parts = {};
  EXPECT_DOUBLE_EQ(peak_memory(experiment).parts.kept - kept_some,
                   static_cast<double>(model.layers) * tokens * 2 * (keys + up));
}

// Each part that is let go of saves memory, all of a layer's experts more than their activation.
TEST(RecomputeParts, KeepLess) {
  Experiment experiment = with_experts();
  const auto kept = [&](std::vector<LayerPart> parts) {
    experiment.plan.recompute = parts.empty() ? Recompute::none : Recompute::selective;
    experiment.plan.recompute_parts = std::move(parts);
    return peak_memory(experiment).parts.kept;
  };
  const double all = kept({}), activation = kept({LayerPart::expert_activation}),
               experts = kept({LayerPart::experts}),
               both = kept({LayerPart::experts, LayerPart::norm});
  EXPECT_LT(activation, all);
  EXPECT_LT(experts, activation);
  EXPECT_LT(both, experts);
  // The copies of two experts a token: 8 chips, so as many rows come as go; a shared expert of 512;
  // fp32 scores of 16.
  const Plan& plan = experiment.plan;
  const double tokens = static_cast<double>(plan.micro_batch * plan.sequence),
               hidden = static_cast<double>(experiment.model.hidden);
  const double gated = experiment.model.gated ? 2 : 1;
  EXPECT_DOUBLE_EQ(
      all - experts, static_cast<double>(experiment.model.layers) * tokens *
                         (16 * 4 + 2 * 2 * (hidden + gated * 256 + 256) + 2 * (gated * 512 + 512)));
}

Seconds transfer_of(const Program& program, const std::string& name) {
  for (const Command& command : unrolled(program))
    if (command.kind == Kind::issue && command.collective.name == name)
      return command.collective.cost.transfer;
  return Seconds(-1);
}

// Two experts a token of sixteen on eight chips: with a chance of (14 13) / (16 15) a chip has
// none, so that a token goes to 8 (1 - 182 / 240) = 29 / 15 chips.
TEST(ExpertExchange, GoesOnceToEachChipAtNoMoreThanItsRate) {
  Experiment experiment = with_experts();
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const auto forward = [&] {
    return ProgramBuilder(experiment, mapper).forward({1, false, false}, false);
  };
  const double whole = transfer_of(forward(), "dispatch").si();
  EXPECT_DOUBLE_EQ(transfer_of(forward(), "combine").si(), whole);
  experiment.stack.experts.one_copy = true;
  EXPECT_NEAR(transfer_of(forward(), "dispatch").si() / whole, 29.0 / 15 / 2, 1e-9);

  const Plan& plan = experiment.plan;
  const double bytes = static_cast<double>(plan.micro_batch * plan.sequence) *
                       static_cast<double>(experiment.model.hidden) * 2 * 29 / 15 * 7 / 8;
  experiment.stack.experts.exchange = {
      {2, 8, 64},
      {BytesPerSecond(9), BytesPerSecond(2e6), BytesPerSecond(9)},
      {BytesPerSecond(9), BytesPerSecond(1e6), BytesPerSecond(9)}};
  EXPECT_NEAR(transfer_of(forward(), "dispatch").si(), bytes / 2e6, 1e-6 * bytes / 2e6);
  EXPECT_NEAR(transfer_of(forward(), "combine").si(), bytes / 1e6, 1e-6 * bytes / 1e6);
  // The gradient of what was sent comes back.
  const Program backward = backward_of(experiment, 1);
  EXPECT_NEAR(transfer_of(backward, "dispatch backward").si(), bytes / 1e6, 1e-6 * bytes / 1e6);
  EXPECT_NEAR(transfer_of(backward, "combine backward").si(), bytes / 2e6, 1e-6 * bytes / 2e6);
}

Experiment sharded(bool ahead, Seconds copy, Recompute recompute) {
  Plan plan;
  plan.data = 4;
  plan.sharding = Sharding::zero3;
  plan.recompute = recompute;
  Experiment experiment = small_experiment(plan);
  experiment.stack.gathers = {ahead, copy};
  return experiment;
}

// Where nothing is fetched ahead, a layer's weights are sent for when it begins and waited for, and
// come once more behind its recomputation.
TEST(WeightGathers, WaitWhereNothingIsFetchedAhead) {
  for (const Recompute recompute : {Recompute::none, Recompute::full}) {
    const Experiment experiment = sharded(false, Seconds(0), recompute);
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    const Chunk chunk{5, true, true};
    const Program forward = builder.forward(chunk, true),
                  backward = builder.backward(chunk, true, false);
    EXPECT_EQ(collectives_named(forward, "layer weights"), 5);
    EXPECT_EQ(collectives_named(backward, "layer weights"), recompute == Recompute::full ? 10 : 5);
    EXPECT_EQ(collectives_named(forward, "embedding weights"), 1);
    EXPECT_EQ(collectives_named(forward, "head weights"), 1);
    for (const Program& program : {forward, backward}) {
      const std::vector<Command> all = unrolled(program);
      for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        if (all[i].kind != Kind::issue || all[i].stream != data_stream) continue;
        EXPECT_EQ(all[i + 1].kind, Kind::wait);
        EXPECT_EQ(all[i + 1].stream, data_stream);
      }
    }
  }
}

// As many copies as ranks times tensors: four products and two RMS norms a layer.
TEST(WeightGathers, PlacingTakesTheHostACopyForEachRankAndTensor) {
  const Experiment experiment = sharded(true, Seconds(5e-6), Recompute::none);
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const Program forward = ProgramBuilder(experiment, mapper).forward({2, false, false}, true);
  int placed = 0;
  for (const Command& command : unrolled(forward)) {
    if (command.kind != Kind::run || command.kernel->name != "layer weights placed") continue;
    ++placed;
    EXPECT_NEAR(command.kernel->host.si(), 5e-6 * 4 * 6, 1e-12);
  }
  EXPECT_EQ(placed, 2);
  // Each layer's gradients on their way out, as its weights on theirs in.
  int sent = 0;
  for (const Command& command :
       unrolled(ProgramBuilder(experiment, mapper).backward({2, false, false}, true, true)))
    if (command.kind == Kind::run && command.kernel->name == "layer gradients placed") {
      ++sent;
      EXPECT_NEAR(command.kernel->host.si(), 5e-6 * 4 * 6, 1e-12);
    }
  EXPECT_EQ(sent, 2);
  EXPECT_EQ(collectives_named(forward, "layer weights"), 2);
}

}  // namespace
}  // namespace headroom
