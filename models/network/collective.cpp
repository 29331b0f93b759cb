#include "models/network/collective.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

namespace headroom {

namespace {

// Walks the torus dimension by dimension: which of them a group of `ranks` chips `stride` apart
// spans.
Group place_on_torus(const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride) {
  Group group;
  group.ranks = group.members = ranks;
  double links = 0, narrowest = std::numeric_limits<double>::infinity();
  std::int64_t inner = 1, left = ranks;
  for (const std::int64_t extent : cluster.shape) {
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
  const double all_links = 2.0 * static_cast<double>(cluster.shape.size());
  // Less than one link where groups lie between each other; one for a group of one, which sends
  // nothing.
  group.torus_share = links > 0 ? std::min({links / all_links, narrowest / all_links, 1.0})
                                : 1.0 / all_links;
  return group;
}

}  // namespace

Group place_group(const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride) {
  assert(ranks >= 1 && stride >= 1);
  if (cluster.topology == Topology::torus) return place_on_torus(cluster, ranks, stride);
  Group group;
  group.ranks = ranks;
  // Ranks whose distance stays below the node's size share it; where the stride does not divide the
  // node, a node holds the common part.
  group.members = std::max<std::int64_t>(
      1, std::min(ranks, cluster.node_size / std::min(stride, cluster.node_size)));
  group.members = std::gcd(group.members, ranks);
  return group;
}

CollectiveCost collective_cost(Collective operation, Bytes payload, const Group& group,
                               const ChipDescription& chip, const ClusterDescription& cluster) {
  CollectiveCost cost;
  if (group.ranks <= 1) return cost;
  const double passes = operation == Collective::all_reduce ? 2 : 1;
  const double ranks = static_cast<double>(group.ranks);
  const double members = static_cast<double>(group.members),
               nodes = static_cast<double>(group.nodes());
  const bool torus = cluster.topology == Topology::torus;
  if (operation == Collective::send) {
    (torus || group.members > 1 ? cost.scale_up : cost.scale_out) = payload;
    cost.scale_up_share = torus ? group.torus_share : 1;
    cost.hbm_read = cost.hbm_write = payload;
    const LinkDescription& link = torus || group.members > 1 ? chip.scale_up : cluster.scale_out;
    cost.latency = link.latency * static_cast<double>(group.torus_distance);
    return cost;
  }
  cost.hbm_read = cost.hbm_write = payload * (passes * (ranks - 1) / ranks);
  if (torus) {
    cost.scale_up = payload * (passes * (ranks - 1) / ranks);
    cost.scale_up_share = group.torus_share;
    cost.latency = chip.scale_up.collective_latency +
                   chip.scale_up.latency * (passes * static_cast<double>(group.torus_hops));
    return cost;
  }
  cost.scale_up = payload * (passes * (members - 1) / members);
  cost.scale_out = payload * (passes * (nodes - 1) / (nodes * members));
  const LinkDescription& outer = nodes > 1 ? cluster.scale_out : chip.scale_up;
  cost.latency = outer.collective_latency + chip.scale_up.latency * (passes * (members - 1)) +
                 cluster.scale_out.latency * (passes * (nodes - 1));
  return cost;
}

}  // namespace headroom
