#include "models/technology/die_area.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace headroom::technology {
namespace {

constexpr double bits = 8;  // of a byte
constexpr std::array<double AreaConstants::*, 5> fitted{
    &AreaConstants::matrix, &AreaConstants::registers, &AreaConstants::local,
    &AreaConstants::shared, &AreaConstants::memory_system};

// Area is linear in the fitted constants: what each adds per unit, and the rest.
struct Linear {
  std::array<double, fitted.size()> slope{};
  double rest = 0;
};

Linear linear(const std::vector<PublishedDie::Kind>& kinds, const AreaConstants& constants) {
  AreaConstants none = constants;
  for (const auto member : fitted) none.*member = 0;
  Linear result;
  result.rest = package_area(kinds, none).si();
  for (std::size_t i = 0; i < fitted.size(); ++i) {
    AreaConstants unit = none;
    unit.*fitted[i] = 1;
    result.slope[i] = package_area(kinds, unit).si() - result.rest;
  }
  return result;
}

}  // namespace

std::vector<AreaPart> die_parts(
    const DieCounts& counts, const ProcessNode& node, const AreaConstants& constants) {
  if (!node.sram_density) throw std::invalid_argument(node.id + " has no SRAM density");
  const auto memory = [&](Bytes bytes, double ratio) {
    return SquareMetres(bytes.si() * bits / *node.sram_density * ratio);
  };
  const double slots = counts.cores * counts.slots;
  return {
      {part_matrix,
       SquareMetres(slots * constants.slot_transistors / node.logic_density * constants.matrix)},
      {part_vector, memory(counts.registers * counts.cores, constants.registers)},
      {part_local, memory(counts.local * counts.cores, constants.local)},
      {part_shared, memory(counts.shared, constants.shared)},
      {part_memory,
       SquareMetres(counts.memory.si() * constants.memory_system / node.logic_density)},
      {part_hbm, constants.hbm_phy * counts.hbm_stacks},
      {part_serdes, constants.serdes_lane * counts.serdes_lanes},
      {part_die_to_die, SquareMetres(counts.die_to_die.si() * constants.die_to_die_m2_bps)},
      {part_fixed, constants.fixed * (counts.host ? 1 : 0)}};
}

SquareMetres total(const std::vector<AreaPart>& parts) {
  SquareMetres sum;
  for (const AreaPart& part : parts) sum += part.area;
  return sum;
}

SquareMetres package_area(
    const std::vector<PublishedDie::Kind>& kinds, const AreaConstants& constants) {
  SquareMetres sum;
  for (const auto& kind : kinds)
    sum += total(die_parts(kind.counts, kind.node, constants)) * kind.count;
  return sum;
}

// Coordinate descent on the normal equations of sum((model / published - 1)^2), each coordinate
// held at zero or above: converges to the only minimum (the problem is convex).
AreaConstants fit_area(const std::vector<PublishedDie>& dies, const AreaConstants& start) {
  constexpr std::size_t n = fitted.size();
  constexpr int sweeps = 5000;
  if (dies.size() < n) throw std::invalid_argument("fewer dies than constants");
  std::array<std::array<double, n>, n> products{};
  std::array<double, n> targets{};
  for (const PublishedDie& die : dies) {
    const Linear line = linear(die.kinds, start);
    const double target = 1 - line.rest / die.area.si();
    for (std::size_t i = 0; i < n; ++i) {
      targets[i] += line.slope[i] / die.area.si() * target;
      for (std::size_t j = 0; j < n; ++j)
        products[i][j] += line.slope[i] * line.slope[j] / (die.area.si() * die.area.si());
    }
  }
  std::array<double, n> values{};
  for (int sweep = 0; sweep < sweeps; ++sweep)
    for (std::size_t i = 0; i < n; ++i) {
      if (products[i][i] <= 0) continue;
      double gradient = targets[i];
      for (std::size_t j = 0; j < n; ++j)
        if (j != i) gradient -= products[i][j] * values[j];
      values[i] = std::max(0.0, gradient / products[i][i]);
    }
  AreaConstants result = start;
  for (std::size_t i = 0; i < n; ++i) result.*fitted[i] = values[i];
  return result;
}

}  // namespace headroom::technology
