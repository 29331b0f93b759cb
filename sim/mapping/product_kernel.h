// What the chip executes for mapped products: one kernel, and a second one that sums the parts of a
// split reduction.
#pragma once

#include <optional>
#include <string>

#include "models/chip/kernel.h"
#include "sim/mapping/tiling.h"

namespace headroom {

struct ProductKernels {
  Kernel product;
  std::optional<Kernel> reduction;
};

// The tiles of the tiling, merged into steps: a slice on every core, then waves (stores leave at
// the end of each), then the last slice. Cycles and bytes add up to the tiling's.
[[nodiscard]] ProductKernels product_kernels(
    const std::string& name, const ChipDescription& chip, const ProductWork& work,
    const Tiling& tiling);

}  // namespace headroom
