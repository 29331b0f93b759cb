#include "sim/power/activity.h"

#include <algorithm>

#include "models/power/distributions.h"

namespace headroom {

using rtl::Cell;

const std::vector<std::string>& data_names() {
  static const std::vector<std::string> names(
      power::distributions.begin(), power::distributions.end());
  return names;
}

ActivityTable ActivityTable::load(
    const config::ConfigPaths& paths, const std::vector<Format>& formats) {
  ActivityTable result;
  for (const char* name : {"activity.csv", "activity_dot4.csv"})
    if (const auto table = rtl::find_table(paths, name, formats)) result.take(*table);
  return result;
}

ActivityTable ActivityTable::parse(const std::string& text, const std::string& origin) {
  ActivityTable result;
  result.take(rtl::parse_table(text, origin));
  return result;
}

void ActivityTable::take(const rtl::CsvTable& table) {
  using rtl::column, rtl::number;
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
