#include "sim/power/activity.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "models/power/distributions.h"
#include "sim/config/text_file.h"
#include "sim/validation/csv.h"

namespace headroom {
namespace {

using validation::Cell;
using validation::CsvTable;

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

}  // namespace

const std::vector<std::string>& data_names() {
  static const std::vector<std::string> names(
      power::distributions.begin(), power::distributions.end());
  return names;
}

ActivityTable ActivityTable::load(
    const config::ConfigPaths& paths, const std::vector<Format>& formats) {
  ActivityTable result;
  for (const char* name : {"activity.csv", "activity_dot4.csv"})
    for (const std::filesystem::path& folder : paths.folders()) {
      const std::filesystem::path file = folder / "technology" / name;
      std::error_code error;
      if (!std::filesystem::is_regular_file(file, error)) continue;
      result.take(wanted_lines(config::read_text_file(file, most_bytes, "a CSV file"), formats),
                  file.string());
      break;
    }
  return result;
}

ActivityTable ActivityTable::parse(const std::string& text, const std::string& origin) {
  ActivityTable result;
  result.take(wanted_lines(text, {}), origin);
  return result;
}

void ActivityTable::take(const std::string& text, const std::string& origin) {
  const CsvTable table = validation::parse_csv(text, origin);
  const std::size_t format = column(table, "format"), dataflow = column(table, "dataflow"),
                    data = column(table, "data"), dot = column(table, "dot_length"),
                    toggles = column(table, "weighted_with_glitches"),
                    clock = column(table, "clock");
  for (const std::vector<Cell>& row : table.rows) {
    const double length = number(table, row[dot]);
    const double switched = number(table, row[toggles]) - number(table, row[clock]);
    if (switched < 0)
      throw InputError(table.at(row[clock]), "", row[clock].text,
                       "at most weighted_with_glitches, " + row[toggles].text);
    rows_[row[format].text][row[dataflow].text][static_cast<int>(length)]
         [row[data].text] = switched;
  }
}

const ActivityTable::ByData* ActivityTable::find(const Element& element) const {
  const auto format = rows_.find(std::string(to_string(element.format)));
  if (format == rows_.end()) return nullptr;
  const auto dataflow = format->second.find(element.dataflow);
  if (dataflow == format->second.end()) return nullptr;
  const auto beyond = dataflow->second.upper_bound(element.dot_length);
  return beyond == dataflow->second.begin() ? nullptr : &std::prev(beyond)->second;
}

std::optional<double> ActivityTable::relative(
    const Element& element, const std::string& data) const {
  if (data == "normal") return 1;
  const ByData* rows = find(element);
  if (rows == nullptr || rows->count(data) == 0 || rows->count("normal") == 0) return std::nullopt;
  return rows->at(data) / rows->at("normal");
}

double ActivityTable::worst(const Element& element) const {
  double most = 1;
  for (const std::string& data : data_names())
    if (const auto toggles = relative(element, data)) most = std::max(most, *toggles);
  return most;
}

std::optional<double> ActivityTable::over_bf16(const Element& element) const {
  const ByData* rows = find(element);
  const ByData* bf16 = find({Format::bf16, element.dataflow, element.dot_length});
  if (rows == nullptr || bf16 == nullptr || rows->count("normal") == 0 ||
      bf16->count("normal") == 0)
    return std::nullopt;
  return rows->at("normal") / bf16->at("normal");
}

}  // namespace headroom
