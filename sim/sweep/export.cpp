#include "sim/sweep/export.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

namespace headroom::sweep {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Cell& cell) {
  if (const double* number = std::get_if<double>(&cell)) return *number;
  return std::get<std::string>(cell);
}

// RFC 4180: in quotes where it has to be.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

// Scalars by path, in the order of the document.
void flatten(const Json& node, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& fields) {
  if (node.is_object())
    for (const auto& [key, child] : node.items())
      flatten(child, path.empty() ? key : path + "." + key, fields);
  else if (node.is_string())
    fields.emplace_back(path, node.get<std::string>());
  else if (!node.is_array())
    fields.emplace_back(path, node.is_null() ? "" : node.dump());
}

std::vector<std::pair<std::string, std::string>> fields_of(const Row& row) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (!row.result.empty()) flatten(Json::parse(row.result), "", fields);
  return fields;
}

}  // namespace

void write_jsonl(Store& store, std::ostream& out) {
  store.each([&](const Row& row) {
    Json axes = Json::object();
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      axes[store.axes()[i]] = json_of(row.cells[i]);
    const Json head{{"axes", axes}, {"status", to_string(row.status)}, {"reason", row.reason}};
    const std::string text = head.dump(-1, ' ', false, Json::error_handler_t::replace);
    // The result is text of ours already.
    out << text.substr(0, text.size() - 1)
        << ",\"result\":" << (row.result.empty() ? "null" : row.result) << "}\n";
  });
}

void write_csv(Store& store, std::ostream& out) {
  std::vector<std::string> names;
  std::map<std::string, std::size_t> place;
  store.each([&](const Row& row) {
    for (const auto& [name, text] : fields_of(row))
      if (place.emplace(name, names.size()).second) names.push_back(name);
  });
  std::string line;
  for (const std::string& axis : store.axes()) line += csv_field(axis) + ',';
  line += "status,reason";
  for (const std::string& name : names) line += ',' + csv_field(name);
  out << line << '\n';
  store.each([&](const Row& row) {
    std::vector<std::string> fields(names.size());
    for (auto& [name, text] : fields_of(row)) fields[place.at(name)] = std::move(text);
    line.clear();
    for (const Cell& cell : row.cells) line += csv_field(to_text(cell)) + ',';
    line += std::string(to_string(row.status)) + ',' + csv_field(row.reason);
    for (const std::string& field : fields) line += ',' + csv_field(field);
    out << line << '\n';
  });
}

std::optional<double> number_at(const std::string& result, const std::string& path) {
  if (result.empty()) return std::nullopt;
  const Json document = Json::parse(result);
  const Json* node = &document;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const auto child = node->is_object() ? node->find(path.substr(begin, end - begin))
                                         : node->end();
    if (!node->is_object() || child == node->end()) return std::nullopt;
    node = &*child;
    begin = end + 1;
  }
  return node->is_number() ? std::optional(node->get<double>()) : std::nullopt;
}

}  // namespace headroom::sweep
