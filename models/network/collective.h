// The collective operations, where the ranks of a group sit, and what one of them costs a chip:
// bytes through links, HBM traffic and latency. The figures come from the model of the cluster's
// network (collective_model.h); the chip's network port gives them time beside other traffic.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/quantity.h"
#include "models/chip/description.h"

namespace headroom {

enum class Collective { all_gather, reduce_scatter, all_reduce, send, broadcast, all_to_all };

inline constexpr std::array<std::string_view, 6> collective_names{
    "all_gather", "reduce_scatter", "all_reduce", "send", "broadcast", "all_to_all"};

[[nodiscard]] constexpr std::string_view to_string(Collective collective) {
  return collective_names[static_cast<std::size_t>(collective)];
}

// Where the ranks of one group sit.
struct Group {
  std::int64_t ranks = 1;
  std::int64_t stride = 1;   // chips from one rank to the next
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
  // Payload through the busiest link of each class of the network (the chip's ports are among
  // them), in the order of Topology::classes(); empty where nothing is sent.
  std::vector<Bytes> links;
  Seconds transfer;  // that they take where nothing else is on the links; no less than each alone
  Bytes hbm_read, hbm_write;
  Seconds latency;  // what it takes beside moving its bytes: start-up, steps, filling pipelines

  [[nodiscard]] bool operator==(const CollectiveCost& other) const {
    return links == other.links && transfer == other.transfer && hbm_read == other.hbm_read &&
           hbm_write == other.hbm_write && latency == other.latency;
  }
};

// What a chip's collective engine is asked to do.
struct CollectiveOperation {
  std::string name;
  CollectiveCost cost;
  bool holds_cores = true;  // while it runs (ChipDescription::collective_cores); messages do not
};

// When a collective really ran.
struct CollectiveSpan {
  std::string name;
  Seconds start, duration;
};

// `payload`: bytes of the full (gathered or unreduced) tensor of a rank; for send, of the message.
// Builds the model of the network for this one answer: who asks often keeps a CollectiveModel.
[[nodiscard]] CollectiveCost collective_cost(
    Collective operation, Bytes payload, const Group& group, const ChipDescription& chip,
    const ClusterDescription& cluster);

}  // namespace headroom
