#include "models/power/accounting.h"

#include <algorithm>

namespace headroom::power {
namespace {

constexpr double hottest_k = 500;  // beyond any package: a runaway, not an operating point
constexpr int settling_steps = 40;

}  // namespace

double volts_at(const Coefficients& chip, Hertz clock) {
  const technology::Supply& supply = chip.node.supply;
  const double volts = technology::voltage_for(
      supply, clock / chip.nominal_clock, 2 * supply.maximum_v);
  return std::max(volts, supply.minimum_v);
}

Hertz highest_clock(const Coefficients& chip) {
  const technology::Supply& supply = chip.node.supply;
  return chip.nominal_clock * technology::relative_speed(supply, supply.maximum_v);
}

Breakdown power(const Coefficients& chip, const Work& work, Hertz clock) {
  Breakdown parts;
  parts.volts = volts_at(chip, clock);
  const double relative = parts.volts / chip.node.supply.nominal_v;
  const double per_second = relative * relative / chip.regulator_efficiency / work.time.si();
  const auto on_die = [&](double joules) { return Watts(joules * per_second); };

  double products = 0;
  for (const auto& [format, count] : work.products)
    products += count * chip.products.at(format).si();
  parts.clock = on_die(work.cycles * chip.clock.si() + work.engine_cycles * chip.engine_clock.si());
  parts.matrix = on_die(products * work.relative_toggles);
  // Operands on wires toggle as those of the multipliers do, and at most as random bits.
  const double moved = chip.movement_fixed +
                       (1 - chip.movement_fixed) * std::min(1.0, work.relative_toggles);
  parts.vector = on_die(work.operations * chip.operation_j);
  const double in_cores = work.sram.si() * chip.sram_j_byte +
                          work.streamed.si() * chip.stream_j_byte;
  parts.sram = on_die(in_cores * moved);
  const double between = work.network.si() * chip.network_j_byte + work.hbm.si() * chip.fill_j_byte;
  parts.network_on_chip = on_die(between * moved);
  parts.hbm = (chip.hbm_idle + Watts(work.hbm.si() * chip.hbm_j_byte / work.time.si())) /
              chip.regulator_efficiency;
  parts.links = chip.links_idle + Watts(work.links.si() * chip.link_j_byte / work.time.si());
  parts.fixed = chip.fixed;
  parts.kelvin = chip.coolant_k;
  for (int step = 0; step < settling_steps; ++step) {
    parts.leakage = Watts(technology::leakage_density(chip.node, parts.volts, parts.kelvin) *
                          chip.area.si() / chip.regulator_efficiency);
    parts.kelvin = std::min(
        hottest_k, chip.coolant_k + chip.thermal_resistance_k_w * parts.total().si());
  }
  return parts;
}

}  // namespace headroom::power
