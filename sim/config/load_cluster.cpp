#include "sim/config/load_cluster.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/config/chip.h"
#include "sim/config/cluster.h"
#include "sim/config/error.h"
#include "sim/config/library.h"

namespace headroom {
using config::bare;
using config::ConfigPaths;
using config::Node;

namespace {

// Reads the mapping that an experiment would have, so that one reader checks both.
ClusterUse read_use(const Node& use, const Node& changes, const ConfigPaths& paths) {
  ClusterUse result;
  result.cluster = config::read_cluster(use, paths).cluster;
  const auto file = paths.resolve(bare(use["chip"]), "chips", "chip");
  result.chip = config::read_chip(Node::load(file), changes, paths);
  result.chip.id = file.stem().string();
  return result;
}

// The smallest cluster of the type that holds the group.
std::int64_t fitting_chips(const Node& file, const ConfigPaths& paths, std::int64_t group) {
  config::ClusterSpec spec;
  config::read_cluster_file(file, paths, spec);
  const std::int64_t unit = spec.cluster.router_chips > 0
                                ? spec.cluster.router_chips * spec.cluster.group_routers
                                : std::max<std::int64_t>(1, spec.cluster.node_size);
  if (group == 0) return spec.max_chips > 0 ? spec.max_chips : unit;
  return (group + unit - 1) / unit * unit;
}

}  // namespace

LibraryDescription load_library(const std::string& name, const ConfigPaths& paths) {
  LibraryDescription library;
  const Node asked = Node::parse("name: \"" + name + "\"", "--library");
  config::read_library(asked["name"], paths, library);
  return library;
}

ClusterUse load_cluster(
    const std::string& name, const std::string& chip, std::int64_t chips, std::int64_t group,
    const ConfigPaths& paths, const std::vector<std::string>& assignments) {
  const Node asked = Node::parse("name: \"" + name + "\"", "--cluster");
  const auto file = paths.resolve(bare(asked["name"]), "clusters", "cluster");
  const Node document = Node::load(file);
  if (document["cluster"].exists()) {
    Node whole = document;
    if (!chip.empty()) whole = config::set(whole, "cluster.chip=" + chip);
    if (chips > 0) whole = config::set(whole, fmt::format("cluster.chips={}", chips));
    for (const std::string& assignment : assignments)
      whole = config::set(whole, "cluster." + assignment);
    return read_use(whole["cluster"], whole["chip"], paths);
  }
  std::string usual = chip;
  if (usual.empty()) {
    const Node given = bare(document["usual_chip"]);
    if (!given.exists())
      throw InputError({"--chip", 1, 1}, "", "nothing",
                       fmt::format("a chip of configs/chips: {} names no usual one", name));
    usual = config::text().read(given);
  }
  if (chips == 0) chips = fitting_chips(document, paths, group);
  Node use = Node::parse(
      fmt::format("{{type: \"{}\", chip: \"{}\", chips: {}}}", file.string(), usual, chips),
      "command line");
  for (const std::string& assignment : assignments) use = config::set(use, assignment);
  ClusterUse result = read_use(use, use["no changes"], paths);
  result.cluster.id = file.stem().string();
  return result;
}

}  // namespace headroom
