// Reads types of clusters (configs/clusters) and the cluster of an experiment.
#pragma once

#include <string>

#include "models/chip/description.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

// A cluster and what its file allows.
struct ClusterSpec {
  ClusterDescription cluster;
  std::string chip;                     // a file of configs/chips
  std::int64_t max_chips = 0;           // 0: no limit
  int dimensions = 3;                   // of a torus
  std::vector<std::int64_t> max_shape;  // of a torus, largest last; empty: no limit
  std::int64_t wrap_multiple = 1;       // rings close where every dimension is a multiple of this
};

// The `cluster` mapping of an experiment: {type: dgx-h100, chip: h100-sxm, chips: 8}.
[[nodiscard]] const Record<ClusterSpec>& cluster_use_record();

// Reads and checks a file of configs/clusters.
void read_cluster_file(const Node& file, const ConfigPaths& paths, ClusterSpec& spec);
// Reads the `cluster` mapping of an experiment with the file that its type names.
[[nodiscard]] ClusterSpec read_cluster(const Node& use, const ConfigPaths& paths);

// The cluster as JSON, quantities in SI.
[[nodiscard]] Json write_cluster(const ClusterDescription& cluster);

// The most cubic torus of `chips` within `max_shape` (empty: any), smallest dimension first; empty
// where there is none.
[[nodiscard]] std::vector<std::int64_t> near_cubic_shape(
    std::int64_t chips, int dimensions, std::vector<std::int64_t> max_shape);

}  // namespace headroom::config
