#include "models/numerics/bf16.h"

#include <cmath>

#include "models/numerics/fp32.h"

namespace headroom::bf16 {

float decode(std::uint16_t code) { return fp32::decode(std::uint32_t{code} << 16); }

std::uint16_t encode(float value) {
  if (std::isnan(value)) return 0x7FC0;
  const std::uint32_t bits = fp32::encode(value);
  // Adding just under half of the last kept place, plus the last kept bit, rounds to nearest even;
  // a carry runs on into the exponent, up to infinity.
  return static_cast<std::uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

std::uint32_t multiply_add(std::uint16_t a, std::uint16_t b, std::uint32_t accumulator) {
  return fp32::canonical(std::fmaf(decode(a), decode(b), fp32::decode(accumulator)));
}

}  // namespace headroom::bf16
