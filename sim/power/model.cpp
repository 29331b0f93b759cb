#include "sim/power/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sim/config/power.h"
#include "sim/config/process_node.h"

namespace headroom {
namespace {

[[noreturn]] void wrong(const ChipDescription& chip, const std::string& path,
                        const std::string& found, const std::string& expected) {
  throw InputError({chip.id, 0, 0}, path, found, expected);
}

power::Parts parts_of(const ChipDescription& chip, const ActivityTable& activity,
                      const ChipPowerModel& model, const std::string& node) {
  const MatrixEnginesDescription& matrix = chip.matrix;
  power::Parts parts;
  parts.node = node;
  parts.slots = static_cast<double>(matrix.count) * matrix.rows * matrix.columns *
                matrix.dot_length;
  parts.dot_length = matrix.dot_length;
  parts.systolic = matrix.dot_length == 1;
  parts.rate = matrix.rate;
  for (const auto& [format, rate] : matrix.rate)
    if (const auto over = activity.over_bf16(model.element(chip, format)))
      parts.relative_energy[format] = *over;
  parts.memory = chip.hbm.device.id;
  parts.stacks = chip.hbm.device.organisation.stacks;
  parts.link = chip.scale_up.kind;
  parts.link_bytes_s = chip.scale_up.bandwidth.si() * chip.scale_up.count;
  return parts;
}

power::Limits limits_of(const ChipDescription& chip, const power::Coefficients& coefficients) {
  power::Limits limits;
  const technology::Supply& supply = coefficients.node.supply;
  limits.least = coefficients.nominal_clock * technology::relative_speed(supply, supply.minimum_v);
  if (limits.least > chip.clock.max) limits.least = chip.clock.max;
  limits.most = chip.clock.max;
  limits.cap = chip.power_cap;
  limits.fast = chip.power_cap * chip.power.fast_limit;
  limits.window = chip.power.window;
  limits.slew_hz_s = chip.power.slew_hz_s;
  return limits;
}

}  // namespace

ActivityTable::Element ChipPowerModel::element(const ChipDescription& chip, Format format) const {
  const int length = chip.matrix.dot_length;
  return {format, length == 1 ? "weight_stationary" : "output_stationary", length};
}

ChipPowerModel power_model(const ChipDescription& chip, const config::ConfigPaths& paths,
                           const std::vector<Format>& formats) {
  if (!chip.power.is_known())
    wrong(chip, "power", "nothing", "die_area, nominal_clock and what else docs/power.md names");
  const auto node = config::process_node_id(paths, chip.node);
  if (!node)
    throw InputError({chip.id, 0, 0}, "node", config::in_quotes(chip.node),
                     "a file of configs/nodes", nearest(chip.node, paths.names("nodes")));
  const config::Technology technology = config::load_technology(paths, *node);
  const auto file = paths.find("technology", "power");
  if (!file) wrong(chip, "power", "no file technology/power.yaml", "one in a folder of configs");
  ChipPowerModel model;
  std::vector<Format> wanted{Format::bf16};  // that others are known relative to
  for (const auto& [format, rate] : chip.matrix.rate)
    if (formats.empty() || std::count(formats.begin(), formats.end(), format) > 0)
      wanted.push_back(format);
  model.activity = ActivityTable::load(paths, wanted);
  try {
    model.coefficients = power::resolve(
        config::read_power_constants(config::Node::load(*file)), chip.power,
        parts_of(chip, model.activity, model, *node), technology.nodes, technology.energies);
  } catch (const std::invalid_argument& error) {
    wrong(chip, "power", error.what(), "a chip whose node, memory and links have energies");
  }
  const Hertz highest = power::highest_clock(model.coefficients);
  constexpr double rounding = 1.001;
  if (chip.clock.max > highest * rounding)
    wrong(chip, "clock.max", fmt::format("{:.0f} MHz", chip.clock.max.si() * 1e-6),
          fmt::format("at most {:.0f} MHz, which supply.maximum of node {} gives",
                      highest.si() * 1e-6, *node));
  model.limits = limits_of(chip, model.coefficients);
  return model;
}

}  // namespace headroom
