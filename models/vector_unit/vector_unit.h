// The vector unit: lanes for arithmetic and a slower pipe for transcendentals (exponential,
// reciprocal, square root). The pipes issue in turn, so the cycles of a tile are their sum. Closed
// form, no SystemC; the chip spends the cycles.
#pragma once

#include "models/base/clock.h"
#include "models/chip/description.h"

namespace headroom {

// Work of one tile on the whole chip.
struct VectorWork {
  double operations = 0;    // fp32 operations; a fused multiply-add counts one
  double exponentials = 0;  // transcendental results
};

// Cycles until the slowest core is done, the work spread evenly over `cores`.
[[nodiscard]] Cycles vector_cycles(
    const VectorUnitDescription& unit, int cores, const VectorWork& work);

}  // namespace headroom
