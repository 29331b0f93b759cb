#include "sim/sweep/key.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "sim/config/kind.h"
#include "sim/config/load.h"
#include "sim/config/units.h"

namespace headroom::sweep {

using config::Json;

namespace {

const Json& schema() {
  static const Json whole = experiment_schema();
  return whole;
}

// What a value may be: the alternatives of a schema, one after the other.
std::vector<const Json*> alternatives(const std::vector<const Json*>& schemas) {
  std::vector<const Json*> result;
  for (const Json* one : schemas) {
    if (!one->is_object() || !one->contains("anyOf")) {
      result.push_back(one);
      continue;
    }
    for (const Json& alternative : (*one)["anyOf"]) {
      const auto inner = alternatives({&alternative});
      result.insert(result.end(), inner.begin(), inner.end());
    }
  }
  return result;
}

struct Step {
  std::vector<const Json*> found;  // schemas of the key
  std::vector<std::string> known;  // keys of the mapping around it
  bool open = false;               // a mapping that takes any key
};

Step descend(const std::vector<const Json*>& schemas, const std::string& key) {
  Step step;
  const auto& provenance = config::provenance_keys();
  for (const Json* mapping : alternatives(schemas)) {
    if (mapping->is_boolean()) step.open = true;
    if (!mapping->is_object() || !mapping->contains("properties")) continue;
    // The scalar with its source around it has no keys that make an axis.
    if ((*mapping)["properties"].contains("value")) continue;
    for (const auto& [name, inner] : (*mapping)["properties"].items()) {
      if (std::find(provenance.begin(), provenance.end(), name) != provenance.end()) continue;
      step.known.push_back(name);
      if (name == key) step.found.push_back(&inner);
    }
  }
  return step;
}

// The schemas of a path; `fail` is called with the place of a key that is none, and what is known.
template <class Fail>
std::vector<const Json*> schemas_of(const std::string& path, const Fail& fail) {
  std::vector<const Json*> schemas{&schema()};
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const std::string key = path.substr(begin, end - begin);
    Step step = descend(schemas, key);
    if (step.open && step.found.empty()) return {};
    if (step.found.empty()) fail(begin, end, key, step.known);
    schemas = std::move(step.found);
    begin = end + 1;
  }
  return schemas;
}

}  // namespace

void check_key(const std::string& path, const Position& at) {
  schemas_of(path, [&](std::size_t begin, std::size_t end, const std::string& key,
                       const std::vector<std::string>& known) {
    const Position place{at.file, at.line, at.column + static_cast<int>(begin)};
    const std::string expected = known.empty() ? "no key below " + path.substr(0, begin - 1)
                                               : fmt::format("one of {}", fmt::join(known, ", "));
    throw InputError(
        place, path.substr(0, end),
        fmt::format("{}, no key of an experiment", config::in_quotes(key)), expected,
        nearest(key, known));
  });
}

bool is_whole(const std::string& path) {
  const auto schemas = alternatives(schemas_of(path, [](auto&&...) {}));
  return std::any_of(schemas.begin(), schemas.end(), [](const Json* one) {
    return one->is_object() && one->value("type", "") == "integer";
  });
}

std::optional<std::string> si_unit(const std::string& path) {
  for (const Json* one : alternatives(schemas_of(path, [](auto&&...) {}))) {
    if (!one->is_object()) continue;
    if (one->value("type", "") == "number") return "";
    if (one->value("type", "") != "string" || !one->contains("pattern")) continue;
    // A quantity: the pattern of its text lists the units of its dimension.
    for (int i = 0; i <= static_cast<int>(config::Dimension::clock_slew); ++i) {
      const auto dimension = static_cast<config::Dimension>(i);
      if (config::quantity_schema(dimension)["pattern"] != (*one)["pattern"]) continue;
      for (const std::string& unit : config::units_of(dimension))
        if (config::measure_of("1 " + unit)->si == 1) return unit;
    }
  }
  return std::nullopt;
}

}  // namespace headroom::sweep
