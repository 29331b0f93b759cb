// Rings through all ranks of a group that use the network ports of all chips of a node: channel c
// enters each node at its local rank c and leaves it from the one before, so that each chip sends
// one channel in `members` out of the node and the others to its neighbour inside.
#pragma once

#include <cstdint>

#include "models/network/team.h"

namespace headroom::network {

class RingOrder {
 public:
  RingOrder(const Team& team, std::int64_t channel, bool backwards)
      : members_(team.members), ranks_(team.ranks), channel_(channel), backwards_(backwards) {}

  [[nodiscard]] std::int64_t rank_at(std::int64_t place) const {
    place = wrapped(place);
    if (backwards_) place = ranks_ - 1 - place;
    return place / members_ * members_ + (channel_ + place % members_) % members_;
  }
  [[nodiscard]] std::int64_t place_of(std::int64_t rank) const {
    const std::int64_t place = rank / members_ * members_ +
                               (rank % members_ - channel_ + members_) % members_;
    return backwards_ ? ranks_ - 1 - place : place;
  }
  [[nodiscard]] bool backwards() const { return backwards_; }

 private:
  [[nodiscard]] std::int64_t wrapped(std::int64_t place) const {
    return (place % ranks_ + ranks_) % ranks_;
  }
  std::int64_t members_, ranks_, channel_;
  bool backwards_;
};

// Inside one node all channels would take the same links.
[[nodiscard]] inline std::int64_t ring_channels(const Team& team) {
  return team.nodes() > 1 ? team.members : 1;
}

}  // namespace headroom::network
