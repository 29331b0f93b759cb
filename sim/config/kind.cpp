#include "sim/config/kind.h"

#include <fmt/format.h>

namespace headroom::config {
namespace {

const std::vector<std::string>& valued_keys() {
  static const std::vector<std::string> keys{
      "value", "range", "derived", "source", "sources", "note", "notes"};
  return keys;
}

Json bounded(Json schema, Interval within) {
  if (std::isfinite(within.low))
    schema[within.above_low ? "exclusiveMinimum" : "minimum"] = within.low;
  if (std::isfinite(within.high)) schema["maximum"] = within.high;
  return schema;
}

}  // namespace

const std::vector<std::string>& provenance_keys() {
  static const std::vector<std::string> keys{"source", "sources", "note", "notes"};
  return keys;
}

Node bare(const Node& node) {
  if (!node.is_mapping() || !node["value"].exists()) return node;
  node.refuse_unknown_keys(valued_keys());
  if (const Node derived = node["derived"]; derived.exists()) static_cast<void>(derived.boolean());
  return node["value"];
}

Json with_source(Json scalar) {
  Json valued{{"type", "object"}, {"required", {"value"}}, {"additionalProperties", false}};
  for (const std::string& key : valued_keys()) valued["properties"][key] = true;
  valued["properties"]["value"] = scalar;
  valued["properties"]["derived"] = Json{{"type", "boolean"}};
  return Json{{"anyOf", Json::array({std::move(scalar), std::move(valued)})}};
}

Kind<bool> boolean() {
  return scalar_kind<bool>(
      [](const Node& node) { return node.boolean(); }, "true or false", Json{{"type", "boolean"}},
      [](const bool& value) { return Json(value); });
}

Kind<std::string> text() {
  return scalar_kind<std::string>(
      [](const Node& node) { return node.text(); }, "text", Json{{"type", "string"}},
      [](const std::string& value) { return Json(value); });
}

Kind<double> number(Interval within) {
  return scalar_kind<double>(
      [=](const Node& node) { return node.number(within); }, "a number" + within.words(),
      bounded(Json{{"type", "number"}}, within), [](const double& value) { return Json(value); });
}

Kind<double> flop_rate() { return measure(Dimension::flop_rate); }

Kind<double> measure(Dimension dimension, Interval within) {
  return scalar_kind<double>(
      [=](const Node& node) { return read_quantity(node, dimension, within); },
      example_of(dimension), quantity_schema(dimension),
      [](const double& value) { return Json(value); });
}

Json integer_schema(std::int64_t low, std::int64_t high) {
  Json schema{{"type", "integer"}, {"minimum", low}};
  if (high < std::numeric_limits<std::int32_t>::max()) schema["maximum"] = high;
  return schema;
}

Json quantity_schema(Dimension dimension) {
  std::string alternatives;
  for (const std::string& unit : units_of(dimension)) {
    alternatives += alternatives.empty() ? "" : "|";
    for (const char c : unit) alternatives += c == '^' ? "\\^" : std::string(1, c);
  }
  return Json{
      {"type", "string"},
      {"description", example_of(dimension)},
      {"pattern", fmt::format("^[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)? *({})$", alternatives)}};
}

Json word_schema(const std::vector<std::string>& words) { return Json{{"enum", words}}; }

std::string one_of(const std::vector<std::string>& words) {
  return words.size() == 1 ? words.front() : fmt::format("one of {}", fmt::join(words, ", "));
}

std::size_t read_word(const Node& node, const std::vector<std::string>& words) {
  if (!node.is_scalar()) node.expected(one_of(words));
  const auto place = std::find(words.begin(), words.end(), node.text());
  if (place == words.end()) node.expected(one_of(words), nearest(node.text(), words));
  return static_cast<std::size_t>(place - words.begin());
}

}  // namespace headroom::config
