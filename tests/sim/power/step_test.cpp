#include "sim/power/step.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/config/load.h"
#include "sim/engine/simulate.h"

namespace headroom {
namespace {

const std::vector<std::string> analytic{
    "fidelity.matrix_engine=analytic", "fidelity.hbm=analytic", "fidelity.link=analytic"};

// An experiment with its power, at the clock that it asks for.
struct Powered {
  Experiment experiment;
  Result result;
  Trace trace;
};

Powered run(const std::string& name, std::vector<std::string> changes,
            Tracing tracing = Tracing::off) {
  const config::ConfigPaths paths;
  changes.insert(changes.end(), analytic.begin(), analytic.end());
  Powered run;
  run.experiment = load_experiment(*paths.find("experiments", name), paths, changes);
  const StepPower power(run.experiment, paths);
  settle_clock(run.experiment, power);
  Outcome outcome = simulate(run.experiment, tracing);
  const Hertz clock = run.experiment.chip.clock.sustained_matmul;
  power.fill(outcome.result, clock);
  power.count(outcome.trace, clock);
  run.result = std::move(outcome.result), run.trace = std::move(outcome.trace);
  return run;
}

Result powered(const std::string& name, const std::vector<std::string>& changes = {}) {
  return run(name, changes).result;
}

std::size_t power_limits(const Result& result) {
  return static_cast<std::size_t>(std::count_if(
      result.not_modelled.begin(), result.not_modelled.end(),
      [](const std::string& text) { return text.rfind("power.", 0) == 0; }));
}

TEST(StepPower, ThePartsSumToTheChipAndTheChipsToTheTokens) {
  const Result result = powered("llama3-8b_8xh100");
  const auto& p = result.power;
  ASSERT_TRUE(p.chip_w);
  const double sum = *p.matrix_w + *p.vector_w + *p.sram_w + *p.network_on_chip_w + *p.hbm_w +
                     *p.links_w + *p.leakage_w + *p.fixed_w;
  EXPECT_NEAR(sum, *p.chip_w, 1e-3 * sum);
  EXPECT_NEAR(*p.energy_per_token_j * result.step.tokens, 8 * *p.chip_w * result.step.time_s, 1e-6);
  EXPECT_EQ(*p.clock_average_hz, p.clock_matrix_hz);
  EXPECT_LT(*p.chip_w, p.cap_w) << "a step rests between products";
  EXPECT_GT(*p.chip_w, 0.5 * p.cap_w);
  EXPECT_EQ(power_limits(result), 0u);
}

// Everything that a chip did is counted: HBM alone takes at least the weights, once each pass.
TEST(StepPower, CountsWhatTheChipDid) {
  const Result result = powered("llama3-8b_8xh100");
  EXPECT_GT(result.work.hbm_bytes, 2 * result.memory.weights_bytes);
  EXPECT_GT(result.work.operations, 0);
  EXPECT_GT(result.work.streamed_bytes, 0);
  EXPECT_LT(result.work.streamed_bytes, result.work.hbm_bytes);
  EXPECT_NEAR(result.work.flops * 8, result.step.hardware_flops, 1e-9 * result.step.hardware_flops);
  EXPECT_GT(result.work.collective_s, 0);
}

TEST(StepPower, AFasterClockCostsMore) {
  const Result slow = powered("llama3-8b_8xh100", {"chip.clock.sustained_matmul=1200 MHz"}),
               fast = powered("llama3-8b_8xh100", {"chip.clock.sustained_matmul=1500 MHz"});
  EXPECT_GT(*fast.power.chip_w, *slow.power.chip_w);
  EXPECT_GT(*fast.power.energy_per_token_j, *slow.power.energy_per_token_j) << "V^2";
  EXPECT_LT(fast.step.time_s, slow.step.time_s);
}

TEST(StepPower, SaysWhyThereIsNone) {
  const Result result = powered("llama2-70b_v5p");
  EXPECT_FALSE(result.power.chip_w);
  EXPECT_EQ(power_limits(result), 4u);
  const auto& listed = result.not_modelled;
  EXPECT_EQ(std::count(listed.begin(), listed.end(),
                       "power.chip_w: tpu-v5p does not describe its power (docs/power.md)"),
            1);
}

double clock_of(const std::vector<std::string>& changes) {
  return run("llama3-8b_8xh100", changes).experiment.chip.clock.sustained_matmul.si();
}

TEST(StepClock, IsTheHighestThatKeepsTheCap) {
  for (const char* cap : {"power.chip_cap=400 W", "power.chip_cap=500 W", "power.chip_cap=600 W"}) {
    const Powered capped = run("llama3-8b_8xh100", {cap});
    const auto& power = capped.result.power;
    EXPECT_NEAR(*power.chip_w, power.cap_w, 0.01 * power.cap_w) << cap;
    EXPECT_EQ(*power.clock_average_hz, power.clock_matrix_hz);
  }
}

TEST(StepClock, MovesWithTheCapAndTheData) {
  const double at_500 = clock_of({"power.chip_cap=500 W"});
  EXPECT_LT(clock_of({"power.chip_cap=400 W"}), at_500);
  EXPECT_GT(clock_of({"power.chip_cap=600 W"}), at_500);
  EXPECT_GT(clock_of({"power.chip_cap=500 W", "power.data=zeros"}), at_500);
  EXPECT_NEAR(clock_of({"power.node_cap=6 kW", "power.node_overhead=2 kW"}), at_500, 1)
      << "a node of 8 chips";
}

TEST(StepClock, IsTheMeasuredOneUnlessAsked) {
  EXPECT_EQ(clock_of({}), 1350e6);
  EXPECT_EQ(clock_of({"power.clock=measured", "power.chip_cap=500 W"}), 1350e6);
  EXPECT_NE(clock_of({"power.clock=governed"}), 1350e6);
}

// Two layers of Llama 2 70B with its ends on one H100, forward and backward: 698 W at 1425 MHz
// counted inside (measured/h100-sxm/running_clock.csv). No constant is from it.
TEST(StepClock, IsNearWhatWasMeasuredInAStep) {
  const double megahertz = run("claim-c2-electricity", {"chip.power_cap=698 W"})
                               .result.power.clock_matrix_hz /
                           1e6;
  EXPECT_NEAR(megahertz, 1425, 0.06 * 1425);
  const Result result = powered(
      "claim-c2-electricity", {"power.clock=measured", "chip.clock.sustained_matmul=1425 MHz"});
  EXPECT_NEAR(*result.power.chip_w, 698, 0.12 * 698);
}

// A clock above the nameplate's is a negative loss.
TEST(StepClock, TheFirstStepOfTheWaterfallIsItsOwn) {
  const Powered fast = run("llama3-8b_8xh100", {"power.clock=governed", "chip.power_cap=3 kW"});
  EXPECT_GT(fast.experiment.chip.clock.sustained_matmul, fast.experiment.chip.clock.nameplate);
  EXPECT_LT(*fast.result.time.clock_s, 0);
  EXPECT_LT(fast.result.waterfall.at(1).lost_to, 0);
}

TEST(StepClock, ACapBelowTheLeastPowerNamesTheNumbers) {
  try {
    static_cast<void>(run("llama3-8b_8xh100", {"power.site_cap=1 kW", "power.pue=1.25"}));
    FAIL() << "no error";
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("power.site_cap: found 100 W for a chip; expected at least the "),
              std::string::npos)
        << text;
    for (const char* part : {"MHz", "W leakage", "35 W fixed", "W HBM and links"})
      EXPECT_NE(text.find(part), std::string::npos) << text;
  }
}

TEST(StepClock, AChipWithoutPowerCannotBeGoverned) {
  EXPECT_THROW(run("llama2-70b_v5p", {"power.clock=governed"}), InputError);
}

// The counters' mean over a chip's passes is the power of the step, but for what lies between them.
TEST(StepTrace, CountersFollowTheKernels) {
  const Powered traced = run("llama3-8b_8xh100", {}, Tracing::on);
  double before = -1, energy = 0, last = 0, most = 0;
  std::size_t clocks = 0;
  for (const TraceCounter& counter : traced.trace.counters) {
    EXPECT_EQ(counter.role, "chip of stage 0");
    if (counter.name == "clock, MHz") {
      EXPECT_EQ(counter.value, 1350);
      ++clocks;
      continue;
    }
    EXPECT_GE(counter.time_s, before);
    if (before >= 0) energy += last * (counter.time_s - before);
    before = counter.time_s, last = counter.value;
    most = std::max(most, last);
  }
  EXPECT_EQ(clocks, 1U);
  const double mean = energy / traced.result.step.time_s;
  EXPECT_NEAR(mean, *traced.result.power.chip_w, 0.03 * mean);
  EXPECT_GT(most, 1.1 * mean) << "products draw more than the mean";
}

}  // namespace
}  // namespace headroom
