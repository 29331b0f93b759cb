// How products are cut into tiles for the chip's cores: a search over tile sizes, loop orders and
// splits of the reduction, capacity-checked, with the cost of an array from its model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/mapping/product_work.h"
#include "sim/mapping/tile_cost.h"
#include "sim/mapping/traffic.h"

namespace headroom {

inline constexpr std::int64_t largest_tile = 4096;  // side of an output tile
inline constexpr std::int64_t largest_split = 64;   // parts that a reduction is cut into

// What a user may fix of a mapping; 0 or none is left to the search.
struct MappingRequest {
  std::int64_t tile_m = 0, tile_n = 0;
  std::int64_t slice_k = 0;
  std::int64_t split_k = 0;
  std::optional<Order> order;
};

// A mapping with what it costs.
struct Tiling {
  std::int64_t tile_m = 0, tile_n = 0;
  std::int64_t slice_k = 0;
  Order order = Order::n_inner;
  std::int64_t panel = 1;      // tiles
  std::int64_t split_k = 1;    // parts of k, summed by a second kernel where there is more than one
  std::int64_t part_k = 0;     // depth of a part
  std::int64_t tiles = 0;      // of all products and parts
  std::int64_t waves = 0;      // rounds in which every core works on one tile at most
  std::int64_t slices = 0;     // of one tile
  Bytes load, store;           // HBM traffic of the kernel that multiplies
  Bytes partials;              // sums of the parts, written and read once; 0 without a split
  bool partials_stay = false;  // in the chip-wide memory instead of HBM
  // A wave's results fit half of the chip-wide memory: the last ones are written to HBM behind the
  // next kernel, as this one writes its predecessor's.
  bool posted = false;
  bool waits_for_buffers = false;  // the latency of HBM over the operand buffers bounds the time
  TileCost tile;
  double shared_bytes = 0;  // that the chip-wide memory delivers or takes, whatever its hits
  double on_chip = 0;       // cycles of the engines, ports and chip-wide memory in all waves
  double cycles = 0;        // of the kernel that multiplies, by the closed form
  double reduction = 0;     // cycles of the kernel that sums the parts, the gap before it included

  [[nodiscard]] double total_cycles() const { return cycles + reduction; }
};

// The closed form. Cycles of the clock held in products, from the first load to the last store:
//
//   max(latency + first slice + on-chip + last stores,
//       loads + the stores beside them + latency + last slice's products + last stores,
//       first slice + latency + its products + loads that are left + stores,
//       rounds of the operand buffers * (latency + a slice's load + its products) + last stores)
//
//   loads that are left: beyond what the bus had time and the scratchpad room for before stores
//   begin. Loads and stores that share the bus take turns: sustained_bandwidth() at half loads,
//   where they meet: always on a busy bus, by chance where products take longer than both.
//   last stores: of a wave, or of a slice where they are posted; stores begin after the first slice
//   on-chip = max(waves * fed, L2 traffic) + (waves - 1) * between tiles + last drain
//
// Waves are as few as the cores allow, or more where fewer cores at a time are faster, because
// loads and stores then overlap with more of the work.
//
// One mapping's cost; without an order the one that reads less. Precondition: the tile fits, part_k
// is a multiple of slice_k or all of k.
[[nodiscard]] Tiling cost_mapping(
    const ChipDescription& chip, const ProductWork& work, const ArrayCycles& array,
    const TileShape& tile, const std::optional<Order>& order, std::int64_t part_k);
// Its two halves: what a tile takes on a core, and all that depends on HBM.
[[nodiscard]] Tiling cost_tile(
    const ChipDescription& chip, const ProductWork& work, const ArrayCycles& array,
    const TileShape& tile, std::int64_t part_k);
void cost_traffic(const ChipDescription& chip, const ProductWork& work,
                  const std::optional<Order>& order, Tiling& tiling);

// The kernel that sums `parts` partial results. They are kept in half of the chip-wide memory if
// that has room, else in HBM.
struct Reduction {
  Bytes read, written;  // HBM
  double sums = 0;      // cycles of the vector units, or of the chip-wide memory if that is slower
  double cycles = 0;    // with the gap before it
  bool partials_stay = false;
};
[[nodiscard]] Reduction reduction_of(
    const ChipDescription& chip, const ProductWork& work, std::int64_t parts);

inline constexpr std::int64_t reduction_steps = 12;  // at most

// Steps that a kernel of so many cycles is simulated in, `most` at most: each is as long as the
// latency of HBM, because only a few are in flight, where real ones are shorter and as many as
// there is room for.
[[nodiscard]] std::int64_t steps_in(const ChipDescription& chip, double cycles, std::int64_t most);

// Fastest mapping of those that the request leaves open; none where nothing of it fits. Tiles are
// the chip's tile_sides, or else powers of two from 32 and multiples of the array; slices are
// multiples of slice_depth. Precondition: sizes of at least 1 and a request without a complaint().
[[nodiscard]] std::optional<Tiling> choose_mapping(
    const ChipDescription& chip, const ProductWork& work, const ArrayCycles& array,
    const MappingRequest& request = {});

// Fastest mapping of one product in one kernel, its reduction not split. Throws
// InputError where no tile fits the chip.
[[nodiscard]] Tiling choose_tiling(
    const ChipDescription& chip, const Product& product, const ArrayCycles& array,
    double operand_bytes = 2, double result_bytes = 2);

// "", or what is wrong with a request: what was found and what was expected. The second function
// complains only where the tile, or the smallest one, has no room.
[[nodiscard]] std::string complaint(
    const ChipDescription& chip, const ProductWork& work, const MappingRequest& request);
[[nodiscard]] std::string no_room(
    const ChipDescription& chip, const ProductWork& work, const MappingRequest& request);

// The depth of a slice: as deep as the engines, and at least one access of HBM wide; deeper ones
// would only delay the first multiply. Shallower where not even the smallest tile fits.
[[nodiscard]] std::int64_t slice_depth(const ChipDescription& chip, double operand_bytes);

// The largest tile of the products.
[[nodiscard]] Product tile_of(const Tiling& tiling, const ProductWork& work);

}  // namespace headroom
