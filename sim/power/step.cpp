#include "sim/power/step.h"

#include <algorithm>
#include <string>

#include "sim/engine/product.h"
#include "sim/power/model.h"

namespace headroom {
namespace {

constexpr std::int64_t large = 8192;  // rows, columns and depth of a large product

void forget_power(Result& result, const std::string& reason) {
  auto& listed = result.not_modelled;
  const auto is_power = [](const std::string& text) { return text.rfind("power.", 0) == 0; };
  listed.erase(std::remove_if(listed.begin(), listed.end(), is_power), listed.end());
  if (!reason.empty())
    for (const char* path : {"chip_w", "clock_hz.average", "energy_per_token_j", "breakdown_w"})
      listed.push_back(std::string("power.") + path + ": " + reason);
}

// Bytes through the scratchpads per FLOP.
double scratchpad_traffic(const ChipDescription& chip, Format format) {
  ProductWork work;
  work.rows = {{large, 1}};
  work.n = work.k = large;
  work.operand_bytes = operand_bytes(format), work.result_bytes = result_bytes(format);
  const ProductRun run = map_product(chip, format, work, {}, Fidelity::analytic);
  return figures(chip, format, run).sram.si() / work.flops();
}

power::Work work_of(const Result& result, const Experiment& experiment) {
  const ChipDescription& chip = experiment.chip;
  const MatrixEnginesDescription& matrix = chip.matrix;
  const Format format = experiment.plan.format;
  const double flops = result.step.hardware_flops / static_cast<double>(experiment.cluster.chips);
  const double slots = static_cast<double>(matrix.count) * matrix.rows * matrix.columns *
                       matrix.dot_length * matrix.rate.at(format);
  power::Work work;
  work.time = Seconds(result.step.time_s);
  work.cycles = result.step.time_s * chip.clock.sustained_matmul.si();
  work.products[format] = flops / 2;
  work.engine_cycles = flops / 2 / slots;
  work.operations = result.work.vector_cycles * chip.cores * chip.vector.operations_per_cycle;
  work.sram = Bytes(flops * scratchpad_traffic(chip, format));
  work.hbm = Bytes(result.work.hbm_bytes);
  work.links = chip.scale_up.payload_bandwidth() *
               Seconds(std::min(result.work.collective_s, result.step.time_s));
  return work;
}

void take(const power::Breakdown& parts, const Experiment& experiment, Result& result) {
  auto& power = result.power;
  power.chip_w = parts.total().si();
  power.matrix_w = (parts.matrix + parts.clock).si();
  power.vector_w = parts.vector.si();
  power.sram_w = parts.sram.si();
  power.network_on_chip_w = parts.network_on_chip.si();
  power.hbm_w = parts.hbm.si();
  power.links_w = parts.links.si();
  power.leakage_w = parts.leakage.si();
  power.fixed_w = parts.fixed.si();
  power.clock_average_hz = experiment.chip.clock.sustained_matmul.si();
  power.energy_per_token_j = parts.total().si() * static_cast<double>(experiment.cluster.chips) *
                             result.step.time_s / result.step.tokens;
}

}  // namespace

void fill_power(Result& result, const Experiment& experiment, const config::ConfigPaths& paths) {
  const ChipDescription& chip = experiment.chip;
  if (!chip.power.is_known())
    return forget_power(result, chip.id + " does not describe its power (docs/power.md)");
  try {
    const ChipPowerModel model = power_model(chip, paths);
    if (model.coefficients.products.count(experiment.plan.format) == 0)
      return forget_power(
          result, "no energy of " + std::string(to_string(experiment.plan.format)) + " is known");
    take(power::power(model.coefficients, work_of(result, experiment), chip.clock.sustained_matmul),
         experiment, result);
  } catch (const InputError& error) {
    return forget_power(result, error.what());
  }
  forget_power(result, "");
}

}  // namespace headroom
