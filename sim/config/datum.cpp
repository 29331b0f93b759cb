#include "sim/config/datum.h"

#include <algorithm>

namespace headroom::config {
namespace {

std::string text_or_nothing(const Node& node) { return node.is_scalar() ? node.text() : ""; }

Datum datum_of(const Node& document, const Parameter& parameter, const Json& written) {
  Datum datum;
  datum.key = parameter.key;
  datum.meaning = parameter.meaning;
  Node at = document;
  std::string rest = parameter.key;
  while (!rest.empty()) {
    const std::size_t dot = rest.find('.');
    datum.source = text_or_nothing(at["source"]);
    at = at[rest.substr(0, dot)];
    rest = dot == std::string::npos ? "" : rest.substr(dot + 1);
  }
  if (!at.exists()) return datum;
  datum.value = text_or_nothing(bare(at));
  if (const Node source = at["source"]; source.exists()) datum.source = source.text();
  if (const Node range = at["range"]; range.exists()) {
    datum.low = range.elements().front().text();
    datum.high = range.elements().back().text();
  }
  datum.derived = at["derived"].exists() && at["derived"].boolean();
  std::string pointer = "/" + parameter.key;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  datum.si = written.at(Json::json_pointer(pointer));
  return datum;
}

}  // namespace

std::vector<Datum> data_of(const Node& document, const RecordFields& record, const Json& written) {
  std::vector<Datum> data;
  for (const Parameter& parameter : record.parameters())
    data.push_back(datum_of(document, parameter, written));
  return data;
}

}  // namespace headroom::config
