// What a collective operation costs one chip: bytes through its link ports, HBM traffic and
// latency. Pure functions of the operation, the group's placement and the cluster; the chip's ports
// give them time and contention.
//
// Bandwidth terms are those of the bandwidth-optimal ring (Thakur, Rabenseifner, Gropp 2005,
// section 4): a ring all-gather or reduce-scatter of S bytes over n ranks passes S (n-1)/n through
// each rank, an all-reduce twice that. Across nodes each chip of a node carries its rail's share: S
// (nodes-1) / (nodes * members), beside S (members-1)/members inside the node; both proceed at
// once, as libraries pipeline them. On a torus a group that spans several dimensions uses the links
// of all of them at once, as far as the narrowest of them keeps up; groups that lie between each
// other share links.
#pragma once

#include <cstdint>
#include <string>

#include "models/base/quantity.h"
#include "models/chip/description.h"

namespace headroom {

enum class Collective { all_gather, reduce_scatter, all_reduce, send };

// Where the ranks of one group sit.
struct Group {
  std::int64_t ranks = 1;
  std::int64_t members = 1;  // ranks of the group inside one node (switched nodes); the rest are on
                             // other nodes
  double torus_share = 0;  // torus: share of a chip's links that the group can use at once, (0, 1]
  std::int64_t torus_hops = 0;      // torus: hops of one pass over all its dimensions
  std::int64_t torus_distance = 1;  // torus: hops between neighbouring ranks

  [[nodiscard]] std::int64_t nodes() const { return ranks / members; }
};

// The group of `ranks` chips that are `stride` apart, chips numbered node by node (torus: dimension
// by dimension).
[[nodiscard]] Group place_group(
    const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride);

struct CollectiveCost {
  Bytes scale_up, scale_out;  // payload through each port of this chip
  double scale_up_share = 1;  // share of the port's rate that this group can use
  Bytes hbm_read, hbm_write;
  Seconds latency;  // start-up and hops
};

// What a chip's collective engine is asked to do.
struct CollectiveOperation {
  std::string name;
  CollectiveCost cost;
};

// `payload`: bytes of the full (gathered or unreduced) tensor of a rank; for send, of the message.
[[nodiscard]] CollectiveCost collective_cost(
    Collective operation, Bytes payload, const Group& group, const ChipDescription& chip,
    const ClusterDescription& cluster);

}  // namespace headroom
