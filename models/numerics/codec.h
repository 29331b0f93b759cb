// Codes of single elements, and of block scales, as numbers. Every value of every format is exact
// in a double.
#pragma once

#include <cstdint>

#include "models/numerics/format.h"

namespace headroom {

enum class Rounding { nearest_even, toward_zero, stochastic };

// What becomes of a value beyond the largest finite one after rounding. As IEEE 754 7.4 has it, a
// finite value rounded toward zero is never beyond it.
enum class Overflow {
  saturate,  // the largest finite value of that sign; infinities too
  overflow   // infinity; NaN where the format has no infinity; the largest value where it has
             // neither
};

// An element's value; block formats: without the scale. The code's unused upper bits are ignored.
[[nodiscard]] double decode(Format format, std::uint32_t code);

// The code of the value. `random` is used by stochastic rounding only: 64 uniform random bits; the
// magnitude rounds up with the probability of what is cut off. A NaN becomes the canonical quiet
// NaN of the format (positive), the largest value where a format has none (OCP MX 5.3 leaves it to
// the implementation), and 0 in integers, mxint8 among them. Integers always saturate.
[[nodiscard]] std::uint32_t encode(
    Format format, double value, Rounding rounding = Rounding::nearest_even,
    Overflow overflow = Overflow::overflow, std::uint64_t random = 0);

// The value of a block scale's code, NaN for a NaN code.
[[nodiscard]] double decode_scale(BlockScale scale, std::uint32_t code);

}  // namespace headroom
