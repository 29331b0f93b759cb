// Whole steps: closed forms where the machine leaves nothing else, and what may never happen.
#include "sim/engine/simulate.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "sim/engine/limits.h"
#include "sim/mapping/program.h"
#include "sim/report/causes.h"
#include "tests/sim/engine/support.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

double step_of(const Experiment& experiment) {
  return simulated(experiment)["step"]["time_s"].get<double>();
}

// Cycles of one micro-batch, from the closed form of each product. Even a free vector unit takes a
// cycle a tile.
double busy_seconds(const Experiment& experiment) {
  const KernelMapper mapper = analytic_mapper(experiment.chip);
  const ProgramBuilder builder(experiment, mapper);
  const Chunk whole{experiment.model.layers, true, true};
  double cycles = 0;
  for (const Program& program :
       {builder.forward(whole, false), builder.backward(whole, false, false)})
    for (const Section& section : program.sections)
      for (const Command& command : section.commands)
        if (command.kind == Command::Kind::run)
          cycles += static_cast<double>(total(*command.kernel).matrix_cycles +
                                        total(*command.kernel).vector_cycles) *
                    static_cast<double>(section.repeat);
  return cycles / experiment.chip.clock.sustained_matmul.si();
}

TEST(Simulate, OnAFreeMachineTheTimeIsThatOfTheArrays) {
  for (const std::int64_t tensor : {1, 4}) {
    Plan plan;
    plan.tensor = tensor;
    plan.data = 2;
    Experiment experiment = small_experiment(plan);
    make_all_but_the_matrix_engines_free(experiment);
    const double expected = busy_seconds(experiment) *
                            static_cast<double>(experiment.plan.micro_batches());
    EXPECT_NEAR(step_of(experiment) / expected, 1, 1e-5) << "tensor " << tensor;
  }
}

// A head so small that all stages are equal.
TEST(Simulate, OnAFreeMachineThePipelinesBubbleIsThePublishedOne) {
  for (const std::int64_t chunks : {1, 2}) {
    Plan plan;
    plan.pipeline = 4;
    plan.virtual_pipeline = chunks;
    Experiment experiment = small_experiment(plan);
    experiment.model.vocab = 1;
    make_all_but_the_matrix_engines_free(experiment);
    const Json time = simulated(experiment);
    const double step = time["step"]["time_s"], bubble = time["time"]["bubble_s"];
    EXPECT_NEAR(bubble / (step - bubble), 3.0 / static_cast<double>(8 * chunks), 0.01) << chunks;
  }
}

TEST(Simulate, ShippedExperimentsSumUpAndAreTheSameTwice) {
  for (const std::string& name : shipped_experiments()) {
    const Experiment experiment = shipped_experiment(name);
    const Json result = simulated(experiment);
    EXPECT_EQ(result.dump(), simulated(experiment).dump()) << name;
    double sum = 0;
    for (const auto& [key, part] : result["time"].items()) {
      if (part.is_number()) sum += part.get<double>();
      if (part.is_object())
        for (const auto& [kind, exposed] : part.items())
          if (exposed.is_number()) sum += exposed.get<double>();
    }
    EXPECT_NEAR(sum / result["step"]["time_s"].get<double>(), 1, 1e-9) << name;
    const double expected = closed_form_model_flops(
        experiment.model, experiment.plan.global_batch, experiment.plan.sequence);
    EXPECT_NEAR(result["step"]["model_flops"].get<double>() / expected, 1, 1e-9) << name;
  }
}

Json on_schedule(Schedule schedule) {
  Plan plan;
  plan.pipeline = 4;
  plan.data = 2;
  plan.schedule = schedule;
  plan.sharding = Sharding::zero1;
  plan.sequence = 1024;
  plan.global_batch = 32;
  Experiment experiment = small_experiment(plan);
  experiment.model.vocab = 1;
  make_all_but_the_matrix_engines_free(experiment);
  return simulated(experiment);
}

// The same work in another order: what a step computes stays, its bubble shrinks as published.
TEST(Simulate, SchedulesDoTheSameWorkWithLessBubble) {
  const Json plain = on_schedule(Schedule::one_forward_one_backward),
             zero = on_schedule(Schedule::zb_h1), dual = on_schedule(Schedule::dualpipe);
  for (const Json* other : {&zero, &dual})
    for (const char* flops : {"model_flops", "hardware_flops"})
      EXPECT_NEAR(
          (*other)["step"][flops].get<double>() / plain["step"][flops].get<double>(), 1, 1e-12);
  const auto bubble = [](const Json& result) { return result["time"]["bubble_s"].get<double>(); };
  EXPECT_LT(bubble(zero), 0.5 * bubble(plain));
  EXPECT_LT(bubble(dual), bubble(zero));
  EXPECT_GT(dual["memory"]["weights_bytes"].get<double>(),
            1.5 * plain["memory"]["weights_bytes"].get<double>());
}

// All parts of the time are there and sum up (simulated() checks it), and what is exposed is what
// links cost.
TEST(Simulate, SharedSequencesShowWhatTheyExchange) {
  for (const ContextMethod method :
       {ContextMethod::ring, ContextMethod::all_gather, ContextMethod::all_to_all}) {
    Plan plan;
    plan.context = 4;
    plan.context_method = method;
    plan.data = 2;
    plan.sharding = Sharding::zero3;
    plan.sequence = 4096;
    plan.global_batch = 4;
    Experiment experiment = small_experiment(plan);
    const Json shared = simulated(experiment);
    const auto exposed = [](const Json& result) {
      return result["time"]["exposed_communication_s"]["context"].get<double>();
    };
    EXPECT_GT(exposed(shared), 0) << to_string(method);
    const double expected = closed_form_model_flops(experiment.model, 4, 4096);
    EXPECT_NEAR(shared["step"]["model_flops"].get<double>() / expected, 1, 1e-9);
    experiment.chip.scale_up.bandwidth *= 100;
    experiment.chip.scale_up.latency = experiment.chip.scale_up.collective_latency = Seconds(0);
    // The HBM and the protocol keep their share.
    EXPECT_LT(exposed(simulated(experiment)), 0.25 * exposed(shared)) << to_string(method);
  }
}

// design.md section 4: analytic is within 5 % of cycle on time.
TEST(Simulate, AnalyticBlocksStayWithinTheirBound) {
  for (const std::string& name : shipped_experiments()) {
    const double cycle = step_of(shipped_experiment(name));
    for (const char* block : {"hbm", "link", "matrix_engine"}) {
      const double analytic = step_of(
          shipped_experiment(name, {std::string("fidelity.") + block + "=analytic"}));
      EXPECT_NEAR(analytic / cycle, 1, 0.05) << name << " " << block;
    }
  }
}

Experiment busy_experiment(Sharding sharding) {
  Plan plan;
  plan.data = 4;
  plan.tensor = 2;
  plan.pipeline = 2;
  plan.sharding = sharding;
  return small_experiment(plan);
}

TEST(Simulate, ABetterMachineIsNeverSlower) {
  // A collective that starts earlier may meet a kernel that needs the memory more: shifts in time
  // have anomalies, as list schedules have (Graham 1969).
  const std::pair<const char*, std::function<void(Experiment&)>> betters[] = {
      {"HBM", [](Experiment& e) { e.chip.hbm.bandwidth *= 2; }},
      {"HBM latency", [](Experiment& e) { e.chip.hbm.latency *= 0.5; }},
      {"scale-up", [](Experiment& e) { e.chip.scale_up.bandwidth *= 2; }},
      {"scale-up latency", [](Experiment& e) { e.chip.scale_up.collective_latency *= 0.5; }},
      {"scale-out", [](Experiment& e) { e.cluster.scale_out.bandwidth *= 2; }},
      {"scale-out latency", [](Experiment& e) { e.cluster.scale_out.latency *= 0.5; }},
      {"clock",
       [](Experiment& e) {
         e.chip.clock.max = e.chip.clock.sustained_matmul = e.chip.clock.nameplate = Hertz(1.25e9);
       }},
      {"vector unit",
       [](Experiment& e) {
         e.chip.vector = {256, 64};
       }},
      {"kernel gap", [](Experiment& e) { e.chip.kernel_gap = Seconds(0); }},
      {"scratchpad", [](Experiment& e) { e.chip.scratchpad.capacity *= 2; }}};
  for (const Sharding sharding : {Sharding::none, Sharding::zero1, Sharding::zero3}) {
    const Experiment experiment = busy_experiment(sharding);
    const double before = step_of(experiment);
    for (const auto& [what, change] : betters) {
      Experiment better = experiment;
      change(better);
      const bool shifts = std::string(what).find("latency") != std::string::npos;
      EXPECT_LE(step_of(better), before * (1 + (shifts ? 5e-3 : 1e-6)))
          << what << ", " << to_string(sharding);
    }
  }
}

TEST(Simulate, SaysHowAttentionIsComputed) {
  const auto words = [](const AttentionKernel& attention) {
    Experiment experiment = small_experiment();
    experiment.stack.attention = attention;
    Result result;
    state_limits(result, experiment);
    return result.assumed.front();
  };
  EXPECT_EQ(words({}),
            "attention: one fused kernel; causal blocks above the diagonal are skipped; softmax "
            "does not overlap its products");
  EXPECT_EQ(
      words({true, true, true, true}),
      "attention: one fused kernel; causal blocks above the diagonal are skipped; softmax "
      "overlaps its products, which run at matrix_engines.warp_rate; gradients of queries "
      "are added in the chip-wide memory");
  EXPECT_EQ(words({false}),
            "attention: its products and softmax are kernels of their own; all scores pass HBM and "
            "are kept, masked ones too");
}

TEST(Simulate, ABetterStackIsNotSlower) {
  const std::pair<const char*, std::function<void(Stack&)>> betters[] = {
      {"host", [](Stack& s) { s.launch = Seconds(0); }},
      {"time between steps", [](Stack& s) { s.between_steps = Seconds(0); }},
      {"gradients behind the backward pass", [](Stack& s) { s.gradients.overlaps = true; }},
      {"narrow gradients", [](Stack& s) { s.gradients.bytes = 2; }},
      {"weights gathered in place", [](Stack& s) { s.gathers.copy = Seconds(0); }},
      {"exchanges behind products", [](Stack& s) { s.tensor_overlap = true; }},
      {"softmax beside products", [](Stack& s) { s.attention.softmax_overlaps = true; }},
      {"no adding of gradients", [](Stack& s) { s.attention.adds_query_gradients = false; }},
      {"fused chains", [](Stack& s) { s.fusion.elementwise = true; }},
      {"a fused loss", [](Stack& s) { s.fusion.loss = true; }},
      {"fewer passes over gradients", [](Stack& s) { s.gradient_passes = 0; }}};
  for (const Sharding sharding : {Sharding::none, Sharding::zero1, Sharding::zero3}) {
    Experiment experiment = busy_experiment(sharding);
    experiment.stack = {
        "",
        Seconds(5e-6),
        Seconds(1e-3),
        false,
        false,
        {4, false},
        {true, Seconds(1e-6)},
        {true, true, false, true},
        {false, false},
        {Seconds(1e-5), true, 20, true},
        6};
    const double before = step_of(experiment);
    for (const auto& [what, change] : betters) {
      Experiment better = experiment;
      change(better.stack);
      // What overlaps shares the memory: list schedules have anomalies (Graham 1969).
      EXPECT_LE(step_of(better), before * (1 + 5e-3)) << what << ", " << to_string(sharding);
    }
    // Gathers that are waited for would queue behind reductions, which is why this is not above.
    Experiment waiting = experiment;
    waiting.stack.gathers.ahead = false;
    EXPECT_LE(before, step_of(waiting) * (1 + 5e-3)) << to_string(sharding);
    Experiment later = experiment;
    later.stack.between_steps += Seconds(1);
    EXPECT_NEAR(step_of(later), before + 1, 1e-6);
  }
}

// All that the host's thread does for a kernel takes longer; what passes between steps does not.
TEST(Simulate, ASlowerHostTakesLongerToStartKernels) {
  Experiment experiment = busy_experiment(Sharding::zero3);
  experiment.stack.launch = Seconds(5e-6);
  experiment.stack.between_steps = Seconds(1e-3);
  experiment.stack.gathers.copy = Seconds(1e-6);
  experiment.stack.experts.launch = Seconds(1e-5);
  Experiment host = experiment, launches = experiment;
  host.cluster.host_time = 2;
  launches.stack.launch = Seconds(1e-5);
  launches.stack.gathers.copy = Seconds(2e-6);
  launches.stack.experts.launch = Seconds(2e-5);
  EXPECT_GT(step_of(host), step_of(experiment));
  EXPECT_DOUBLE_EQ(step_of(host), step_of(launches));
}

TEST(Simulate, TwiceTheBatchTakesLongerAndAtMostTwiceAsLong) {
  for (const Sharding sharding : {Sharding::none, Sharding::zero2, Sharding::zero3}) {
    Experiment experiment = busy_experiment(sharding);
    const double once = step_of(experiment);
    experiment.plan.global_batch *= 2;
    const double twice = step_of(experiment);
    EXPECT_GT(twice, once) << to_string(sharding);
    EXPECT_LE(twice, 2 * once * (1 + 1e-9)) << to_string(sharding);
  }
}

}  // namespace
}  // namespace headroom
