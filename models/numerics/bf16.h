// bf16: sign, 8 exponent bits (bias 127), 7 fraction bits; the upper half of an fp32. Subnormals
// are kept.
#pragma once

#include <cstdint>

namespace headroom::bf16 {

// Exact.
[[nodiscard]] float decode(std::uint16_t code);

// Round to nearest, ties to even; beyond the largest finite value to infinity. A NaN becomes
// 0x7FC0.
[[nodiscard]] std::uint16_t encode(float value);

// Bits of fmaf(a, b, accumulator): exact product, one rounding to fp32, canonical NaN.
[[nodiscard]] std::uint32_t multiply_add(
    std::uint16_t a, std::uint16_t b, std::uint32_t accumulator);

}  // namespace headroom::bf16
