// Products on a chip under its power cap: what `headroom gemm --chip --data` adds.
#pragma once

#include <optional>
#include <string>

#include "sim/engine/product.h"
#include "sim/power/model.h"

namespace headroom {

struct PoweredProduct {
  ProductRun run;  // at the clock held
  ProductFigures figures;
  power::Held held;
  power::Breakdown parts;  // their sum is the power
  Joules energy;           // of the run
  double relative_toggles = 1;
};

// The highest clock at which the product, repeated, stays within the chip's limits, by the closed
// form, and the run at it at `fidelity`. `cap` replaces the chip's own. InputError where the
// activity of `data` is not known for the format, or the cap lies below the least power.
[[nodiscard]] PoweredProduct powered_product(
    const ChipDescription& chip, const ChipPowerModel& model, Format format,
    const ProductWork& work, const MappingRequest& request, Fidelity fidelity,
    const std::string& data, std::optional<Watts> cap = std::nullopt);

// Bytes of a large product, a FLOP: through scratchpads to engines, and from and to HBM.
struct ProductTraffic {
  double sram_bytes = 0, hbm_bytes = 0;
};
[[nodiscard]] ProductTraffic traffic_of_large_product(const ChipDescription& chip, Format format);

}  // namespace headroom
