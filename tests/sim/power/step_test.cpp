#include "sim/power/step.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/config/load.h"
#include "sim/engine/simulate.h"

namespace headroom {
namespace {

const std::vector<std::string> analytic{
    "fidelity.matrix_engine=analytic", "fidelity.hbm=analytic", "fidelity.link=analytic"};

Result powered(const std::string& name, std::vector<std::string> changes = {}) {
  const config::ConfigPaths paths;
  changes.insert(changes.end(), analytic.begin(), analytic.end());
  const Experiment experiment = load_experiment(*paths.find("experiments", name), paths, changes);
  Result result = simulate(experiment, Tracing::off).result;
  fill_power(result, experiment, paths);
  return result;
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
  EXPECT_GT(result.work.vector_cycles, 0);
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

}  // namespace
}  // namespace headroom
