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

// Chips on one switch, or each with links to all others.
inline ClusterDescription one_node(Topology topology, std::int64_t chips) {
  ClusterDescription cluster;
  cluster.topology = topology;
  cluster.chips = cluster.node_size = chips;
  return cluster;
}

inline ClusterDescription dragonfly(std::int64_t chips) {
  ClusterDescription cluster = nodes_of(1, chips);
  cluster.topology = Topology::dragonfly;
  cluster.router_chips = 2;
  cluster.group_routers = 4;
  cluster.global_links = 2;
  return cluster;
}

struct NamedCluster {
  const char* name;
  ClusterDescription cluster;
};

// One of each kind, small.
inline std::vector<NamedCluster> all_clusters() {
  ClusterDescription reducing = nodes_of(8, 32), node_only = nodes_of(4, 32),
                     narrow = nodes_of(4, 64), mixed = nodes_of(4, 64), deep = nodes_of(2, 64);
  reducing.node_reduction = reducing.network_reduction = node_only.node_reduction = true;
  narrow.leaf_nodes = mixed.leaf_nodes = 4;
  narrow.oversubscription = mixed.oversubscription = 4;
  mixed.rails = false;
  deep.levels = 3;
  deep.leaf_nodes = 4;
  deep.pod_leaves = 2;
  deep.core_oversubscription = 2;
  ClusterDescription ring = torus({12});
  ring.topology = Topology::ring;
  return {
      {"nodes", nodes_of(8, 32)},
      {"reducing", reducing},
      {"reducing nodes", node_only},
      {"oversubscribed", narrow},
      {"without rails", mixed},
      {"three levels", deep},
      {"ring", ring},
      {"torus", torus({4, 4, 4})},
      {"flat torus", torus({3, 5})},
      {"mesh", torus({4, 4}, false)},
      {"switch", one_node(Topology::single_switch, 12)},
      {"fully connected", one_node(Topology::fully_connected, 8)},
      {"dragonfly", dragonfly(32)}};
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
