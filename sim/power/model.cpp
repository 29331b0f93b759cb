#include "sim/power/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

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

// What the power of every chip of a node is worked out from.
struct Files {
  config::Technology technology;
  power::Constants constants;
  ActivityTable activity;
};

// Name, size and time of each file, so that a changed one is read again.
std::string state_of(const config::ConfigPaths& paths) {
  std::string state;
  for (const std::filesystem::path& folder : paths.folders())
    for (const char* name :
         {"power.yaml", "operations.yaml", "activity.csv", "activity_dot4.csv"}) {
      const std::filesystem::path file = folder / "technology" / name;
      std::error_code error;
      const auto time = std::filesystem::last_write_time(file, error).time_since_epoch().count();
      state += fmt::format(
          "{} {} {}\n", file.string(), error ? 0 : time,
          error ? 0 : std::filesystem::file_size(file, error));
    }
  return state;
}

// Once for a sweep's hundred thousand chips: reading them takes ten times as long as a step.
const Files& files_of(const config::ConfigPaths& paths, const std::filesystem::path& constants,
                      const std::string& node, const std::vector<Format>& formats) {
  static std::mutex mutex;
  static std::map<std::string, Files> known;  // whose entries stay where they are
  std::string key = state_of(paths) + constants.string() + node;
  for (const Format format : formats) (key += ' ') += to_string(format);
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  return known
      .emplace(key, Files{config::load_technology(paths, node),
                          config::read_power_constants(config::Node::load(constants)),
                          ActivityTable::load(paths, formats)})
      .first->second;
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
  const auto file = paths.find("technology", "power");
  if (!file) wrong(chip, "power", "no file technology/power.yaml", "one in a folder of configs");
  std::vector<Format> wanted{Format::bf16};  // that others are known relative to
  for (const auto& [format, rate] : chip.matrix.rate)
    if (formats.empty() || std::count(formats.begin(), formats.end(), format) > 0)
      wanted.push_back(format);
  const Files& files = files_of(paths, *file, *node, wanted);
  ChipPowerModel model;
  model.activity = files.activity;
  try {
    model.coefficients = power::resolve(
        files.constants, chip.power, parts_of(chip, model.activity, model, *node),
        files.technology.nodes, files.technology.energies);
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
