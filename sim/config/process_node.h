// Reads process nodes (configs/nodes) and published energies of operations (configs/technology).
#pragma once

#include <string>
#include <vector>

#include "models/technology/operation_energy.h"
#include "models/technology/scaling.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

[[nodiscard]] const Record<technology::ProcessNode>& process_node_record();

// Reads one file of configs/nodes; voltages out of order are an InputError.
[[nodiscard]] technology::ProcessNode read_process_node(const Node& file, const std::string& id);

// All nodes of configs/nodes; claims against a node that is not there are an InputError.
[[nodiscard]] technology::Scaling load_process_nodes(const ConfigPaths& paths);

// What figures of operations on the node `id` need, and no more: it, the nodes with published
// energies, what their claims stand on, and those energies. Errors as above.
struct Technology {
  technology::Scaling nodes;
  std::vector<technology::PublishedEnergy> energies;
};
[[nodiscard]] Technology load_technology(const ConfigPaths& paths, const std::string& id);

// The id of a node as chips name it ("4N"); none for "" and names without a file.
[[nodiscard]] std::optional<std::string> process_node_id(
    const ConfigPaths& paths, const std::string& name);

// The entries of a file with the key `published_energies`; a node that is not in `nodes` is an
// InputError.
[[nodiscard]] std::vector<technology::PublishedEnergy> read_published_energies(
    const Node& document, const technology::Scaling& nodes);

// Those of configs/technology/operations.yaml.
[[nodiscard]] std::vector<technology::PublishedEnergy> load_published_energies(
    const ConfigPaths& paths, const technology::Scaling& nodes);

}  // namespace headroom::config
