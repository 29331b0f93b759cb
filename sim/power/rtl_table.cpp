#include "sim/power/rtl_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "sim/config/text_file.h"

namespace headroom::rtl {
namespace {

constexpr std::size_t most_bytes = 1 << 22;

// The lines keep their numbers.
std::string without_comments(const std::string& text) {
  std::string result;
  bool comment = false, line_begins = true;
  for (const char c : text) {
    if (line_begins) comment = c == '#';
    line_begins = c == '\n';
    if (!comment || line_begins) result += c;
  }
  return result;
}

}  // namespace

std::optional<CsvTable> find_table(const config::ConfigPaths& paths, const std::string& name) {
  for (const std::filesystem::path& folder : paths.folders()) {
    const std::filesystem::path file = folder / "technology" / name;
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error))
      return parse_table(config::read_text_file(file, most_bytes, "a CSV file"), file.string());
  }
  return std::nullopt;
}

CsvTable parse_table(const std::string& text, const std::string& origin) {
  return validation::parse_csv(without_comments(text), origin);
}

std::size_t column(const CsvTable& table, const std::string& name) {
  std::vector<std::string> names;
  for (const Cell& cell : table.header) names.push_back(cell.text);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw InputError(table.at(table.header.front()), "", "no column '" + name + "'",
                     "the columns of scripts/mac_activity", nearest(name, names));
  return static_cast<std::size_t>(found - names.begin());
}

double number(const CsvTable& table, const Cell& cell) {
  const std::string& text = cell.text;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) ||
      value < 0)
    throw InputError(table.at(cell), "", "'" + text + "'", "a number of at least 0");
  return value;
}

}  // namespace headroom::rtl
