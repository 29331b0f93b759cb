// Sums without error and their one rounding to fp32.
#pragma once

#include <cstdint>

namespace headroom {

__extension__ using Int128 = __int128;

// value * 2^exponent to the nearest fp32, ties to even; beyond the largest to infinity, 0 to +0.
[[nodiscard]] std::uint32_t round_to_fp32(Int128 value, int exponent);

// The same of value * 2^exponent + accumulator, a finite fp32; an exact 0 is +0. |value| < 2^80.
[[nodiscard]] std::uint32_t round_sum_to_fp32(
    Int128 value, int exponent, std::uint32_t accumulator);

}  // namespace headroom
