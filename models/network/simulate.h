// The whole schedule of all groups, transfer by transfer, in the event-driven simulator: no
// symmetry, no closed form. A rank's message starts when the messages of its channel that it
// received in earlier steps have arrived and the one it sent before has left.
#pragma once

#include <cstdint>
#include <vector>

#include "models/network/algorithm.h"
#include "models/network/profile.h"
#include "models/network/topology.h"

namespace headroom::network {

// Latencies of one step.
struct StepTimes {
  Seconds scale_up, network, per_switch;
};

struct Simulation {
  Seconds time;
  std::vector<LinkLoad> loads;  // bytes_per_byte are bytes here
  std::uint64_t events = 0, transfers = 0;
};

// `chunks`: parts of the payload that follow one another through pipelined phases. Throws TooLarge
// above 4 million transfers, Stalled where transfers wait for one another in a circle.
[[nodiscard]] Simulation simulate(
    const Topology& topology, const Algorithm& algorithm, Collective operation, const Team& team,
    Bytes payload, const StepTimes& latency, int chunks = 1);

}  // namespace headroom::network
