// Clusters and a chip for the tests of the network.
#pragma once

#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "models/chip/description.h"

namespace headroom {

inline ClusterDescription nodes_of(std::int64_t node_size, std::int64_t chips = 1024) {
  ClusterDescription cluster;
  cluster.topology = Topology::switched_nodes;
  cluster.chips = chips;
  cluster.node_size = node_size;
  cluster.scale_out.count = 1;
  cluster.scale_out.bandwidth = BytesPerSecond(50e9);
  cluster.scale_out.latency = Seconds(14e-6);
  cluster.scale_out.collective_latency = Seconds(8e-6);
  return cluster;
}

inline ClusterDescription torus(std::vector<std::int64_t> shape, bool wrap = true) {
  ClusterDescription cluster;
  cluster.topology = Topology::torus;
  cluster.chips = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  cluster.shape = std::move(shape);
  cluster.wrap = wrap;
  return cluster;
}

// 6 links of 100 GB/s.
inline ChipDescription linked_chip() {
  ChipDescription chip;
  chip.scale_up.count = 6;
  chip.scale_up.bandwidth = BytesPerSecond(100e9);
  chip.scale_up.latency = Seconds(1e-6);
  chip.scale_up.collective_latency = Seconds(3e-6);
  return chip;
}

}  // namespace headroom
