// What must arrive, without time: every flit once, in order, intact. And the CRC-32 by its
// definition, a polynomial division bit by bit, which shares no step with rtl/link/crc32.sv.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/link/link.h"

namespace headroom::link::golden {

struct Flit {
  std::vector<std::uint64_t> words;  // of 64 bits, least significant first
  bool last = false;                 // ends its message

  [[nodiscard]] bool operator==(const Flit& other) const {
    return words == other.words && last == other.last;
  }
};

// Word `word` of the traffic's flit `number`, the same on every machine.
[[nodiscard]] std::uint64_t payload_word(std::uint64_t seed, std::int64_t number, int word);

// The flits of the traffic in order. Throws std::invalid_argument as check() does.
[[nodiscard]] std::vector<Flit> arrivals(const Parameters& parameters, const Traffic& traffic);

// Remainder of the message, each byte least significant bit first, with its first 32 bits
// complemented and 32 zeros behind it, divided by the generator of IEEE 802.3, clause 3.2.9;
// complemented, and its bits in the order in which they are sent (the highest power is bit 0).
// crc32("123456789") is 0xCBF43926.
[[nodiscard]] std::uint32_t crc32(const std::vector<std::uint8_t>& message);

// The header flit's bits 63..0 of a packet with this payload: CRC-32 above, body below.
[[nodiscard]] std::uint64_t header(const std::vector<Flit>& payload, std::uint8_t sequence);

}  // namespace headroom::link::golden
