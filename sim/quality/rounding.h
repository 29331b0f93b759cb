// Rounding to the elements of a format in bulk: what models/numerics does number by number, in a
// loop that compilers make vector instructions of. Tests hold the two together over every code.
#pragma once

#include <cstddef>

#include "models/numerics/format.h"

namespace headroom::quality {

// Each value becomes decode(format, encode_element(format, value, nearest_even)): the element's
// nearest number, ties to even, saturating. Zeros lose their sign; NaN stays NaN.
void round_to_elements(Format format, double* values, std::size_t count);

// The largest number of the format's elements.
[[nodiscard]] double largest_element(Format format);

}  // namespace headroom::quality
