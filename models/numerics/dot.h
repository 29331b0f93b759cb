// The arithmetic of one processing element and of the accumulator beside the array: what RTL must
// reproduce bit for bit.
//
// Codes are right-aligned words of the format's bits. fp32 formats accumulate in fp32 (bits), int8
// and int4 in int32 (two's complement). Every NaN result is 0x7FC00000; subnormals are kept.
#pragma once

#include <cstdint>

#include "models/numerics/format.h"

namespace headroom {

struct DotParameters {
  Format format = Format::bf16;
  int length = 1;         // products summed in a step; divides the format's block
  int align_bits = 0;     // 0: exact; else see accumulate_dot
  bool saturate = false;  // integers only: clamp the int32 sum instead of wrapping
};

// Throws std::invalid_argument with a sentence: length not in {1, 2, 4, 8, 16, 32}, or more than
// the block; align_bits outside 0 … 30, not 0 with length 1, integers or block formats, or 0 with a
// longer product of fp32, tf32, bf16 or fp16.
void check(const DotParameters& parameters);

// align_bits that a longer product of the format has unless said otherwise: 25 for fp32, tf32,
// bf16 and fp16, 0 for all others.
[[nodiscard]] int default_align_bits(Format format, int length);

// accumulator + sum over i < length of a[i] * b[i], rounded once to nearest even.
//
// align_bits 0, no block scale: the sum of the exact products and the accumulator is exact and
// rounded once; length 1 equals C's fmaf. Integers: exact, then modulo 2^32 or clamped.
//
// align_bits F > 0: the exact products and the accumulator are aligned to the largest exponent
// among the nonzero ones of them. The exponent of a product is the sum of its factors' (a
// subnormal has that of the smallest normal), so its significand lies in [0, 4); that of the
// accumulator lies in [0, 2), a subnormal one's exponent being -126. F places below the binary
// point at that exponent are kept of each; the rest is cut off toward zero. Their sum is exact and
// rounded once to fp32.
//
// Block formats (scale_a, scale_b are codes of the scale format): the exact sum of products times
// both scales plus the accumulator, rounded once. An E8M0 scale is 2^(code - 127), 0xFF is NaN; an
// E4M3 scale is the magnitude of that fp8 code, 0x7F and 0xFF are NaN. A NaN scale makes the
// result NaN.
//
// A sum that is exactly zero has the sign that IEEE addition gives: -0 only if every product of
// elements and the accumulator are -0. So +0 comes of terms that cancel, of nonzero ones cut off to
// nothing, of a nonzero product under a zero scale, and of mxint8, whose zero has no sign. An
// infinity times zero, or infinities of both signs among products and accumulator: NaN.
[[nodiscard]] std::uint32_t accumulate_dot(
    const DotParameters& parameters, const std::uint32_t* a, const std::uint32_t* b,
    std::uint32_t scale_a, std::uint32_t scale_b, std::uint32_t accumulator);

// accumulator + sum of a fold: fp32 addition rounded to nearest even, or int32 that wraps or
// saturates.
[[nodiscard]] std::uint32_t accumulate_fold(
    const DotParameters& parameters, std::uint32_t accumulator, std::uint32_t fold);

}  // namespace headroom
