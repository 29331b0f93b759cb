#include "sim/power/rtl_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "sim/config/text_file.h"

namespace headroom::rtl {
namespace {

constexpr std::size_t most_bytes = 1 << 22;

// Without comments, and without rows of other formats, which take longest to read; none: all
// formats. The lines keep their numbers.
std::string wanted_lines(std::string_view text, const std::vector<Format>& formats) {
  const auto is_wanted = [&](std::string_view line) {
    const std::string_view format = line.substr(0, line.find(','));
    return formats.empty() || std::any_of(formats.begin(), formats.end(), [&](Format wanted) {
             return to_string(wanted) == format;
           });
  };
  std::string result;
  bool has_header = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const bool comment = line.empty() || line.front() == '#';
    if (!comment && (!has_header || is_wanted(line))) result += line;
    has_header = has_header || !comment;
    if (end < text.size()) result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace

std::optional<CsvTable> find_table(
    const config::ConfigPaths& paths, const std::string& name, const std::vector<Format>& formats) {
  for (const std::filesystem::path& folder : paths.folders()) {
    const std::filesystem::path file = folder / "technology" / name;
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error))
      return validation::parse_csv(
          wanted_lines(config::read_text_file(file, most_bytes, "a CSV file"), formats),
          file.string());
  }
  return std::nullopt;
}

CsvTable parse_table(const std::string& text, const std::string& origin) {
  return validation::parse_csv(wanted_lines(text, {}), origin);
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
