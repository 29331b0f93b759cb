// Made-up nodes that the tests of the technology share.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "models/technology/process_node.h"

namespace headroom::technology {

inline ProcessNode made_up(
    const std::string& id, const std::string& from = "",
    std::optional<double> power_saving = std::nullopt,
    std::optional<double> published_energy = std::nullopt) {
  ProcessNode node;
  node.id = node.name = id;
  node.logic_density = 1e14;
  node.claims = {from, power_saving, std::nullopt, std::nullopt};
  node.published_energy = published_energy;
  node.supply = {0.5, 0.75, 1.05, 0.3, 1.3};
  node.leakage = {5e4, 358, 36, 0.76};
  return node;
}

inline std::map<std::string, ProcessNode> made_up_nodes() {
  std::map<std::string, ProcessNode> nodes;
  for (const ProcessNode& node :
       {made_up("old", "", std::nullopt, 4.0), made_up("middle", "old", 0.5),
        made_up("reference", "middle", 0.5, 1.0), made_up("new", "reference", 0.3),
        made_up("silent", "new")})
    nodes[node.id] = node;
  return nodes;
}

}  // namespace headroom::technology
