#include "models/network/topology.h"

#include <cassert>

namespace headroom::network {

std::unique_ptr<Topology> make_topology(
    const ChipDescription& chip, const ClusterDescription& cluster) {
  assert(cluster.chips >= 1);
  switch (cluster.topology) {
    case headroom::Topology::switched_nodes:
    case headroom::Topology::fat_tree: return make_fat_tree(chip, cluster);
    case headroom::Topology::torus: return make_torus(chip, cluster);
    case headroom::Topology::ring: return make_ring(chip, cluster);
    case headroom::Topology::fully_connected: return make_fully_connected(chip, cluster);
    case headroom::Topology::single_switch: return make_single_switch(chip, cluster);
    case headroom::Topology::dragonfly: return make_dragonfly(chip, cluster);
  }
  return nullptr;
}

}  // namespace headroom::network
