// What stands on the wires of a link, as rtl/link/link_pkg.sv has it.
//
// Forward, a word a cycle: two synchronisation bits and a flit. Header flit: bits 31..0 the body,
// 63..32 the CRC-32 of the payload flits in order and then the body, the rest zero and ignored.
// Backward: two synchronisation bits and 64 bits, 31..0 the body, 63..32 its CRC-32.
#pragma once

#include <cstdint>

namespace headroom::link {

// As in 64b/66b, one flipped bit never makes one of a header and a payload flit out of the other.
enum class Sync : std::uint8_t { idle = 0, payload = 1, header = 2, invalid = 3 };

[[nodiscard]] constexpr Sync operator^(Sync sync, std::uint8_t errors) {
  return static_cast<Sync>(static_cast<std::uint8_t>(sync) ^ errors);
}

struct Header {
  bool last = false;        // the packet ends its message
  std::uint8_t length = 0;  // flits of payload
  std::uint8_t sequence = 0;

  [[nodiscard]] constexpr std::uint32_t body() const {
    return (last ? 1U << 31 : 0U) | static_cast<std::uint32_t>(length) << 8 | sequence;
  }
  [[nodiscard]] static constexpr Header of(std::uint32_t body) {
    return {body >> 31 != 0, static_cast<std::uint8_t>(body >> 8), static_cast<std::uint8_t>(body)};
  }
};

struct Control {
  bool negative = false;      // a replay from `expected` on is needed
  std::uint8_t expected = 0;  // all packets before it are acknowledged
  std::uint16_t freed = 0;    // flits freed so far, modulo 2^16

  [[nodiscard]] constexpr std::uint32_t body() const {
    return (negative ? 1U << 31 : 0U) | static_cast<std::uint32_t>(expected) << 16 | freed;
  }
};

}  // namespace headroom::link
