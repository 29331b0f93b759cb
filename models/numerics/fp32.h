// fp32 as bits: the accumulator format. Arithmetic is the CPU's own, rounded to nearest even,
// subnormals kept; every NaN that an operation returns is canonical.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace headroom::fp32 {

inline constexpr std::uint32_t canonical_nan = 0x7FC00000;

[[nodiscard]] inline float decode(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// NaN payloads and signs are kept; see canonical().
[[nodiscard]] inline std::uint32_t encode(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

[[nodiscard]] inline std::uint32_t canonical(float value) {
  return std::isnan(value) ? canonical_nan : encode(value);
}

// Bits of x + y.
[[nodiscard]] std::uint32_t add(std::uint32_t x, std::uint32_t y);

}  // namespace headroom::fp32
