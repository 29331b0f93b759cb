// A record declares each key of a mapping once: name, member, kind, default, meaning. Reading,
// writing, the JSON Schema and the documentation all come from that one declaration.
//
//   const auto plan = Record<Plan>("how the step is divided over chips")
//       .optional("tensor", &Plan::tensor, integer(), "1", "tensor-parallel ranks")
//       .required("sequence", &Plan::sequence, integer(), "tokens per sequence");
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/config/kind.h"

namespace headroom::config {

// One line of the documentation of a record.
struct Parameter {
  std::string key;                      // path from the record, "clock.nameplate"
  std::string expected;                 // "a frequency such as 1.83 GHz"
  std::optional<std::string> fallback;  // the default; none: the key is required
  std::string meaning;
};

template <class T>
class Record {
 public:
  explicit Record(std::string meaning = "") : meaning_(std::move(meaning)) {}

  // `member` is a pointer to a data member, or a function from T& to the reference that the value
  // goes to.
  template <class M, class V>
  Record& required(std::string key, M member, Kind<V> kind, std::string meaning) {
    return add(std::move(key), member, std::move(kind), std::nullopt, std::move(meaning));
  }

  // `fallback` is written as it would stand in the file, so that messages and documents show what
  // users can write.
  template <class M, class V>
  Record& optional(std::string key, M member, Kind<V> kind, std::string fallback,
                   std::string meaning) {
    return add(std::move(key), member, std::move(kind), std::move(fallback), std::move(meaning));
  }

  // A key that replaces what `origin` ("the memory's file") gave the member before; without it the
  // member stays.
  template <class M, class V>
  Record& overriding(std::string key, M member, Kind<V> kind, const std::string& origin,
                     std::string meaning) {
    auto read = [=](const Node& node, T& object) {
      if (const Node given = node[key]; given.exists())
        std::invoke(member, object) = kind.read(given);
    };
    fields_.push_back(
        {key,
         false,
         read,
         writer(member, kind),
         described(kind.schema, meaning),
         {{key, kind.expected, "from " + origin, meaning}}});
    return *this;
  }

  // A key whose mapping fills a struct that is a member of T (`member` as above). It may be left
  // out where nothing in it is required.
  template <class M, class Inner>
  Record& group(std::string key, M member, const Record<Inner>& inner) {
    fields_.push_back(
        {key, inner.has_required(),
         [=](const Node& node, T& object) {
           inner.read_into(node[key], std::invoke(member, object));
         },
         [=](const T& object) { return inner.write(std::invoke(member, object)); },
         [=](bool partial) { return inner.schema(partial); }, inner.parameters(key + ".")});
    return *this;
  }

  // A key that may stand here and that another reader takes.
  Record& ignored(std::string key, Json schema = true) {
    others_.emplace_back(std::move(key), std::move(schema));
    return *this;
  }

  void read_into(const Node& node, T& object) const {
    if (node.exists()) node.refuse_unknown_keys(keys(), provenance_keys());
    for (const Field& field : fields_) field.read(node, object);
  }

  [[nodiscard]] std::vector<std::string> keys() const {
    std::vector<std::string> result;
    for (const Field& field : fields_) result.push_back(field.key);
    for (const auto& [key, schema] : others_) result.push_back(key);
    return result;
  }

  [[nodiscard]] bool has_required() const {
    return std::any_of(fields_.begin(), fields_.end(), [](const Field& field) {
      return field.is_required;
    });
  }

  [[nodiscard]] T read(const Node& node) const {
    T object;
    read_into(node, object);
    return object;
  }

  // The object as JSON, quantities in SI.
  [[nodiscard]] Json write(const T& object) const {
    Json result = Json::object();
    for (const Field& field : fields_) result[field.key] = field.write(object);
    return result;
  }

  // JSON Schema; `partial` leaves out what is required, for a mapping that is laid over another
  // one.
  [[nodiscard]] Json schema(bool partial = false) const {
    Json result{{"type", "object"}, {"description", meaning_}, {"additionalProperties", false}};
    Json required = Json::array();
    for (const Field& field : fields_) {
      result["properties"][field.key] = field.schema(partial);
      if (field.is_required && !partial) required.push_back(field.key);
    }
    for (const auto& [key, schema] : others_) result["properties"][key] = schema;
    for (const std::string& key : provenance_keys()) result["properties"][key] = true;
    if (!required.empty()) result["required"] = required;
    return result;
  }

  [[nodiscard]] std::vector<Parameter> parameters(const std::string& prefix = "") const {
    std::vector<Parameter> result;
    for (const Field& field : fields_)
      for (Parameter parameter : field.parameters) {
        parameter.key = prefix + parameter.key;
        result.push_back(std::move(parameter));
      }
    return result;
  }

 private:
  struct Field {
    std::string key;
    bool is_required;
    std::function<void(const Node&, T&)> read;  // takes the whole mapping
    std::function<Json(const T&)> write;
    std::function<Json(bool)> schema;
    std::vector<Parameter> parameters;
  };

  template <class M, class V>
  static std::function<Json(const T&)> writer(M member, Kind<V> kind) {
    return [=](const T& object) { return kind.write(std::invoke(member, object)); };
  }

  static std::function<Json(bool)> described(Json schema, const std::string& meaning) {
    schema["description"] = meaning;
    return [schema](bool) { return schema; };
  }

  template <class M, class V>
  Record& add(std::string key, M member, Kind<V> kind, std::optional<std::string> fallback,
              std::string meaning) {
    auto read = [=](const Node& node, T& object) {
      const Node given = node[key];
      if (!given.exists() && !fallback) given.expected(kind.expected);
      std::invoke(member, object) = kind.read(
          given.exists() ? given : Node::parse(*fallback, "default of " + key));
    };
    Json schema = described(kind.schema, meaning)(false);
    if (fallback) schema["default"] = Node::parse(*fallback, key).json();
    fields_.push_back(
        {key,
         !fallback,
         read,
         writer(member, kind),
         [schema](bool) { return schema; },
         {{key, kind.expected, fallback, meaning}}});
    return *this;
  }

  std::string meaning_;
  std::vector<Field> fields_;
  std::vector<std::pair<std::string, Json>> others_;
};

}  // namespace headroom::config
