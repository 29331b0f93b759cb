// What one output tile costs on one core: engines, the scratchpad's port, what does not overlap.
#pragma once

#include <cstdint>
#include <functional>

#include "models/base/clock.h"
#include "models/chip/description.h"
#include "models/matrix_engine/matrix_engine.h"

namespace headroom {

using matrix_engine::Product;

// Cycles of one matrix engine for a product whose operands are in the scratchpad.
using ArrayCycles = std::function<Cycles(const Product&)>;

// Cycles and bytes of one tile on one core.
struct TileCost {
  double compute = 0;   // of the engines, operands at hand
  double stall = 0;     // that they wait for operands beside that
  double drain = 0;     // until the results have left through the port
  double prologue = 0;  // until the first slice is there, seen by a tile that starts from nothing
  double port = 0;      // that the port is busy with operands
  double bytes = 0;     // through the port, results included
  // What of drain and prologue lies between two tiles of a core.
  double between = 0;

  [[nodiscard]] double fed() const { return compute + stall; }
};

// The port of a scratchpad moves what the engines read, each its own part of both operands, and the
// fills of the next slice; a tile takes at least as long as that. Large products are also bound by
// the chip's measured operand_supply. Results drain behind the next tile's products only where the
// accumulators hold two tiles; so does the prologue, unless the core prefetches anyway. `slice_k`
// is the depth of a slice.
[[nodiscard]] TileCost tile_cost(
    const ChipDescription& chip, const Product& tile, std::int64_t slice_k,
    const ArrayCycles& array, double operand_bytes = 2);

// Cycles of the engines of one core for a product in its scratchpad, split over them along m and n.
[[nodiscard]] Cycles core_cycles(
    const ChipDescription& chip, const Product& product, const ArrayCycles& array);

}  // namespace headroom
