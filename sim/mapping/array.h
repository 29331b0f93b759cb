// The chip's matrix engines as the models of arrays see them.
#pragma once

#include <memory>

#include "models/chip/description.h"
#include "models/matrix_engine/matrix_engine.h"
#include "sim/mapping/tiling.h"

namespace headroom {

// One engine of the chip in `format`, which the chip must have. A format at several times the rate
// is an array with as much longer dot products.
[[nodiscard]] matrix_engine::ArrayParameters array_of(const ChipDescription& chip, Format format);

// What an engine, at whatever fidelity, says that a product costs.
[[nodiscard]] ArrayCycles cost_of(std::shared_ptr<matrix_engine::MatrixEngine> engine);

}  // namespace headroom
