#include "sim/power/area.h"

#include <algorithm>

#include "sim/power/rtl_table.h"

namespace headroom {

AreaTable AreaTable::load(const config::ConfigPaths& paths) {
  AreaTable result;
  const auto table = rtl::find_table(paths, "mac_area.csv");
  if (!table) return result;
  const std::size_t unit = rtl::column(*table, "unit"), format = rtl::column(*table, "format"),
                    dot = rtl::column(*table, "dot_length"),
                    gates = rtl::column(*table, "gate_equivalents_per_mac");
  for (const std::vector<rtl::Cell>& row : table->rows) {
    const auto name = std::find(format_names.begin(), format_names.end(), row[format].text);
    if (row[unit].text != "processing_element" || name == format_names.end()) continue;
    result.gates_[static_cast<Format>(name - format_names.begin())][static_cast<int>(
        rtl::number(*table, row[dot]))] = rtl::number(*table, row[gates]);
  }
  return result;
}

std::optional<double> AreaTable::over_bf16(Format format, int dot_length) const {
  const auto rows = gates_.find(format), wide = gates_.find(Format::bf16);
  if (rows == gates_.end() || wide == gates_.end()) return std::nullopt;
  const auto beyond = rows->second.upper_bound(dot_length);
  if (beyond == rows->second.begin()) return std::nullopt;
  const auto& [length, gates] = *std::prev(beyond);
  const auto bf16 = wide->second.find(length);
  if (bf16 == wide->second.end()) return std::nullopt;
  return gates / bf16->second;
}

}  // namespace headroom
