#include "sim/config/record.h"

#include <algorithm>

namespace headroom::config {
namespace {

Json described(Json schema, const std::string& meaning) {
  schema["description"] = meaning;
  return schema;
}

}  // namespace

void RecordFields::add(Field field) {
  fields_.push_back(std::make_shared<const Field>(std::move(field)));
}

void RecordFields::ignore(std::string key, Json schema) {
  others_.emplace_back(std::move(key), std::move(schema));
}

std::vector<std::string> RecordFields::keys() const {
  std::vector<std::string> result;
  for (const auto& field : fields_) result.push_back(field->key);
  for (const auto& [key, schema] : others_) result.push_back(key);
  return result;
}

bool RecordFields::has_required() const {
  return std::any_of(fields_.begin(), fields_.end(), [](const auto& field) {
    return field->is_required;
  });
}

Json RecordFields::schema(bool partial) const {
  Json result{{"type", "object"}, {"description", meaning_}, {"additionalProperties", false}};
  Json required = Json::array();
  for (const auto& field : fields_) {
    result["properties"][field->key] = field->schema(partial);
    if (field->is_required && !partial) required.push_back(field->key);
  }
  for (const auto& [key, schema] : others_) result["properties"][key] = schema;
  for (const std::string& key : provenance_keys()) result["properties"][key] = true;
  if (!required.empty()) result["required"] = required;
  return result;
}

std::vector<Parameter> RecordFields::parameters(const std::string& prefix) const {
  std::vector<Parameter> result;
  for (const auto& field : fields_)
    for (Parameter parameter : field->parameters) {
      parameter.key = prefix + parameter.key;
      result.push_back(std::move(parameter));
    }
  return result;
}

void RecordFields::read_fields(const Node& node, void* object) const {
  if (node.exists()) node.refuse_unknown_keys(keys(), provenance_keys());
  for (const auto& field : fields_) field->read(node, object);
}

Json RecordFields::write_fields(const void* object) const {
  Json result = Json::object();
  for (const auto& field : fields_) result[field->key] = field->write(object);
  return result;
}

void RecordFields::add_value(
    std::string key, const std::string& expected, Json schema,
    const std::optional<std::string>& fallback, const std::string& meaning, Reader read,
    Writer write) {
  // Parsed where it is first needed, once: sweeps read the same records a hundred thousand times.
  auto parsed = std::make_shared<std::optional<Node>>();
  auto read_or_default =
      [key, expected, fallback, parsed, read = std::move(read)](const Node& node, void* object) {
        const Node given = node[key];
        if (given.exists()) return read(given, object);
        if (!fallback) given.expected(expected);
        if (!*parsed) *parsed = Node::parse(*fallback, "default of " + key);
        read(**parsed, object);
      };
  auto with_default = [key, fallback, meaning, schema = std::move(schema)](bool) {
    Json result = described(schema, meaning);
    if (fallback) result["default"] = Node::parse(*fallback, key).json();
    return result;
  };
  add({key,
       !fallback,
       std::move(read_or_default),
       std::move(write),
       std::move(with_default),
       {{key, expected, fallback, meaning}}});
}

void RecordFields::add_overriding(
    std::string key, const std::string& expected, Json schema, const std::string& origin,
    const std::string& meaning, Reader read, Writer write) {
  auto read_where_given = [key, read = std::move(read)](const Node& node, void* object) {
    if (const Node given = node[key]; given.exists()) read(given, object);
  };
  add({key,
       false,
       std::move(read_where_given),
       std::move(write),
       [meaning, schema = std::move(schema)](bool) { return described(schema, meaning); },
       {{key, expected, "from " + origin, meaning}}});
}

void RecordFields::add_group(
    const std::string& key, const RecordFields& inner, std::function<void*(void*)> part,
    std::function<const void*(const void*)> const_part) {
  add({key, inner.has_required(),
       [key, inner, part = std::move(part)](const Node& node, void* object) {
         inner.read_fields(node[key], part(object));
       },
       [inner, part = std::move(const_part)](const void* object) {
         return inner.write_fields(part(object));
       },
       [inner](bool partial) { return inner.schema(partial); }, inner.parameters(key + ".")});
}

}  // namespace headroom::config
