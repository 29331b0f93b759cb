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

// Whether the library has the algorithm; without a library any is there.
[[nodiscard]] bool has_algorithm(const LibraryDescription& library, std::string_view algorithm);

// `bus_bytes`: bytes that a ring would pass through each rank, which rates of protocols count.
[[nodiscard]] std::vector<ProtocolTime> protocol_times(
    const ChipDescription& chip, const ClusterDescription& cluster, const Team& team,
    std::string_view algorithm, const Profile& profile, Bytes payload, Bytes bus_bytes);

}  // namespace headroom::network
