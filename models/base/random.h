// A stateless source of pseudo-random words: the same on every machine, and any one can be asked
// for alone.
#pragma once

#include <cstdint>

namespace headroom {

// The finaliser of SplitMix64: every output bit depends on every input bit.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

}  // namespace headroom
