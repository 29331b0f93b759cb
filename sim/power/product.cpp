#include "sim/power/product.h"

#include <fmt/format.h>

#include "sim/config/error.h"

namespace headroom {
namespace {

ChipDescription clocked(const ChipDescription& chip, Hertz clock) {
  ChipDescription changed = chip;
  changed.clock.sustained_matmul = clock;
  return changed;
}

power::Work work_of(const ChipDescription& chip, Format format, const ProductRun& run,
                    const ProductFigures& figures, double toggles) {
  const MatrixEnginesDescription& matrix = chip.matrix;
  const double slots = static_cast<double>(matrix.count) * matrix.rows * matrix.columns *
                       matrix.dot_length * matrix.rate.at(format);
  power::Work work;
  work.time = figures.time;
  work.cycles = figures.time.si() * chip.clock.sustained_matmul.si();
  const double products = run.work.flops() / 2;
  work.engine_cycles = products / slots;
  work.products[format] = products;
  work.relative_toggles = toggles;
  work.sram = figures.sram;
  work.network = figures.hbm;
  work.hbm = figures.hbm;
  return work;
}

double toggles_of(const ChipDescription& chip, const ChipPowerModel& model, Format format,
                  const std::string& data) {
  const auto toggles = model.activity.relative(model.element(chip, format), data);
  if (!toggles)
    throw InputError(
        {"--data " + data, 1, 1}, "",
        fmt::format("no activity of {} in {}", data, to_string(format)),
        "a row of configs/technology/activity.csv, or normal");
  return *toggles;
}

}  // namespace

PoweredProduct powered_product(
    const ChipDescription& chip, const ChipPowerModel& model, Format format,
    const ProductWork& work, const MappingRequest& request, Fidelity fidelity,
    const std::string& data, std::optional<Watts> cap) {
  if (model.coefficients.products.count(format) == 0)
    throw InputError({"--format", 1, 1}, "", std::string(to_string(format)),
                     "a format whose energy is published or in configs/technology/activity.csv");
  PoweredProduct result;
  result.relative_toggles = toggles_of(chip, model, format, data);
  const auto breakdown_at = [&](Hertz clock, double toggles) {
    const ChipDescription at = clocked(chip, clock);
    ProductRun run = map_product(at, format, work, request, Fidelity::analytic);
    time_analytically(at, run);
    const ProductFigures found = figures(at, format, run);
    return power::power(model.coefficients, work_of(at, format, run, found, toggles), clock);
  };
  power::Limits limits = model.limits;
  if (cap) limits.cap = *cap;
  const double worst = model.activity.worst(model.element(chip, format));
  // Products of a kind follow one another for longer than the window.
  const power::Phase phase{
      [](Hertz) { return Seconds(1e9); },
      [&](Hertz clock) { return breakdown_at(clock, result.relative_toggles).total(); },
      [&](Hertz clock) { return breakdown_at(clock, worst).total(); }};
  try {
    result.held = power::govern(limits, {phase}).front();
  } catch (const power::CapTooLow& error) {
    throw InputError(
        cap ? Position{"--power-cap", 1, 1} : Position{chip.id, 0, 0}, cap ? "" : "power_cap",
        fmt::format("{:.0f} W", limits.cap.si()),
        fmt::format("at least the {:.0f} W that it draws at its least clock, {:.0f} MHz",
                    error.least().si(), limits.least.si() * 1e-6));
  }
  const ChipDescription at = clocked(chip, result.held.clock);
  result.run = run_product(at, format, work, request, fidelity);
  result.figures = figures(at, format, result.run);
  result.parts = power::power(
      model.coefficients, work_of(at, format, result.run, result.figures, result.relative_toggles),
      result.held.clock);
  result.held.power = result.parts.total();
  result.energy = result.parts.total() * result.figures.time;
  return result;
}

ProductTraffic traffic_of_large_product(const ChipDescription& chip, Format format) {
  constexpr std::int64_t large = 8192;  // rows, columns and depth
  ProductWork work;
  work.rows = {{large, 1}};
  work.n = work.k = large;
  work.operand_bytes = operand_bytes(format), work.result_bytes = result_bytes(format);
  const ProductRun run = map_product(chip, format, work, {}, Fidelity::analytic);
  const ProductFigures moved = figures(chip, format, run);
  return {moved.sram.si() / work.flops(), moved.hbm.si() / work.flops()};
}

}  // namespace headroom
