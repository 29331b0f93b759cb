// What an algorithm asks of a network, per byte of payload: seconds of the tightest links, steps on
// the critical path, bytes on every link. All groups of the cluster run the operation at once and
// share links. Found once per algorithm and group; the time of any payload follows from it.
//
// Symmetry: where renumbering maps both the network and the traffic onto themselves, all links that
// it maps onto one another carry the same, so the flows from one period's chips, folded onto one
// period's links, have the rates of the whole network. The cost then does not depend on the number
// of chips.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/network/algorithm.h"
#include "models/network/topology.h"

namespace headroom::network {

// The group is too large for an algorithm whose traffic has no symmetry.
class TooLarge : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Links crossed one after another on the critical path.
struct Crossings {
  double scale_up = 0, network = 0, switches = 0;  // switches: of the network, beyond the first
                                                   // each
};

struct Stage {
  double seconds_per_byte = 0;
  Crossings crossings;
  std::int64_t steps = 0;
};

struct LinkLoad {
  std::int32_t link_class = 0;
  std::int64_t index = 0;
  std::int64_t alike = 1;     // links that carry the same by symmetry, this one included
  double bytes_per_byte = 0;  // of payload
};

struct Profile {
  std::vector<Stage> stages;
  Phase::Coupling coupling = Phase::Coupling::lockstep;  // of the first stage
  std::vector<LinkLoad> loads;                           // in the order of class and index
  double scale_up_bytes = 0, network_bytes = 0;  // most that a chip sends or receives, per byte
  double sent_bytes = 0;                         // by all sources that were looked at
  std::int64_t sources = 0;                      // chips that were looked at
  std::uint64_t flows = 0;

  [[nodiscard]] double seconds_per_byte() const;
};

// `shared`: all groups of the cluster at once; else the first alone. Throws TooLarge.
[[nodiscard]] Profile profile(const Topology& topology, const Algorithm& algorithm,
                              Collective operation, const Team& team, bool use_symmetry = true);

[[nodiscard]] Crossings crossings_of(const Route& route);
// Whether `a` is on the critical path beside `b`.
[[nodiscard]] bool slower(const Crossings& a, const Crossings& b);

// Links that a message of the chip crosses.
void find_message_route(const Topology& topology, const Team& team, Endpoint chip,
                        const Message& message, Route& route);

}  // namespace headroom::network
