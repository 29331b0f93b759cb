// How one matrix product is cut into tiles for the chip's cores: a small search over tile sizes,
// capacity-checked, with the cost of an array from its model. Products are out[m, n] = a[m, k] *
// b[k, n].
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

struct Tiling {
  std::int64_t tile_m = 0, tile_n = 0;
  std::int64_t slice_k = 0;  // reduction depth of the operands that are double-buffered
  std::int64_t waves = 0;    // rounds in which every core works on one tile
  std::int64_t slices = 0;   // of one tile
  Bytes load, store;         // HBM traffic of the whole product
  double cycles = 0;         // of the whole product by the closed form
};

// What one tile takes on one core.
struct TileCost {
  double compute = 0;  // cycles of the engines, operands at hand
  double stall = 0;    // cycles that they wait for operands beside that
  double drain = 0;    // cycles that results leave in while the next tile cannot start

  [[nodiscard]] double total() const { return compute + stall + drain; }
};

// The port of a scratchpad moves what the engines read, each its own part of both operands, and the
// fills of the next slice; a tile takes at least as long as that. Large products are also bound by
// the chip's measured operand_supply. Results drain behind the next tile's products only where the
// accumulators hold two tiles.
[[nodiscard]] TileCost tile_cost(const ChipDescription& chip, const Product& tile,
                                 const ArrayCycles& array, double operand_bytes = 2);

// The largest tile of a product.
[[nodiscard]] Product tile_of(const Tiling& tiling, const Product& product);

// Fastest tiling by the closed form max(compute, HBM) + first loads and last stores, which nothing
// hides; two-byte operands and results unless said otherwise. Precondition: m, n, k >= 1.
[[nodiscard]] Tiling choose_tiling(
    const ChipDescription& chip, const Product& product, const ArrayCycles& array,
    double operand_bytes = 2, double result_bytes = 2);

// Cycles of the engines of one core for a product in its scratchpad, split over them along m and n.
[[nodiscard]] Cycles core_cycles(
    const ChipDescription& chip, const Product& product, const ArrayCycles& array);

// What keeps operands on the chip between tiles: the chip-wide memory where there is one, else each
// core's scratchpad.
[[nodiscard]] Bytes reuse_capacity(const ChipDescription& chip);

}  // namespace headroom
