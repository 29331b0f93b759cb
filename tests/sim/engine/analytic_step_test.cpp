// Steps in closed form against the simulated ones.
#include "sim/engine/analytic_step.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "sim/report/causes.h"
#include "sim/report/invariants.h"
#include "sim/workload/import.h"
#include "tests/sim/engine/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

// The whole partition of a step's time, by the name of the cause, and the step itself.
std::map<std::string, double> parts(const Json& result) {
  std::map<std::string, double> parts{{"step", result["step"]["time_s"].get<double>()}};
  for (const auto& [key, part] : result["time"].items()) {
    if (part.is_number()) parts[key] = part.get<double>();
    if (part.is_object())
      for (const auto& [kind, exposed] : part.items())
        if (exposed.is_number()) parts[kind] = exposed.get<double>();
  }
  return parts;
}

void expect_close(const Experiment& experiment, double tolerance, const std::string& what) {
  Experiment computed = experiment;
  computed.fidelity = all_analytic;
  const Result result = AnalyticEngine(computed).step(computed).result;
  check(result);
  const auto analytic = parts(to_json(result)), cycle = parts(simulated(experiment));
  ASSERT_EQ(analytic.size(), cycle.size()) << what;
  const double bound = tolerance * cycle.at("step");
  for (const auto& [cause, seconds] : cycle)
    EXPECT_NEAR(analytic.at(cause), seconds, bound) << cause << ": " << what;
}

// design.md section 4 allows 5 % of the step; causes are as close.
TEST(AnalyticStep, ShippedExperimentsAreWithinOnePerCentOfCycle) {
  for (const std::string& name : shipped_experiments())
    expect_close(shipped_experiment(name), 0.01, name);
}

// Nothing runs beside the kernels: what is left is the clock of femtoseconds.
TEST(AnalyticStep, AKernelAloneTakesWhatTheSimulatedChipTakes) {
  for (const char* model : {"llama-3-8b", "mamba2-2.7b", "qwen3-30b-a3b"}) {
    Experiment experiment = shipped_experiment("llama3-8b_8xh100");
    experiment.model = load_model(config::ConfigPaths().find("models", model).value());
    experiment.cluster.chips = 1;
    experiment.chip.hbm.capacity = Bytes(1e12);
    experiment.plan = {};
    experiment.plan.sequence = 2048;
    experiment.plan.global_batch = 2;
    expect_close(experiment, 1e-6, model);
  }
}

TEST(AnalyticStep, RandomPlansAreWithinTheBound) {
  constexpr unsigned seed = 5;
  std::mt19937 random(seed);
  const auto one_of = [&](std::initializer_list<std::int64_t> values) {
    return values.begin()[random() % values.size()];
  };
  for (int i = 0; i < 500; ++i) {
    Plan plan;
    plan.data = one_of({1, 2, 4, 8});
    plan.tensor = one_of({1, 2, 4});
    plan.pipeline = one_of({1, 2, 4});
    plan.virtual_pipeline = plan.pipeline > 1 ? one_of({1, 2}) : 1;
    plan.micro_batch = one_of({1, 2});
    plan.sharding = static_cast<Sharding>(random() % 4);
    plan.recompute = static_cast<Recompute>(random() % 3);
    if (plan.recompute != Recompute::none) plan.recompute_layers = one_of({0, 1, 3});
    if (plan.sharding != Sharding::none && plan.data > 1) plan.shard_group = one_of({0, 1, 2});
    plan.offload = random() % 4 == 0 ? Offload::optimizer : Offload::none;
    Experiment experiment = small_experiment(plan);
    experiment.cluster.host = {BytesPerSecond(50e9), BytesPerSecond(20e9), 1e9};
    experiment.chip.collective_cores = static_cast<int>(random() % 3);
    experiment.stack.launch = Seconds(static_cast<double>(random() % 3) * 2e-6);
    experiment.stack.sequence_parallel = random() % 2 == 0;
    experiment.stack.gradients.overlaps = random() % 2 == 0;
    expect_close(
        experiment, 0.05,
        "seed " + std::to_string(seed) + " case " + std::to_string(i) + ": data " +
            std::to_string(plan.data) + " tensor " + std::to_string(plan.tensor) + " pipeline " +
            std::to_string(plan.pipeline) + " sharding " + std::string(to_string(plan.sharding)));
  }
}

TEST(AnalyticStep, OneEngineGivesWhatOneEngineAStepGives) {
  const Experiment experiment = shipped_experiment("llama3-8b_8xh100");
  AnalyticEngine engine(experiment);
  for (const std::int64_t micro_batch : {1, 2, 1}) {
    Experiment changed = experiment;
    changed.plan.micro_batch = micro_batch;
    EXPECT_EQ(to_json(engine.step(changed).result).dump(),
              to_json(AnalyticEngine(changed).step(changed).result).dump())
        << micro_batch;
  }
}

}  // namespace
}  // namespace headroom
