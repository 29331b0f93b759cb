#include "sim/workload/import.h"

#include <fmt/format.h>

#include "sim/workload/families/registry.h"
#include "sim/workload/terse.h"

namespace headroom {
namespace {

using config::Node;
using families::Family;

const Family& family_of(const Node& document) {
  std::vector<std::string> names;
  for (const Family& family : families::all()) names.emplace_back(family.name);
  const std::string known = fmt::format("one of {}", fmt::join(names, ", "));
  const Node type = document.at("model_type", known);
  for (const Family& family : families::all())
    if (type.is_scalar() && type.text() == family.name) return family;
  type.expected(known, type.is_scalar() ? nearest(type.text(), names) : "");
}

}  // namespace

ModelDescription import_model(const Node& document, const std::string& id) {
  const Family& family = family_of(document);
  ModelDescription model = family.import(document);
  model.id = id;
  model.family = family.name;
  return model;
}

ModelDescription load_model(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.parent_path().filename();
  const bool named_by_folder = file.filename() == "config.json" && !folder.empty();
  const std::string id = named_by_folder ? folder.string() : file.string();
  const Node document = Node::load(file);
  return is_terse(document) ? import_terse(document, id) : import_model(document, id);
}

}  // namespace headroom
