// What a library makes of an algorithm's profile: the time of a payload at each of its protocols.
#pragma once

#include <string_view>
#include <vector>

#include "models/chip/description.h"
#include "models/network/profile.h"
#include "models/network/team.h"

namespace headroom::network {

struct ProtocolTime {
  std::string_view protocol;  // "ll", "ll128", "simple"; "" without a library
  Seconds start, steps, fill, transfer;

  [[nodiscard]] Seconds total() const { return start + steps + fill + transfer; }
};

// Whether the library has the algorithm for the operation; without a library any is there. NCCL
// (src/graph/tuning.cc): rings for all, trees for all-reduce, reductions in switches (NVLS, NVLS
// tree, CollNet) for all but broadcast.
[[nodiscard]] bool has_algorithm(
    const LibraryDescription& library, std::string_view algorithm, Collective operation);

// `bus_bytes`: bytes that a ring would pass through each rank, which rates of protocols count. An
// algorithm that the library lacks runs as without one.
[[nodiscard]] std::vector<ProtocolTime> protocol_times(
    const ChipDescription& chip, const ClusterDescription& cluster, const Team& team,
    std::string_view algorithm, Collective operation, const Profile& profile, Bytes payload,
    Bytes bus_bytes);

}  // namespace headroom::network
