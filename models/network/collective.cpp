#include "models/network/collective.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

#include "models/network/collective_model.h"

namespace headroom {

namespace {

// Walks the torus dimension by dimension: which of them a group of `ranks` chips `stride` apart
// spans.
Group place_on_torus(const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride) {
  Group group;
  group.ranks = group.members = ranks;
  group.stride = stride;
  double links = 0, narrowest = std::numeric_limits<double>::infinity();
  std::int64_t inner = 1, left = ranks;
  const std::vector<std::int64_t>
      shape = cluster.topology == Topology::ring
                  ? std::vector<std::int64_t>{cluster.chips}
                  : cluster.shape;
  for (const std::int64_t extent : shape) {
    // Chips of this dimension that lie inside one stride, and those that the group spans.
    const std::int64_t skipped = std::min(extent, std::max<std::int64_t>(1, stride / inner));
    const std::int64_t spanned = std::min(left, std::max<std::int64_t>(1, extent / skipped));
    inner *= extent;
    if (spanned <= 1) continue;
    if (links == 0) group.torus_distance = skipped;
    left = (left + spanned - 1) / spanned;
    // A closed ring sends both ways around; an open line's middle link carries one way what a
    // ring's two carry.
    const bool ring = cluster.wrap && spanned * skipped == extent && extent > 2;
    const double usable = (ring ? 2.0 : 1.0) / static_cast<double>(skipped);
    links += usable;
    // The chips at one place of this dimension together lack (spanned - 1) / spanned of the
    // payload, whatever the other dimensions carry: S (spanned - 1) / ranks each through its links.
    narrowest = std::min(
        narrowest, usable * static_cast<double>(ranks - 1) / static_cast<double>(spanned - 1));
    group.torus_hops += (ring ? spanned / 2 : spanned - 1) * skipped;
  }
  const double all_links = 2.0 * static_cast<double>(shape.size());
  // Less than one link where groups lie between each other; one for a group of one, which sends
  // nothing.
  group.torus_share = links > 0 ? std::min({links / all_links, narrowest / all_links, 1.0})
                                : 1.0 / all_links;
  return group;
}

// Chips that share a node's switch.
std::int64_t node_of(const ClusterDescription& cluster) {
  switch (cluster.topology) {
    case Topology::fully_connected:
    case Topology::single_switch: return cluster.chips;
    case Topology::dragonfly: return 1;
    default: return std::max<std::int64_t>(1, cluster.node_size);
  }
}

}  // namespace

Group place_group(const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride) {
  assert(ranks >= 1 && stride >= 1);
  if (is_torus(cluster.topology)) return place_on_torus(cluster, ranks, stride);
  Group group;
  group.ranks = ranks;
  group.stride = stride;
  const std::int64_t node = node_of(cluster);
  // Ranks whose distance stays below the node's size share it; where the stride does not divide the
  // node, a node holds the common part.
  group.members = std::max<std::int64_t>(1, std::min(ranks, node / std::min(stride, node)));
  group.members = std::gcd(group.members, ranks);
  return group;
}

CollectiveCost collective_cost(Collective operation, Bytes payload, const Group& group,
                               const ChipDescription& chip, const ClusterDescription& cluster) {
  return network::CollectiveModel(chip, cluster).cost(operation, payload, group);
}

}  // namespace headroom
