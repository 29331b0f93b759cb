#include "sim/mapping/tiling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/hbm/bandwidth.h"
#include "models/vector_unit/vector_unit.h"
#include "sim/mapping/counting.h"

namespace headroom {

namespace {

// Cycles that the bus of HBM takes.
class HbmCycles {
 public:
  explicit HbmCycles(const ChipDescription& chip)
      : load_(per_byte(chip, 1)),
        store_(per_byte(chip, 0)),
        turns_(std::max(0.0, 2 * per_byte(chip, 0.5) - load_ - store_)) {}

  [[nodiscard]] double load(Bytes amount) const { return load_ * amount.si(); }
  [[nodiscard]] double store(Bytes amount) const { return store_ * amount.si(); }
  // Share of a store's time that loads beside it add, because the bus turns round between them;
  // they share it evenly.
  [[nodiscard]] double turns() const { return turns_ / store_; }

 private:
  static double per_byte(const ChipDescription& chip, double read_share) {
    return Bytes(1) / sustained_bandwidth(chip.hbm, read_share) * chip.clock.sustained_matmul;
  }
  double load_, store_, turns_;
};

std::int64_t tiles_in(const ProductWork& work, std::int64_t tile_m, std::int64_t tile_n) {
  std::int64_t along_m = 0;
  for (const Rows& r : work.rows) along_m += ceil_div(r.m, tile_m) * r.count;
  return along_m * ceil_div(work.n, tile_n);
}

// Bytes that leave the chip-wide memory over its rate; 0 where none is stated.
double shared_cycles(const ChipDescription& chip, double bytes) {
  const double rate = chip.scratchpad.shared_bytes_per_cycle;
  return rate > 0 ? bytes / rate : 0;
}

// Of a kernel's simulation, in cycles: as long as the latency of HBM.
double shortest_step(const ChipDescription& chip) {
  return chip.hbm.latency * chip.clock.sustained_matmul;
}

double partial_bytes(const ProductWork& work, std::int64_t parts) {
  return work.all_rows() * as_double(work.n) * as_double(parts) * accumulator_bytes;
}

// The multiplying kernel in `waves` rounds.
double on_chip_cycles(const ChipDescription& chip, const Tiling& t, double waves) {
  return std::max(waves * t.tile.fed(), shared_cycles(chip, t.shared_bytes)) +
         (waves - 1) * t.tile.between + t.tile.drain;
}

// Of the shorter of loads and stores, the share that finds the other on the bus. Both take their
// time l and s of the kernel's, and while both are there, for the time b, each goes half as fast;
// if they meet by chance, b = (l + b / 2) (s + b / 2). All of it where the bus is never free.
double share_that_meets(double load, double store, double time) {
  const double shorter = std::min(load, store);
  if (shorter <= 0 || load + store >= time) return 1;
  const double l = load / time, s = store / time, free = 1 - (l + s) / 2;
  return (free - std::sqrt(std::max(0.0, free * free - l * s))) / (shorter / time);
}

// `buffers`: slices that the scratchpad holds.
void settle_waves(const ChipDescription& chip, double buffers, Tiling& t) {
  const HbmCycles hbm(chip);
  const double load = hbm.load(t.load), store = hbm.store(t.store);
  const double slices = as_double(t.slices);
  const double slice = t.tile.fed() / slices;
  const double latency = chip.hbm.latency * chip.clock.sustained_matmul;
  const double room = chip.scratchpad.shared_capacity.si() / 2;
  // A buffer takes the next slice when the one in it is used up, and that is a latency away: what
  // bounds slices that take less time than a latency over the buffers.
  const auto refilled = [&](double count, double transfer) {
    return std::ceil(count / buffers) * (latency + transfer + slice) +
           std::fmod(count - 1, buffers) * std::max(transfer, slice);
  };
  double best = std::numeric_limits<double>::infinity();
  const auto consider = [&](std::int64_t waves) {
    const double w = as_double(waves);
    const bool posted = t.store.si() / w <= room;
    const double on_chip = on_chip_cycles(chip, t, w);
    const double first = load / (w * slices);
    const double last = posted ? store / (w * slices) : store / w;
    // Loads that are left when stores begin, because the bus had no time or the scratchpad no
    // room, give way to them; the bus then waits for the products of the last slice.
    const double begin = first + latency + slice;
    double alone = std::min({load, begin, buffers * first});
    if (!posted) alone = std::max(alone, load / w);  // stores begin behind the first wave
    const double left = load - alone;
    const double beside = std::min(left, store - last);
    const double products = latency + first + on_chip + last;
    const double turns = beside * hbm.turns() * share_that_meets(load, store, products);
    const double memory = std::max(
        load + beside + turns + latency + slice + last,
        std::max(begin, alone) + store + left + turns);
    const double streamed = std::max(products, memory);
    const double refills = refilled(w * slices, first) + last;
    const double cycles = std::max(streamed, refills);
    if (cycles >= best) return;
    best = t.cycles = cycles;
    t.waits_for_buffers = refills > streamed;
    t.waves = waves, t.on_chip = on_chip, t.posted = posted;
  };
  const std::int64_t fewest = ceil_div(t.tiles, chip.cores);
  consider(fewest);
  // More waves cost less where first loads and last stores weigh more than a wave, or where its
  // results have room.
  const double wave = t.tile.fed() + t.tile.between;
  for (const double waves :
       {std::sqrt((load / slices + store) / wave), std::sqrt((load + store) / slices / wave),
        room > 0 ? std::ceil(t.store.si() / room) : 0}) {
    if (waves <= as_double(fewest)) continue;
    const auto below = static_cast<std::int64_t>(std::min(waves, as_double(t.tiles)));
    for (const std::int64_t candidate : {below, below + 1})
      if (candidate > fewest && candidate <= t.tiles) consider(candidate);
  }
}

}  // namespace

std::int64_t steps_in(const ChipDescription& chip, double cycles, std::int64_t most) {
  const double shortest = std::max(1.0, shortest_step(chip));
  return std::clamp<std::int64_t>(1 + static_cast<std::int64_t>(cycles / shortest), 1, most);
}

// Reads, sums and writes overlap but for a step of the shorter of them.
Reduction reduction_of(const ChipDescription& chip, const ProductWork& work, std::int64_t parts) {
  const double elements = work.all_rows() * as_double(work.n);
  const double partials = partial_bytes(work, parts);
  Reduction r;
  r.partials_stay = partials <= chip.scratchpad.shared_capacity.si() / 2;
  r.read = Bytes(r.partials_stay ? 0 : partials);
  r.written = Bytes(elements * work.result_bytes);
  r.sums = std::max(
      static_cast<double>(vector_cycles(chip.vector, chip.cores, {elements * as_double(parts), 0})),
      r.partials_stay ? shared_cycles(chip, partials) : 0);
  const HbmCycles hbm(chip);
  const double read = hbm.load(r.read), written = hbm.store(r.written);
  const double moved = read + written + std::min(read, written) * hbm.turns();
  const double longer = std::max(moved, r.sums), shorter = std::min(moved, r.sums);
  const double step = shortest_step(chip);
  const Seconds latency = r.partials_stay ? Seconds(0) : chip.hbm.latency;
  r.cycles = (chip.kernel_gap + latency) * chip.clock.sustained_matmul + longer +
             std::max(shorter * step / (longer + step), shorter / as_double(reduction_steps));
  return r;
}

Product tile_of(const Tiling& tiling, const ProductWork& work) {
  return {
      std::min(tiling.tile_m, work.largest_m()), std::min(tiling.tile_n, work.n), tiling.part_k};
}

Tiling cost_tile(const ChipDescription& chip, const ProductWork& work, const ArrayCycles& array,
                 const TileShape& shape, std::int64_t part_k) {
  Tiling t;
  t.tile_m = shape.m, t.tile_n = shape.n, t.slice_k = std::min(shape.slice_k, part_k);
  t.part_k = part_k;
  t.split_k = ceil_div(work.k, part_k);
  t.slices = ceil_div(part_k, t.slice_k);
  t.tiles = tiles_in(work, shape.m, shape.n) * t.split_k;
  t.tile = tile_cost(chip, tile_of(t, work), t.slice_k, array, work.operand_bytes);
  return t;
}

void cost_traffic(const ChipDescription& chip, const ProductWork& work,
                  const std::optional<Order>& order, Tiling& t) {
  const TileShape shape{t.tile_m, t.tile_n, t.slice_k};
  t.order = order.value_or(Order::n_inner);
  Reads reads = fewest_reads(chip, work, shape, t.order, t.part_k);
  if (!order) {
    const Reads other = fewest_reads(chip, work, shape, Order::m_inner, t.part_k);
    if (other.bytes < reads.bytes) reads = other, t.order = Order::m_inner;
  }
  t.load = reads.bytes;
  t.panel = reads.panel;
  t.store = Bytes(work.all_rows() * as_double(work.n) * work.result_bytes);
  const Product tile = tile_of(t, work);
  t.shared_bytes = as_double(t.tiles) * as_double(tile.m + tile.n) * as_double(t.part_k) *
                   work.operand_bytes;
  if (t.split_k > 1) {
    t.partials = Bytes(partial_bytes(work, t.split_k));
    const Reduction reduction = reduction_of(chip, work, t.split_k);
    t.partials_stay = reduction.partials_stay;
    t.store = t.partials_stay ? Bytes(0) : t.partials;
    if (t.partials_stay) t.shared_bytes += t.partials.si();
    t.reduction = reduction.cycles;
  }
  settle_waves(chip, as_double(operand_buffers(chip, shape, work.operand_bytes)), t);
}

Tiling cost_mapping(
    const ChipDescription& chip, const ProductWork& work, const ArrayCycles& array,
    const TileShape& shape, const std::optional<Order>& order, std::int64_t part_k) {
  Tiling t = cost_tile(chip, work, array, shape, part_k);
  cost_traffic(chip, work, order, t);
  return t;
}

}  // namespace headroom
