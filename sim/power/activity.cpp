#include "sim/power/activity.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/config/text_file.h"
#include "sim/validation/csv.h"

namespace headroom {
namespace {

using validation::Cell;
using validation::CsvTable;

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
  static const std::vector<std::string> names{
      "zeros",     "ones",  "normal", "uniform01", "uniform11",
      "integers8", "signs", "sorted", "sparse50",  "sparse90"};
  return names;
}

ActivityTable ActivityTable::load(const config::ConfigPaths& paths) {
  ActivityTable result;
  for (const char* name : {"activity.csv", "activity_dot4.csv"})
    for (const std::filesystem::path& folder : paths.folders()) {
      const std::filesystem::path file = folder / "technology" / name;
      std::error_code error;
      if (!std::filesystem::is_regular_file(file, error)) continue;
      result.take(config::read_text_file(file, most_bytes, "a CSV file"), file.string());
      break;
    }
  return result;
}

ActivityTable ActivityTable::parse(const std::string& text, const std::string& origin) {
  ActivityTable result;
  result.take(text, origin);
  return result;
}

void ActivityTable::take(const std::string& text, const std::string& origin) {
  const CsvTable table = validation::parse_csv(without_comments(text), origin);
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
    (*rows_)[row[format].text][row[dataflow].text][static_cast<int>(length)]
            [row[data].text] = switched;
  }
}

const ActivityTable::ByData* ActivityTable::find(const Element& element) const {
  const auto format = rows_->find(std::string(to_string(element.format)));
  if (format == rows_->end()) return nullptr;
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
