#include "sim/mapping/traffic.h"

#include <algorithm>
#include <limits>

#include "models/chip/kernel.h"
#include "sim/mapping/counting.h"

namespace headroom {

namespace {

double result_room(const TileShape& tile) { return as_double(tile.m * tile.n) * accumulator_bytes; }

double buffer_room(const TileShape& tile, double operand_bytes) {
  return 2 * as_double(tile.m + tile.n) * as_double(tile.slice_k) * operand_bytes;
}

// Bytes that may stay between tiles.
double keep(const ChipDescription& chip, const TileShape& tile, double operand_bytes) {
  if (chip.scratchpad.shared_capacity > Bytes(0)) return chip.scratchpad.shared_capacity.si() / 2;
  const double results = chip.scratchpad.accumulators > Bytes(0) ? 0 : result_room(tile);
  return (chip.scratchpad.capacity.si() - results - buffer_room(tile, operand_bytes)) / 2;
}

}  // namespace

Bytes reuse_capacity(const ChipDescription& chip) {
  return chip.scratchpad.shared_capacity > Bytes(0)
             ? chip.scratchpad.shared_capacity
             : chip.scratchpad.capacity;
}

bool fits(const ChipDescription& chip, const TileShape& tile, double operand_bytes) {
  const double results = result_room(tile), operands = buffer_room(tile, operand_bytes);
  const double capacity = chip.scratchpad.capacity.si();
  const double accumulators = chip.scratchpad.accumulators.si();
  return accumulators > 0 ? results <= accumulators && operands <= capacity
                          : results + operands <= capacity;
}

std::int64_t operand_buffers(
    const ChipDescription& chip, const TileShape& tile, double operand_bytes) {
  const double results = chip.scratchpad.accumulators > Bytes(0) ? 0 : result_room(tile);
  const double slices = 2 * (chip.scratchpad.capacity.si() - results) /
                        buffer_room(tile, operand_bytes);
  return std::clamp<std::int64_t>(
      static_cast<std::int64_t>(slices), default_operand_buffers, most_operand_buffers);
}

Reads fewest_reads(const ChipDescription& chip, const ProductWork& work, const TileShape& tile,
                   Order order, std::int64_t depth) {
  const double room = keep(chip, tile, work.operand_bytes);
  const bool shared = chip.scratchpad.shared_capacity > Bytes(0);
  const bool n_inner = order == Order::n_inner;
  const double element_row = as_double(work.k) * work.operand_bytes;  // of all parts of k
  const double part_row = as_double(depth) * work.operand_bytes;
  const std::int64_t cores = chip.cores;

  // `staying` tiles in the panels' direction, `passing` ones in the other.
  const auto reads_of = [&](std::int64_t m, std::int64_t panel) {
    const std::int64_t tiles_m = ceil_div(m, tile.m), tiles_n = ceil_div(work.n, tile.n);
    const std::int64_t staying = n_inner ? tiles_m : tiles_n, passing = n_inner ? tiles_n : tiles_m;
    const double stay_size = as_double(n_inner ? m : work.n);
    const double pass_size = as_double(n_inner ? work.n : m);
    const double stay_side = as_double(n_inner ? tile.m : tile.n);
    const std::int64_t panels = ceil_div(staying, panel);
    const bool panel_stays = std::min(as_double(panel) * stay_side, stay_size) * part_row <= room;
    const bool all_stays = pass_size * part_row <= room;
    std::int64_t stay_passes = 1, pass_passes = panels;
    if (shared) {
      // What does not stay is shared by the cores that work on it at the same time.
      const std::int64_t at_once = std::min(panel, cores);
      if (!panel_stays) {
        stay_passes = ceil_div(passing, std::max<std::int64_t>(1, cores / at_once));
        pass_passes = ceil_div(staying, at_once);
      }
      if (all_stays) pass_passes = 1;
    } else {
      stay_passes = panel_stays ? std::min(passing, ceil_div(cores, panels)) : passing;
      if (!panel_stays) pass_passes = staying;
      if (all_stays) pass_passes = std::min(cores, pass_passes);
    }
    return (stay_size * as_double(stay_passes) + pass_size * as_double(pass_passes)) * element_row;
  };

  std::int64_t longest = 1;
  for (const Rows& r : work.rows)
    longest = std::max(longest, n_inner ? ceil_div(r.m, tile.m) : ceil_div(work.n, tile.n));
  Reads best;
  double least = std::numeric_limits<double>::infinity();
  for (std::int64_t panel = 1;; panel = std::min(2 * panel, longest)) {
    double sum = 0;
    for (const Rows& r : work.rows) sum += reads_of(r.m, panel) * as_double(r.count);
    if (sum < least) least = sum, best.panel = panel;
    if (panel == longest) break;
  }
  best.bytes = Bytes(least);
  return best;
}

}  // namespace headroom
