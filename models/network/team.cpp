#include "models/network/team.h"

#include <algorithm>
#include <cassert>

namespace headroom::network {

namespace {

// The dimensions that a group spans; empty where it is no box of the torus.
std::vector<TeamDimension> dimensions_of(
    const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride) {
  std::vector<std::int64_t> shape = cluster.shape;
  if (cluster.topology == headroom::Topology::ring) shape = {cluster.chips};
  std::vector<TeamDimension> dimensions;
  std::int64_t inner = 1, left = ranks, rank_stride = 1;
  for (const std::int64_t extent : shape) {
    const std::int64_t outer = inner * extent;
    if (left > 1 && stride < outer) {
      const std::int64_t skipped = std::max<std::int64_t>(1, stride / inner);
      const bool aligned = (stride <= inner || stride % inner == 0) && extent % skipped == 0;
      const std::int64_t size = std::min(left, extent / skipped);
      // Groups must tile the dimension, or they are no boxes.
      if (!aligned || left % size != 0 || extent % (size * skipped) != 0) return {};
      const bool ring = cluster.wrap && size * skipped == extent && size > 2;
      if (size > 1) dimensions.push_back({size, rank_stride, ring});
      rank_stride *= size;
      left /= size;
      if (left > 1 && size * skipped != extent) return {};
    }
    inner = outer;
  }
  return left == 1 ? dimensions : std::vector<TeamDimension>{};
}

}  // namespace

Team make_team(const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride) {
  assert(ranks >= 1 && stride >= 1);
  Team team;
  team.ranks = ranks;
  team.stride = stride;
  team.torus = is_torus(cluster.topology);
  if (team.torus) {
    team.dimensions = dimensions_of(cluster, ranks, stride);
    return team;
  }
  team.members = place_group(cluster, ranks, stride).members;
  team.node_reduces = cluster.node_reduction && team.members > 1;
  team.network_reduces = cluster.network_reduction && team.nodes() > 1;
  return team;
}

}  // namespace headroom::network
