// Counting equal iterations instead of simulating them must not change a number.
#include "sim/engine/pass_runner.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "models/chip/chip.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

// Every iteration a section of its own: nothing to skip.
Program spelled_out(const Program& program) {
  Program all;
  all.name = program.name;
  for (const Section& section : program.sections)
    for (std::int64_t i = 0; i < section.repeat; ++i) all.sections.push_back({section.commands, 1});
  return all;
}

// A chip that runs programs one after another.
class Bench : public sc_core::sc_module {
 public:
  Bench(const sc_core::sc_module_name& name, Experiment experiment)
      : sc_module(name),
        experiment_(std::move(experiment)),
        mapper_(analytic_mapper(experiment_.chip)),
        builder_(experiment_, mapper_),
        chip_("chip", experiment_.chip, experiment_.cluster,
              {experiment_.fidelity.hbm, experiment_.fidelity.link}, collective_stream_names),
        runner_(chip_, experiment_.chip, experiment_.stack.launch) {
    SC_HAS_PROCESS(Bench);
    SC_THREAD(run);
  }

  [[nodiscard]] const ProgramBuilder& builder() const { return builder_; }
  void add(const Program& program) { programs_.push_back(program); }
  [[nodiscard]] const PassResult& result(std::size_t index) const { return results_.at(index); }
  [[nodiscard]] std::size_t results() const { return results_.size(); }

 private:
  void run() {
    for (const Program& program : programs_) results_.push_back(runner_.run(program));
  }

  Experiment experiment_;
  KernelMapper mapper_;
  ProgramBuilder builder_;
  Chip chip_;
  PassRunner runner_;
  std::vector<Program> programs_;
  std::vector<PassResult> results_;
};

// Number of spans and their summed durations, by stream.
std::map<std::string, std::pair<int, double>> streams(const PassResult& result) {
  std::map<std::string, std::pair<int, double>> sums;
  for (const OperationSpan& span : result.spans) {
    ++sums[span.stream].first;
    sums[span.stream].second += span.duration_s;
  }
  return sums;
}

void expect_equal(const PassResult& skipped, const PassResult& whole) {
  const double total = whole.times.total(), tolerance = 1e-9 * (total + whole.tail_s);
  for (std::size_t i = 0; i < cause_count; ++i)
    EXPECT_NEAR(
        skipped.times[static_cast<StepCause>(i)], whole.times[static_cast<StepCause>(i)], tolerance)
        << "cause " << i << " of a pass of " << total << " s";
  EXPECT_NEAR(skipped.tail_s, whole.tail_s, tolerance);
  EXPECT_NEAR(skipped.work.collective_s, whole.work.collective_s, 1e-9 * whole.work.collective_s);
  EXPECT_NEAR(skipped.overlapped_vector_s, whole.overlapped_vector_s, tolerance);
  EXPECT_NEAR(skipped.model_flops, whole.model_flops, 1e-9 * whole.model_flops);
  EXPECT_NEAR(skipped.recompute_flops, whole.recompute_flops, 1e-9 * whole.model_flops);
  const auto some = streams(skipped), all = streams(whole);
  ASSERT_EQ(some.size(), all.size());
  for (const auto& [stream, sum] : all) {
    EXPECT_EQ(some.at(stream).first, sum.first) << stream;
    EXPECT_NEAR(some.at(stream).second, sum.second, 1e-9 * sum.second) << stream;
  }
}

// Runs all programs of an experiment with 24 layers twice, as they are and spelled out.
class Skipping {
 public:
  Skipping() { sc_core::sc_set_time_resolution(1, sc_core::SC_FS); }
  void add(const std::string& name, Experiment experiment) {
    experiment.model.layers = 24;
    benches_.push_back(
        std::make_unique<Bench>(("bench_" + std::to_string(benches_.size())).c_str(), experiment));
    names_.push_back(name);
    const bool gather = experiment.plan.sharding == Sharding::zero3;
    Bench& bench = *benches_.back();
    const Chunk chunk{24, true, true};
    for (const Program& program :
         {bench.builder().forward(chunk, gather), bench.builder().backward(chunk, gather, false),
          bench.builder().backward(chunk, gather, true)}) {
      bench.add(program);
      bench.add(spelled_out(program));
    }
  }

  void run_and_compare() {
    sc_core::sc_start();
    for (std::size_t i = 0; i < benches_.size(); ++i) {
      ASSERT_EQ(benches_[i]->results(), 6U) << names_[i];
      for (std::size_t k = 0; k < 6; k += 2) {
        SCOPED_TRACE(names_[i] + ", program " + std::to_string(k / 2));
        expect_equal(benches_[i]->result(k), benches_[i]->result(k + 1));
      }
    }
  }

 private:
  std::vector<std::unique_ptr<Bench>> benches_;
  std::vector<std::string> names_;
};

Plan plan_of(std::int64_t tensor, Sharding sharding, Recompute recompute = Recompute::none) {
  Plan plan;
  plan.data = 8;
  plan.tensor = tensor;
  plan.sharding = sharding;
  plan.recompute = recompute;
  return plan;
}

TEST(PassRunner, SkippingEqualsSimulatingForEveryKindOfPlan) {
  Skipping skipping;
  for (const std::int64_t tensor : {1, 2})
    for (const Sharding sharding :
         {Sharding::none, Sharding::zero1, Sharding::zero2, Sharding::zero3})
      for (const Recompute recompute : {Recompute::none, Recompute::full})
        skipping.add(
            "tensor " + std::to_string(tensor) + " sharding " + std::string(to_string(sharding)) +
                " recompute " + std::string(to_string(recompute)),
            small_experiment(plan_of(tensor, sharding, recompute)));
  skipping.run_and_compare();
}

// A host that is too slow, just fast enough and fast: it loses and wins ground from layer to layer.
TEST(PassRunner, SkippingEqualsSimulatingBehindASlowHost) {
  Skipping skipping;
  for (const double launch : {1e-6, 2e-6, 3e-6, 5e-6, 10e-6, 100e-6})
    for (const std::int64_t tensor : {1, 2}) {
      Experiment experiment = small_experiment(plan_of(tensor, Sharding::zero3));
      experiment.stack.launch = Seconds(launch);
      skipping.add("launch " + std::to_string(launch), experiment);
    }
  skipping.run_and_compare();
}

// Where every kernel is over before the next one is launched, a pass takes its launches.
TEST(PassRunner, AHostThatIsTooSlowSetsThePace) {
  Experiment experiment = small_experiment(plan_of(1, Sharding::none));
  experiment.stack.launch = Seconds(1);
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  Bench bench("bench", experiment);
  const Program program = bench.builder().forward({3, true, true}, false);
  double kernels = 0;
  for (const Section& section : program.sections)
    for (const Command& command : section.commands)
      if (command.kind == Command::Kind::run) kernels += static_cast<double>(section.repeat);
  bench.add(program);
  sc_core::sc_start();
  EXPECT_NEAR(bench.result(0).times.total(), kernels, 0.01);
  EXPECT_NEAR(bench.result(0).times[StepCause::host], kernels, 0.01);
}

// A host that waits for the chip has lost its lead: what it does next, the chip waits for.
TEST(PassRunner, AfterAMeetingTheHostHasNoLead) {
  const Experiment experiment = small_experiment(plan_of(1, Sharding::none));
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  Bench bench("bench", experiment);
  const auto kernel = [](double host_s, double bytes) {
    auto made = std::make_shared<Kernel>();
    made->tiles.push_back({{Bytes(bytes), Bytes(0), 0, 0}, 1});
    made->host = Seconds(host_s);
    Command command;
    command.kernel = made;
    return command;
  };
  Command meet;
  meet.kind = Command::Kind::meet;
  // The first keeps the chip busy far longer than the host needs for the second.
  const Command long_one = kernel(0, 1e12), late = kernel(1e-3, 1);
  bench.add({"ahead", {{{long_one, late}, 1}}});
  bench.add({"met", {{{long_one, meet, late}, 1}}});
  sc_core::sc_start();
  EXPECT_NEAR(bench.result(1).times.total() - bench.result(0).times.total(), 1e-3, 1e-9);
}

// Reductions that take from a little less to much more than a layer: the stream falls behind, or
// catches up with what an earlier part left it.
void add_backlogs(Skipping& skipping, std::int64_t tensor, Sharding sharding) {
  for (const double share : {2.0, 1.3, 1.0, 0.8, 0.6, 0.3}) {
    Experiment experiment = small_experiment(plan_of(tensor, sharding));
    experiment.cluster.scale_out.bandwidth *= share;
    skipping.add(
        "tensor " + std::to_string(tensor) + " bandwidth x" + std::to_string(share), experiment);
  }
}

TEST(PassRunner, BackloggedGradientsAreNotSkipped) {
  Skipping skipping;
  add_backlogs(skipping, 1, Sharding::none);
  skipping.run_and_compare();
}

// The kernels wait for the tensor group in every layer, and the gradients fall behind all the same.
TEST(PassRunner, BackloggedGradientsBesideExposedExchangesAreNotSkipped) {
  Skipping skipping;
  add_backlogs(skipping, 2, Sharding::none);
  skipping.run_and_compare();
}

TEST(PassRunner, BackloggedGathersAreWaitedFor) {
  Skipping skipping;
  add_backlogs(skipping, 1, Sharding::zero3);
  skipping.run_and_compare();
}

}  // namespace
}  // namespace headroom
