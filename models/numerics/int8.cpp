#include "models/numerics/int8.h"

#include <algorithm>
#include <cmath>

namespace headroom::int8 {

int decode(std::uint16_t code) {
  const int byte = code & 0xFF;
  return byte < 128 ? byte : byte - 256;
}

std::uint16_t encode(float value) {
  if (std::isnan(value)) return 0;
  // remainder() rounds ties to even whatever the rounding mode of the thread is.
  const float nearest = std::clamp(value, -128.0F, 127.0F);
  return static_cast<std::uint16_t>(
      static_cast<int>(nearest - std::remainder(nearest, 1.0F)) & 0xFF);
}

std::uint32_t multiply_add(std::uint16_t a, std::uint16_t b, std::uint32_t accumulator) {
  return accumulator + static_cast<std::uint32_t>(decode(a) * decode(b));
}

}  // namespace headroom::int8
