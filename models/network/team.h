// The ranks of one group, and how they lie in the cluster.
#pragma once

#include <cstdint>
#include <vector>

#include "models/chip/description.h"
#include "models/network/collective.h"
#include "models/network/topology.h"

namespace headroom::network {

// A dimension of a torus that the group spans.
struct TeamDimension {
  std::int64_t size = 1;         // ranks along it
  std::int64_t rank_stride = 1;  // ranks from one to the next
  bool ring = false;             // it closes
};

struct Team {
  std::int64_t ranks = 1, stride = 1;
  std::int64_t members = 1;  // consecutive ranks that share a node; 1 where there are no nodes
  bool torus = false;
  std::vector<TeamDimension> dimensions;  // torus; empty where the group is no box of it
  bool node_reduces = false, network_reduces = false;  // switches that add what passes them
  double skew = 1;  // all_to_all: what rank 0 receives, relative to the others

  [[nodiscard]] std::int64_t nodes() const { return ranks / members; }
  // Groups tile the cluster: group g of a block has ranks at block + g + stride * rank.
  [[nodiscard]] std::int64_t block() const { return ranks * stride; }
  [[nodiscard]] std::int64_t rank_of(Endpoint chip) const { return chip % block() / stride; }
  [[nodiscard]] Endpoint chip_of(std::int64_t rank, Endpoint member_of_group) const {
    return member_of_group + (rank - rank_of(member_of_group)) * stride;
  }
};

// ranks * stride must not exceed the cluster's chips.
[[nodiscard]] Team make_team(
    const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride);

}  // namespace headroom::network
