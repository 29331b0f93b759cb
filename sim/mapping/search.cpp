// The candidates of the search for a mapping and what a user may ask of it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "models/hbm/bandwidth.h"
#include "sim/config/error.h"
#include "sim/mapping/counting.h"
#include "sim/mapping/tiling.h"

namespace headroom {

namespace {

constexpr std::int64_t smallest_tile = 32;
constexpr std::int64_t deepest = 4;  // slices, in depths of the engines

// Tiles that a compiler makes are multiples of this, or smaller powers of two.
std::int64_t unit_of(const ChipDescription& chip, bool along_m) {
  return std::max<std::int64_t>(smallest_tile, along_m ? chip.matrix.rows : chip.matrix.columns);
}

std::int64_t smallest_side(const ChipDescription& chip) {
  const std::vector<std::int64_t>& known = chip.matrix.tile_sides;
  return known.empty() ? smallest_tile : *std::min_element(known.begin(), known.end());
}

// Sides of tiles in one direction, descending: of all that give the same number of tiles the
// smallest, because nothing about a larger one is better.
std::vector<std::int64_t> sides(
    const ChipDescription& chip, const ProductWork& work, bool along_m, std::int64_t requested) {
  if (requested > 0) return {requested};
  const std::int64_t extent = along_m ? work.largest_m() : work.n;
  const bool ragged = along_m && work.rows.size() > 1;
  std::vector<std::int64_t> result = chip.matrix.tile_sides;
  std::sort(result.begin(), result.end());
  if (result.empty()) {
    const std::int64_t unit = unit_of(chip, along_m);
    for (std::int64_t side = smallest_tile; side < unit; side *= 2) result.push_back(side);
    for (std::int64_t side = unit; side <= std::max(unit, largest_tile); side += unit)
      if (ragged || result.empty() || ceil_div(extent, side) < ceil_div(extent, result.back()))
        result.push_back(side);
  }
  const auto covers = std::find_if(result.begin(), result.end(), [&](std::int64_t side) {
    return side >= extent;
  });
  if (covers != result.end()) result.erase(covers + 1, result.end());
  std::reverse(result.begin(), result.end());
  return result;
}

// Whole slices per part when k is cut into `parts`.
std::int64_t part_of(std::int64_t k, std::int64_t slice_k, std::int64_t parts) {
  return std::min(k, ceil_div(ceil_div(k, slice_k), parts) * slice_k);
}

class Search {
 public:
  Search(const ChipDescription& chip, const ProductWork& work, const ArrayCycles& array,
         const MappingRequest& request)
      : chip_(chip), work_(work), array_(array), request_(request) {
    const Bytes operands(
        (work.all_rows() + as_double(work.n)) * as_double(work.k) * work.operand_bytes);
    const Bytes results(work.all_rows() * as_double(work.n) * work.result_bytes);
    least_traffic_ = least_time(chip.hbm, operands, results) * chip.clock.sustained_matmul;
  }

  // All splits of the reduction that the request leaves open.
  void consider(const TileShape& shape) {
    if (request_.split_k > 0) {
      consider(shape, part_of(work_.k, shape.slice_k, request_.split_k));
      return;
    }
    const double whole = consider(shape, work_.k);
    std::int64_t last = work_.k;
    for (std::int64_t parts = 2; parts <= largest_split && last > shape.slice_k; ++parts) {
      const std::int64_t part = part_of(work_.k, shape.slice_k, parts);
      if (part == last) continue;
      last = part;
      // Parts cost the cores no less than the whole, and what sums them grows with their number.
      const double reduction = reduction_of(chip_, work_, ceil_div(work_.k, part)).cycles;
      if (best_ && whole + reduction >= best_->total_cycles()) break;
      consider(shape, part);
    }
  }

  [[nodiscard]] const std::optional<Tiling>& best() const { return best_; }
  // Whether deeper slices may be faster: some mapping's operand buffers hold less than the latency
  // of HBM asks for.
  [[nodiscard]] bool wants_deeper() const { return wants_deeper_; }

 private:
  // Returns the least that all of it can take, evenly spread over the cores.
  double consider(const TileShape& shape, std::int64_t part_k) {
    Tiling t = cost_tile(chip_, work_, array_, shape, part_k);
    const double busy = as_double(ceil_div(t.tiles, chip_.cores)) * t.tile.fed();
    if (!best_ || std::max(busy, least_traffic_) < best_->total_cycles()) {
      cost_traffic(chip_, work_, request_.order, t);
      wants_deeper_ = wants_deeper_ || t.waits_for_buffers;
      if (!best_ || t.total_cycles() < best_->total_cycles()) best_ = t;
    }
    return std::max(as_double(t.tiles) / chip_.cores * t.tile.fed(), least_traffic_);
  }

  const ChipDescription& chip_;
  const ProductWork& work_;
  const ArrayCycles& array_;
  const MappingRequest& request_;
  double least_traffic_ = 0;  // cycles that HBM needs for every operand and result once
  bool wants_deeper_ = false;
  std::optional<Tiling> best_;
};

bool is_side(const ChipDescription& chip, std::int64_t side, bool along_m) {
  const std::vector<std::int64_t>& known = chip.matrix.tile_sides;
  if (!known.empty()) return std::find(known.begin(), known.end(), side) != known.end();
  const std::int64_t unit = unit_of(chip, along_m);
  const bool small_power = side < unit && (side & (side - 1)) == 0;
  return side >= smallest_tile && side <= std::max(unit, largest_tile) &&
         (side % unit == 0 || small_power);
}

std::string side_words(const ChipDescription& chip, bool along_m) {
  if (!chip.matrix.tile_sides.empty())
    return fmt::format("a side that the chip has kernels for (matrix_engines.tile_sides): {}",
                       fmt::join(chip.matrix.tile_sides, ", "));
  const std::int64_t unit = unit_of(chip, along_m);
  return fmt::format("a multiple of {} or a smaller power of two, from {} to {}", unit,
                     smallest_tile, std::max(unit, largest_tile));
}

}  // namespace

std::int64_t slice_depth(const ChipDescription& chip, double operand_bytes) {
  const std::int64_t side = smallest_side(chip);
  std::int64_t depth = std::clamp<std::int64_t>(
      std::int64_t{chip.matrix.rows} * chip.matrix.dot_length, 32, 512);
  while (depth > 1 && !fits(chip, {side, side, depth}, operand_bytes)) depth /= 2;
  return depth;
}

std::optional<Tiling> choose_mapping(const ChipDescription& chip, const ProductWork& work,
                                     const ArrayCycles& array, const MappingRequest& request) {
  Search search(chip, work, array, request);
  const std::vector<std::int64_t> high = sides(chip, work, true, request.tile_m),
                                  wide = sides(chip, work, false, request.tile_n);
  const auto consider_all = [&](std::int64_t depth) {
    for (const std::int64_t m : high)
      for (const std::int64_t n : wide)
        if (fits(chip, {m, n, depth}, work.operand_bytes)) search.consider({m, n, depth});
  };
  if (request.slice_k > 0) {
    consider_all(request.slice_k);
    return search.best();
  }
  const std::int64_t depth = slice_depth(chip, work.operand_bytes);
  consider_all(depth);
  for (std::int64_t times = 2; times <= deepest && search.wants_deeper(); ++times)
    consider_all(times * depth);
  return search.best();
}

Tiling choose_tiling(const ChipDescription& chip, const Product& product, const ArrayCycles& array,
                     double operand_bytes, double result_bytes) {
  MappingRequest request;
  request.split_k = 1;
  const ProductWork work(product, operand_bytes, result_bytes);
  const auto best = choose_mapping(chip, work, array, request);
  if (!best)
    throw InputError(
        {chip.name}, "scratchpad", "no room for any tile of a product",
        fmt::format(
            "room for a tile of {0} x {0} and two buffers of its operands", smallest_side(chip)));
  return *best;
}

std::string no_room(const ChipDescription& chip, const ProductWork& work,
                    const MappingRequest& request) {
  const auto or_smallest = [&](std::int64_t side) { return side > 0 ? side : smallest_side(chip); };
  const TileShape shape{
      or_smallest(request.tile_m), or_smallest(request.tile_n),
      request.slice_k > 0 ? request.slice_k : slice_depth(chip, work.operand_bytes)};
  if (fits(chip, shape, work.operand_bytes)) return "";
  const double kib = 1024;
  return fmt::format(
      "found a tile of {} x {} with operands {} deep, too large for a core; expected one whose "
      "results and two buffers of operands fit {:.0f} KiB{}",
      shape.m, shape.n, shape.slice_k, chip.scratchpad.capacity.si() / kib,
      chip.scratchpad.accumulators > Bytes(0)
          ? fmt::format(
                " for operands and {:.0f} KiB for results", chip.scratchpad.accumulators.si() / kib)
          : "");
}

std::string complaint(const ChipDescription& chip, const ProductWork& work,
                      const MappingRequest& request) {
  const std::int64_t depth = slice_depth(chip, work.operand_bytes);
  if (request.tile_m > 0 && !is_side(chip, request.tile_m, true))
    return fmt::format("found a tile {} high; expected {}", request.tile_m, side_words(chip, true));
  if (request.tile_n > 0 && !is_side(chip, request.tile_n, false))
    return fmt::format(
        "found a tile {} wide; expected {}", request.tile_n, side_words(chip, false));
  if (request.slice_k > 0 && request.slice_k % depth != 0)
    return fmt::format(
        "found operands {} deep; expected a multiple of {}, the depth of the engines",
        request.slice_k, depth);
  return no_room(chip, work, request);
}

}  // namespace headroom
