// The time of a link in closed form: no events, no values. Packet format, credits, replay buffer
// and go-back-N retry; stalls at either end are not in it.
//
// Sources: window flow control, rate <= window / round trip: Bertsekas and Gallager, Data Networks
// (2nd ed.), 6.2. Go-back-N, efficiency (1 - p) / (1 + (N - 1) p) for N packets sent in a round
// trip: the same, 2.4.2 and problem 2.27; Lin and Costello, Error Control Coding, 22.1.
#pragma once

#include <string_view>

#include "models/link/link.h"

namespace headroom::link {

// What one packet after the other takes in the long run.
struct Steady {
  double packet_cycles = 0;  // from one packet to the next, without bit errors
  std::string_view bound;    // what sets it: "wire", "credits" or "replay buffer"
  double retry_cycles = 0;   // expected on top for packets that are lost

  [[nodiscard]] double cycles() const { return packet_cycles + retry_cycles; }
};

// Packets of `length` flits, 1 to max_payload, at a bit-error rate of both wires, 0 to below 1.
[[nodiscard]] Steady steady(const Parameters& parameters, double length, double bit_error_rate);

// Probability that one of `bits` is flipped: 1 - (1 - rate)^bits.
[[nodiscard]] double hit(double bits, double bit_error_rate);
// Bits of a packet of `length` flits that the CRC or the synchronisation covers.
[[nodiscard]] double packet_bits(const Parameters& parameters, double length);

// Cycles from the first accepted to the last delivered flit, inclusive, rounded to a whole number.
// Exact for one message without bit errors when the wire is the bound; else within 5 % of cycle for
// long traffic, 25 % where words backward keep a distance (control_spacing above 1) and a window
// binds (tests/models/link/analytic_test.cpp).
[[nodiscard]] Cycles analytic_cycles(
    const Parameters& parameters, const Traffic& traffic, double bit_error_rate = 0);

}  // namespace headroom::link
