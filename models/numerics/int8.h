// int8 factors with an int32 accumulator that wraps (two's complement). Codes are the low byte.
#pragma once

#include <cstdint>

namespace headroom::int8 {

[[nodiscard]] int decode(std::uint16_t code);

// Round to nearest, ties to even, saturating at -128 and 127; a NaN becomes 0.
[[nodiscard]] std::uint16_t encode(float value);

// Bits of accumulator + a * b modulo 2^32.
[[nodiscard]] std::uint32_t multiply_add(
    std::uint16_t a, std::uint16_t b, std::uint32_t accumulator);

}  // namespace headroom::int8
