#include "models/power/resolve.h"

#include <cmath>
#include <optional>
#include <stdexcept>

namespace headroom::power {
namespace {

using technology::energy_of;
using technology::ProcessNode;
using technology::PublishedEnergy;
using technology::Scaling;

constexpr double bits = 8;               // of a byte
constexpr double accumulator_bits = 64;  // of an fp32 sum, read and written

struct Technology {
  const Scaling& nodes;
  const std::vector<PublishedEnergy>& published;
  std::string node;

  [[nodiscard]] std::optional<double> find(
      const std::string& operation, const std::string& format) const {
    const auto energy = energy_of(published, nodes, operation, format, node);
    return energy ? std::optional(energy->energy.si()) : std::nullopt;
  }
  [[nodiscard]] double need(const std::string& operation, const std::string& format) const {
    const std::optional<double> energy = find(operation, format);
    if (!energy)
      throw std::invalid_argument(
          "no published energy of " + operation + " " + format + " reaches the node " + node);
    return *energy;
  }
};

// Multiply and add, without what moves the sum.
std::optional<double> arithmetic(const Technology& technology, const Parts& parts, Format format) {
  const std::string name(to_string(format));
  const auto multiply = technology.find("multiply", name);
  const auto add = technology.find("add", is_integer(format) ? "int32" : "fp32");
  if (multiply && add) return *multiply + *add;
  const auto relative = parts.relative_energy.find(format);
  if (relative == parts.relative_energy.end()) return std::nullopt;
  return relative->second * (technology.need("multiply", "bf16") + technology.need("add", "fp32"));
}

double sums_of(const Technology& technology, const Parts& parts, double rate) {
  const double bit = technology.need(parts.systolic ? "register" : "register_file", "bit");
  return accumulator_bits / (parts.dot_length * rate) * bit;
}

template <class Map>
auto constant(const Map& map, const std::string& key, const std::string& what) {
  const auto found = map.find(key);
  if (found == map.end()) throw std::invalid_argument("no " + what + " of " + key);
  return found->second;
}

void add_products(const Constants& constants, const Parts& parts, const Technology& technology,
                  Coefficients& chip) {
  for (const auto& [format, rate] : parts.rate) {
    const std::optional<double> logic = arithmetic(technology, parts, format);
    if (!logic) continue;
    const double sums = sums_of(technology, parts, rate);
    chip.products[format] = Joules(constants.scale * (constants.glitch * *logic + sums));
  }
}

}  // namespace

Coefficients resolve(const Constants& constants, const ChipPower& chip, const Parts& parts,
                     const Scaling& nodes, const std::vector<PublishedEnergy>& published) {
  const Technology technology{nodes, published, parts.node};
  const std::optional<double> scale = nodes.energy(parts.node);
  const ProcessNode& node = nodes.node(parts.node);
  if (!scale || !node.wire_energy)
    throw std::invalid_argument(
        std::string("the node ") + parts.node + " has no " +
        (scale ? "wire_energy" : "energy of operations: a power_saving of its chain is missing"));
  Coefficients result;
  result.node = node;
  result.nominal_clock = chip.nominal_clock;
  result.area = chip.die_area;
  result.clock = Joules(constants.clock_j_m2 * chip.die_area.si() * *scale);
  result.engine_clock = constants.engine_clock * (parts.slots * *scale);
  add_products(constants, parts, technology, result);
  const double wire = *node.wire_energy;
  result.sram_j_byte = bits *
                       (technology.need("sram_read_32kib", "bit") + constants.scratchpad_m * wire);
  const double side = std::sqrt(chip.die_area.si());
  const double shared = technology.need("sram_read_1mib", "bit"),
               across = side * wire * constants.router;
  result.network_j_byte = bits * (shared + across);
  result.fill_j_byte = bits * (shared + constants.memory_distance * across);
  result.movement_fixed = constants.movement_fixed;
  result.operation_j = constants.vector_operation.si() * *scale;
  // A first-level cache is the scratchpad's array.
  result.stream_j_byte = result.sram_j_byte + bits * technology.need("register_file", "bit") +
                         result.operation_j / constants.stream_bytes.si();
  result.regulator_efficiency = constants.regulator_efficiency;
  result.hbm_j_byte = constant(constants.hbm_j_byte, parts.memory, "access energy") +
                      bits * constants.controller_j_bit * *scale;
  result.hbm_idle = constant(constants.hbm_idle, parts.memory, "idle power") * parts.stacks;
  result.link_j_byte = constant(constants.link_j_byte, parts.link, "energy");
  result.links_idle = Watts(result.link_j_byte * parts.link_bytes_s * constants.link_idle_share);
  result.fixed = chip.fixed;
  result.thermal_resistance_k_w = chip.thermal_resistance_k_w;
  result.coolant_k = chip.coolant_k;
  return result;
}

}  // namespace headroom::power
