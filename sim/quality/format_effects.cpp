#include "sim/quality/format_effects.h"

#include <algorithm>
#include <array>

#include "sim/engine/simulate.h"
#include "sim/power/area.h"
#include "sim/power/model.h"
#include "sim/power/product.h"
#include "sim/power/step.h"
#include "sim/quality/published.h"
#include "sim/workload/graph.h"

namespace headroom::quality {
namespace {

constexpr std::array<Format, 4> compared{
    Format::bf16, Format::fp8_e4m3, Format::mxfp8_e4m3, Format::nvfp4};
// Model FLOPs of operators: all, and those that keep two-byte operands beside narrow linear layers.
struct Flops {
  double all = 0, wide = 0;

  void add(const std::vector<Operator>& operators, double times) {
    for (const Operator& op : operators) {
      const double flops = times * forward_model_flops(op);
      const bool linear = op.kind == OperatorKind::linear || op.kind == OperatorKind::grouped;
      all += flops;
      if (!linear || op.stays_wide) wide += flops;
    }
  }
};

double wide_share(const Experiment& experiment) {
  GraphShape shape;
  shape.sequence = experiment.plan.sequence;
  Flops flops;
  for (const LayerRun& run : experiment.model.runs())
    flops.add(layer_forward(experiment.model, run.kind, shape), static_cast<double>(run.count));
  flops.add(head_forward(experiment.model, shape), 1);
  return flops.wide / flops.all;
}

void fill_engines(const Experiment& experiment, const config::ConfigPaths& paths,
                  FormatEffects& effects) {
  const ChipDescription& chip = experiment.chip;
  const MatrixEnginesDescription& matrix = chip.matrix;
  effects.rate = matrix.rate.at(effects.format) / matrix.rate.at(Format::bf16);
  effects.peak = chip.peak(effects.format);
  effects.scratchpad_bytes = traffic_of_large_product(chip, effects.format).sram_bytes;
  if (!chip.power.is_known()) return;
  const power::Coefficients coefficients = power_model(chip, paths).coefficients;
  const auto product = coefficients.products.find(effects.format);
  if (product == coefficients.products.end()) return;
  const double slots = static_cast<double>(matrix.count) * matrix.rows * matrix.columns *
                       matrix.dot_length * matrix.rate.at(effects.format);
  effects.energy_j = (product->second.si() + coefficients.engine_clock.si() / slots) / 2;
}

void fill_step(Experiment experiment, const config::ConfigPaths& paths, FormatEffects& effects) {
  experiment.plan.format = effects.format;
  experiment.fidelity = all_analytic;
  const StepPower power(experiment, paths);
  settle_clock(experiment, power);
  const Hertz clock = experiment.chip.clock.sustained_matmul;
  Result result = simulate(experiment, Tracing::off).result;
  power.fill(result, clock);
  effects.wide_share = operand_bytes(effects.format) < 2 ? wide_share(experiment) : 1;
  effects.memory_bytes = result.memory.peak_bytes;
  effects.hbm_bytes = result.work.hbm_bytes;
  effects.links_s = result.work.collective_s;
  effects.vector_s = result.time.vector_s + result.overlapped.vector_s;
  effects.time_s = result.step.time_s;
  effects.tokens_per_s = result.throughput.tokens_per_s_per_chip;
  effects.energy_per_token_j = result.power.energy_per_token_j;
}

void fill_quality(const PublishedQuality& published, FormatEffects& effects) {
  const PrecisionLaw& law = published.law;
  const double bits = traits(effects.format).bits, wide = traits(Format::bf16).bits;
  effects.by_law = 1 / law.parameters_for(bits, wide);
  for (const PublishedGap& gap : published.gaps)
    if (gap.format == effects.format && gap.baseline == Format::bf16)
      if (const auto times = law.parameters_for_gap(law.largest, gap.most, wide))
        effects.by_gap = 1 / *times;
}

}  // namespace

FormatExplanation explain_format(const Experiment& experiment, const config::ConfigPaths& paths) {
  check_feasible(experiment);
  const AreaTable area = AreaTable::load(paths);
  const PublishedQuality published = load_published_quality(paths);
  FormatExplanation explanation{{}, published.law.largest.parameters};
  for (const Format format : compared) {
    FormatEffects effects;
    effects.format = format;
    effects.supported = experiment.chip.peak(format) > 0;
    effects.area = area.over_bf16(format, experiment.chip.matrix.dot_length);
    effects.operand_bytes = operand_bytes(format);
    if (effects.supported) {
      fill_engines(experiment, paths, effects);
      fill_step(experiment, paths, effects);
    }
    fill_quality(published, effects);
    explanation.formats.push_back(effects);
  }
  return explanation;
}

}  // namespace headroom::quality
