#include "sim/mapping/tiling.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "models/hbm/bandwidth.h"

namespace headroom {

namespace {

constexpr std::int64_t smallest_tile = 32, largest_tile = 4096;
constexpr double accumulator_bytes = 4;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

double as_double(std::int64_t value) { return static_cast<double>(value); }

// Whether a tile's results and two buffers per operand, `depth` deep, have room on a core.
bool fits(const ChipDescription& chip, std::int64_t tile_m, std::int64_t tile_n, std::int64_t depth,
          double operand_bytes) {
  const double results = as_double(tile_m * tile_n) * accumulator_bytes;
  const double operands = 2 * as_double(tile_m + tile_n) * as_double(depth) * operand_bytes;
  const double capacity = chip.scratchpad.capacity.si();
  const double accumulators = chip.scratchpad.accumulators.si();
  return accumulators > 0 ? results <= accumulators && operands <= capacity
                          : results + operands <= capacity;
}

// A slice is as deep as the engines, and at least one access of HBM wide: deeper ones would only
// delay the first multiply. Shallower where not even the smallest tile fits.
std::int64_t slice_depth(const ChipDescription& chip, double operand_bytes) {
  std::int64_t depth = std::clamp<std::int64_t>(
      std::int64_t{chip.matrix.rows} * chip.matrix.dot_length, 32, 512);
  while (depth > 1 && !fits(chip, smallest_tile, smallest_tile, depth, operand_bytes)) depth /= 2;
  return depth;
}

// HBM reads. Tiles are visited in panels `height` tiles high; a panel of `a` is read once if it
// stays on the chip, and `b` once per panel unless all of it stays.
double reads(const ChipDescription& chip, const Product& p, const Tiling& t, double operand_bytes) {
  const double keep = reuse_capacity(chip).si() / 2;
  const bool shared = chip.scratchpad.shared_capacity > Bytes(0);
  const std::int64_t tiles_m = ceil_div(p.m, t.tile_m), tiles_n = ceil_div(p.n, t.tile_n);
  const double a = as_double(p.m) * as_double(p.k) * operand_bytes,
               b = as_double(p.n) * as_double(p.k) * operand_bytes;
  double best = std::numeric_limits<double>::infinity();
  const std::int64_t at_once = shared ? chip.cores : 1;
  for (std::int64_t height = 1; height <= std::min(at_once, tiles_m); height *= 2) {
    const std::int64_t width = std::max<std::int64_t>(1, std::min(tiles_n, at_once / height));
    const double panel = as_double(height * t.tile_m) * as_double(p.k) * operand_bytes;
    const double a_passes = panel <= keep ? 1 : as_double(ceil_div(tiles_n, width));
    const double b_passes = b <= keep ? 1 : as_double(ceil_div(tiles_m, height));
    best = std::min(best, a * a_passes + b * b_passes);
  }
  return best;
}

}  // namespace

Product tile_of(const Tiling& tiling, const Product& product) {
  return {std::min(tiling.tile_m, product.m), std::min(tiling.tile_n, product.n), product.k};
}

Bytes reuse_capacity(const ChipDescription& chip) {
  return chip.scratchpad.shared_capacity > Bytes(0)
             ? chip.scratchpad.shared_capacity
             : chip.scratchpad.capacity;
}

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

TileCost tile_cost(const ChipDescription& chip, const Product& tile, const ArrayCycles& array,
                   double operand_bytes) {
  const std::int64_t engines = chip.matrix.count / chip.cores;
  const double bytes_per_cycle = chip.scratchpad.bytes_per_cycle;
  const double fill = as_double(tile.m + tile.n) * as_double(tile.k) * operand_bytes;
  TileCost best;
  double best_cycles = std::numeric_limits<double>::infinity();
  for (std::int64_t along_m = 1; along_m <= engines; ++along_m) {
    if (engines % along_m != 0) continue;
    const Product part{ceil_div(tile.m, along_m), ceil_div(tile.n, engines / along_m), tile.k};
    const double read = as_double(engines) * as_double(part.m + part.n) * as_double(tile.k) *
                        operand_bytes;
    const double compute = static_cast<double>(array(part));
    const double fed = std::max(
        compute / chip.matrix.operand_supply, (read + fill) / bytes_per_cycle);
    if (fed < best_cycles) best_cycles = fed, best = {compute, fed - compute, 0};
  }
  const double results = as_double(tile.m) * as_double(tile.n) * accumulator_bytes;
  const Bytes place = chip.scratchpad.accumulators > Bytes(0)
                          ? chip.scratchpad.accumulators
                          : chip.scratchpad.capacity;
  if (2 * results > place.si()) best.drain = results / bytes_per_cycle;
  return best;
}

Tiling choose_tiling(const ChipDescription& chip, const Product& product, const ArrayCycles& array,
                     double operand_bytes, double result_bytes) {
  assert(product.m >= 1 && product.n >= 1 && product.k >= 1);
  const double bytes_per_cycle = sustained_bandwidth(chip.hbm) / chip.clock.sustained_matmul /
                                 Bytes(1);
  const std::int64_t depth = slice_depth(chip, operand_bytes);
  Tiling best;
  best.cycles = std::numeric_limits<double>::infinity();
  for (std::int64_t tile_m = smallest_tile; tile_m <= largest_tile; tile_m *= 2) {
    if (tile_m > smallest_tile && tile_m / 2 >= product.m) break;
    for (std::int64_t tile_n = smallest_tile; tile_n <= largest_tile; tile_n *= 2) {
      if (tile_n > smallest_tile && tile_n / 2 >= product.n) break;
      Tiling t;
      t.tile_m = tile_m;
      t.tile_n = tile_n;
      t.slice_k = std::min(depth, product.k);
      if (!fits(chip, tile_m, tile_n, depth, operand_bytes)) break;
      t.slices = ceil_div(product.k, t.slice_k);
      const std::int64_t tiles = ceil_div(product.m, tile_m) * ceil_div(product.n, tile_n);
      t.waves = ceil_div(tiles, chip.cores);
      t.load = Bytes(reads(chip, product, t, operand_bytes));
      t.store = Bytes(as_double(product.m) * as_double(product.n) * result_bytes);
      const double compute = as_double(t.waves) *
                             tile_cost(chip, tile_of(t, product), array, operand_bytes).total();
      const double memory = (t.load + t.store) / Bytes(1) / bytes_per_cycle;
      const double first = as_double(tile_m + tile_n) * as_double(t.slice_k) * operand_bytes *
                           as_double(std::min<std::int64_t>(chip.cores, tiles));
      const double fill = (first + t.store.si() / as_double(t.waves)) / bytes_per_cycle;
      t.cycles = std::max(compute, memory) + std::min(fill, memory);
      if (t.cycles < best.cycles) best = t;
    }
  }
  assert(best.waves > 0);
  return best;
}

}  // namespace headroom
