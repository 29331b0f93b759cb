// One direction of a chip-to-chip link: a transmitter, a wire each way, a receiver.
//
// Contract
//   Flits of messages enter one a cycle at most (valid and ready), marked where a message ends, and
//   leave at the far end the same way: every flit once, in order, intact, whatever bit errors the
//   wires have (golden.h).
//   A cycle is the time that one flit takes on the wire. The transmitter cuts messages into packets
//   of max_payload flits at most; a packet is a header flit and its payload flits, without gaps,
//   under one CRC-32 (packet.h). It stays in the replay buffer, which has room for replay_packets
//   of them, until it is acknowledged, and is sent for the first time only when the receiver's
//   buffer has room for all its payload (credits).
//   The receiver judges a packet in the cycle after its last flit, delivers it from the cycle after
//   that on, and reports on the backward wire which packet it expects and what it has freed. What
//   is lost is sent again from there on (go-back-N), on request or after `timeout` cycles.
//   Time (analytic, cycle, rtl): cycles from the first accepted to the last delivered flit,
//   inclusive; the picture stands in docs/blocks/link.md.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/clock.h"

namespace headroom::link {

struct Parameters {
  int flit_bits = 128;         // a multiple of 64
  int max_payload = 16;        // flits of payload in a packet, 1 to 255
  int replay_packets = 16;     // packets that may wait for their acknowledgement, 1 to 128
  int buffer_flits = 64;       // payload flits that the receiver has room for, max_payload to 32767
  Cycles forward_delay = 1;    // cycles on the wire, at least 1
  Cycles backward_delay = 1;   // the same for acknowledgements and credits, at least 1
  Cycles control_spacing = 1;  // at least so far apart are words backward, at least 1: credits and
                               // acknowledgements wait for the next one
  Cycles control_refresh = 1000;  // a word goes backward at least so often
  Cycles timeout = 1000;          // without an acknowledgement until all is sent again

  // From a header on the wire to the cycle in which the acknowledgement of its packet of
  // `payload` flits is known to the transmitter, or the request for a replay; nothing waits.
  [[nodiscard]] Cycles round_trip(int payload) const {
    return static_cast<Cycles>(payload) + forward_delay + backward_delay + 3;
  }
};

// Throws std::invalid_argument with a sentence for parameters that no link could have: ranges as
// above, and a timeout that is not longer than the round trip of the longest packet.
void check(const Parameters& parameters);

// Messages one after another; their payload is pseudo-random data of the seed (golden.h).
struct Traffic {
  std::vector<std::int64_t> message_flits;  // each at least 1
  std::uint64_t seed = 0;

  [[nodiscard]] std::int64_t flits() const;
};

// Throws std::invalid_argument for an empty list or an empty message.
void check(const Traffic& traffic);

// Packets that the messages are cut into.
[[nodiscard]] std::int64_t packets(const Parameters& parameters, const Traffic& traffic);

}  // namespace headroom::link
