// What one parameter may be: how it is read, what a message calls it, its JSON Schema, and its
// value as JSON in SI units. A scalar kind also accepts {value: …, source: …}, because every
// constant in configs/ carries its source.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/base/quantity.h"
#include "sim/config/node.h"
#include "sim/config/units.h"

namespace headroom::config {

using Json = nlohmann::ordered_json;

template <class V>
struct Kind {
  std::function<V(const Node&)> read;
  std::string expected;  // "a whole number from 1 to 8"
  Json schema;
  std::function<Json(const V&)> write;
};

// The keys that may stand in every mapping without meaning anything to the program.
[[nodiscard]] const std::vector<std::string>& provenance_keys();

// The bare scalar of {value: …, source: …, range: [low, high], derived: true, note: …}; other nodes
// as they are.
[[nodiscard]] Node bare(const Node& node);
// The schema of a scalar or of that mapping around it.
[[nodiscard]] Json with_source(Json scalar);

template <class V>
Kind<V> scalar_kind(std::function<V(const Node&)> read, std::string expected, Json schema,
                    std::function<Json(const V&)> write) {
  auto read_bare = [read](const Node& node) {
    const Node value = bare(node);
    // Where sources differ, the value chosen lies among them.
    if (const Node range = node["range"]; range.exists()) {
      const std::vector<Node> ends = range.elements();
      if (ends.size() != 2) range.expected("a list of two values, [low, high]");
      if constexpr (!std::is_same_v<V, bool> && !std::is_same_v<V, std::string>)
        if (read(value) < read(ends[0]) || read(ends[1]) < read(value))
          value.expected(
              "a value within its own range: " + ends[0].text() + " to " + ends[1].text());
    }
    return read(value);
  };
  return {
      std::move(read_bare), std::move(expected), with_source(std::move(schema)), std::move(write)};
}

[[nodiscard]] Kind<bool> boolean();
[[nodiscard]] Kind<std::string> text();
[[nodiscard]] Kind<double> number(Interval within = {});
[[nodiscard]] Kind<double> flop_rate();
// A number with a unit of `dimension`, in SI, for dimensions that have no type of their own.
[[nodiscard]] Kind<double> measure(Dimension dimension, Interval within = positive);
[[nodiscard]] Json integer_schema(std::int64_t low, std::int64_t high);
[[nodiscard]] Json quantity_schema(Dimension dimension);
[[nodiscard]] Json word_schema(const std::vector<std::string>& words);
// The place of a word in `words`; anything else is an error with the nearest of them.
[[nodiscard]] std::size_t read_word(const Node& node, const std::vector<std::string>& words);
[[nodiscard]] std::string one_of(const std::vector<std::string>& words);

template <class I = std::int64_t>
Kind<I> integer(std::int64_t low = 1, std::int64_t high = std::numeric_limits<I>::max()) {
  return scalar_kind<I>(
      [=](const Node& node) { return static_cast<I>(node.integer(low, high)); },
      integer_words(low, high), integer_schema(low, high),
      [](const I& value) { return Json(value); });
}

template <class Q>
struct DimensionOf;
template <>
struct DimensionOf<Seconds> {
  static constexpr auto value = Dimension::time;
};
template <>
struct DimensionOf<Hertz> {
  static constexpr auto value = Dimension::frequency;
};
template <>
struct DimensionOf<Bytes> {
  static constexpr auto value = Dimension::data;
};
template <>
struct DimensionOf<BytesPerSecond> {
  static constexpr auto value = Dimension::data_rate;
};
template <>
struct DimensionOf<Watts> {
  static constexpr auto value = Dimension::power;
};
template <>
struct DimensionOf<Joules> {
  static constexpr auto value = Dimension::energy;
};
template <>
struct DimensionOf<Metres> {
  static constexpr auto value = Dimension::length;
};
template <>
struct DimensionOf<SquareMetres> {
  static constexpr auto value = Dimension::area;
};
template <>
struct DimensionOf<Dollars> {
  static constexpr auto value = Dimension::money;
};

// A quantity whose unit must be of the dimension of Q.
template <class Q>
Kind<Q> quantity(Interval within = positive) {
  constexpr Dimension dimension = DimensionOf<Q>::value;
  return scalar_kind<Q>(
      [=](const Node& node) { return Q(read_quantity(node, dimension, within)); },
      example_of(dimension), quantity_schema(dimension),
      [](const Q& value) { return Json(value.si()); });
}

// One word of a list; `values` gives the meaning of each.
template <class E>
Kind<E> word(std::vector<std::pair<std::string, E>> values) {
  std::vector<std::string> words;
  words.reserve(values.size());
  for (const auto& [name, value] : values) words.push_back(name);
  return scalar_kind<E>(
      [=](const Node& node) { return values[read_word(node, words)].second; }, one_of(words),
      word_schema(words),
      [=](const E& value) {
        for (const auto& [name, candidate] : values)
          if (candidate == value) return Json(name);
        return Json();
      });
}

// The words of an enumeration whose names stand in its declaration order (format_names,
// fidelity_names).
template <class E, class Names>
Kind<E> word_of(const Names& names) {
  std::vector<std::pair<std::string, E>> values;
  for (std::size_t i = 0; i < names.size(); ++i) values.emplace_back(names[i], static_cast<E>(i));
  return word<E>(std::move(values));
}

template <class V>
Kind<std::vector<V>> list_of(Kind<V> element) {
  auto read = [=](const Node& node) {
    std::vector<V> result;
    for (const Node& item : bare(node).elements()) result.push_back(element.read(item));
    return result;
  };
  auto write = [=](const std::vector<V>& values) {
    Json result = Json::array();
    for (const V& value : values) result.push_back(element.write(value));
    return result;
  };
  return {read, "a list, each " + element.expected,
          with_source(Json{{"type", "array"}, {"items", element.schema}}), write};
}

// A mapping from the words of an enumeration to values.
template <class E, class V, class Names>
Kind<std::map<E, V>> map_of(const Names& names, Kind<V> value) {
  const std::vector<std::string> words(names.begin(), names.end());
  auto read = [=](const Node& node) {
    node.refuse_unknown_keys(words, provenance_keys());
    std::map<E, V> result;
    for (std::size_t i = 0; i < words.size(); ++i)
      if (const Node entry = node[words[i]]; entry.exists())
        result.emplace(static_cast<E>(i), value.read(entry));
    if (result.empty()) node.fail("no entry", "at least " + one_of(words));
    return result;
  };
  auto write = [=](const std::map<E, V>& values) {
    Json result = Json::object();
    for (const auto& [key, entry] : values)
      result[words[static_cast<std::size_t>(key)]] = value.write(entry);
    return result;
  };
  Json properties = Json::object();
  for (const std::string& name : words) properties[name] = value.schema;
  for (const std::string& name : provenance_keys()) properties[name] = true;
  return {
      read, "a mapping from a name to " + value.expected,
      Json{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}, write};
}

}  // namespace headroom::config
