#include "sim/mapping/tile_cost.h"

#include <algorithm>
#include <limits>

#include "sim/mapping/counting.h"

namespace headroom {

Cycles core_cycles(const ChipDescription& chip, const Product& product, const ArrayCycles& array) {
  const std::int64_t engines = chip.matrix.count / chip.cores;
  Cycles best = std::numeric_limits<Cycles>::max();
  for (std::int64_t along_m = 1; along_m <= engines; ++along_m) {
    if (engines % along_m != 0) continue;
    best = std::min(
        best,
        array({ceil_div(product.m, along_m), ceil_div(product.n, engines / along_m), product.k}));
  }
  return best;
}

TileCost tile_cost(const ChipDescription& chip, const Product& tile, std::int64_t slice_k,
                   const ArrayCycles& array, double operand_bytes) {
  const double port = chip.scratchpad.bytes_per_cycle;
  const double edges = as_double(tile.m + tile.n) * operand_bytes;
  const double fill = edges * as_double(tile.k);
  TileCost best;
  double best_cycles = std::numeric_limits<double>::infinity();
  // Fewer engines may be faster where the port binds, because they read less together, or where
  // their number splits a tile badly.
  for (std::int64_t engines = chip.matrix.count / chip.cores; engines >= 1; --engines) {
    for (std::int64_t along_m = 1; along_m <= engines; ++along_m) {
      if (engines % along_m != 0) continue;
      const Product part{ceil_div(tile.m, along_m), ceil_div(tile.n, engines / along_m), tile.k};
      const double read = as_double(engines * (part.m + part.n)) * as_double(tile.k) *
                          operand_bytes;
      const double compute = static_cast<double>(array(part));
      const double busy = (read + fill) / port;
      const double fed = std::max(compute / chip.matrix.operand_supply, busy);
      if (fed < best_cycles) {
        best_cycles = fed;
        best.compute = compute, best.stall = fed - compute, best.port = busy;
        best.bytes = read + fill;
      }
    }
    const bool power_of_two = (engines & (engines - 1)) == 0;
    if (power_of_two && best.port < best_cycles) break;
  }
  const double results = as_double(tile.m) * as_double(tile.n) * accumulator_bytes;
  const Bytes place = chip.scratchpad.accumulators > Bytes(0)
                          ? chip.scratchpad.accumulators
                          : chip.scratchpad.capacity;
  const bool alone = 2 * results > place.si();
  best.bytes += results;
  best.drain = results / port;
  best.prologue = chip.hbm.latency * chip.clock.sustained_matmul +
                  edges * as_double(std::min(slice_k, tile.k)) / port;
  if (alone) best.between = best.drain + (chip.matrix.prefetch ? 0 : best.prologue);
  return best;
}

}  // namespace headroom
