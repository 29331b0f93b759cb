#include "sim/mapping/product_kernel.h"

#include <algorithm>
#include <cmath>

#include "sim/mapping/counting.h"

namespace headroom {

namespace {

// Steps that the middle of a kernel is merged into, and the rounds in which it stores: enough that
// fill and drain show, few enough to be quick.
constexpr std::int64_t most_steps = 24, most_rounds = 12;
// Where buffers bound the kernel, a merged step would hold more slices than they do.
constexpr std::int64_t most_slices_apart = 1024;

// Appends steps whose exact lengths are fractions of cycles, so that their sum is exact.
class Steps {
 public:
  explicit Steps(Kernel& kernel) : kernel_(kernel) {}

  void add(Bytes load, double cycles, Bytes store) {
    exact_ += cycles;
    const auto end = static_cast<Cycles>(std::llround(exact_));
    kernel_.tiles.push_back({{load, store, end - done_, 0}, 1});
    done_ = end;
  }

 private:
  Kernel& kernel_;
  double exact_ = 0;
  Cycles done_ = 0;
};

Kernel reduction_kernel(const std::string& name, const ChipDescription& chip,
                        const ProductWork& work, const Tiling& t) {
  const Reduction r = reduction_of(chip, work, t.split_k);
  const std::int64_t count = steps_in(chip, r.cycles, reduction_steps);
  const double steps = as_double(count);
  Kernel kernel;
  kernel.name = name;
  kernel.operand_buffers = most_operand_buffers;
  kernel.tiles.push_back(
      {{r.read / steps, r.written / steps, 0, static_cast<Cycles>(std::ceil(r.sums / steps))},
       static_cast<int>(count)});
  return kernel;
}

void add_steps(const ChipDescription& chip, const Tiling& t, Kernel& kernel) {
  const double waves = as_double(t.waves), slices = waves * as_double(t.slices);
  // Stores leave all the time where those of the kernel before are posted, or where steps are of
  // many waves; else after each wave. Those of the last wave wait for it unless they are posted.
  const Bytes last_store = t.posted ? t.store / slices : t.store / waves;
  const Bytes early_store = t.store - last_store;
  const Bytes slice_load = t.load / slices;
  const double slice_cycles = t.on_chip / slices;
  const double last_cycles = std::min(slice_cycles, t.tile.fed() / as_double(t.slices));
  const double in_flight = as_double(kernel.operand_buffers) / default_operand_buffers;
  const std::int64_t many = steps_in(chip, t.cycles * in_flight, most_steps);
  const std::int64_t rounds = std::min({most_rounds, t.waves, many}), parts = many / rounds;
  const bool spread = t.posted || rounds < t.waves;
  Steps steps(kernel);
  if (slices <= as_double(t.waits_for_buffers ? most_slices_apart : most_steps)) {
    for (std::int64_t i = 1; i <= t.waves * t.slices; ++i)
      steps.add(
          slice_load, slice_cycles,
          t.posted            ? last_store
          : i % t.slices == 0 ? t.store / waves
                              : Bytes(0));
    return;
  }
  steps.add(slice_load, slice_cycles, spread ? early_store / slices : Bytes(0));
  const Bytes load = t.load - 2 * slice_load, store = early_store * (1 - 1 / slices);
  const double cycles = t.on_chip - slice_cycles - last_cycles;
  for (std::int64_t round = 0; round < rounds; ++round) {
    // The last round is one wave, all before it are of equal length.
    const bool last = round + 1 == rounds;
    const double share = rounds == 1 ? 1
                         : last      ? 1 / waves
                                     : (waves - 1) / waves / as_double(rounds - 1);
    for (std::int64_t part = 1; part <= parts; ++part) {
      const double piece = share / as_double(parts);
      const Bytes after_wave = !last && part == parts ? t.store * share : Bytes(0);
      steps.add(load * piece, cycles * piece, spread ? store * piece : after_wave);
    }
  }
  steps.add(slice_load, last_cycles, last_store);
}

}  // namespace

ProductKernels product_kernels(const std::string& name, const ChipDescription& chip,
                               const ProductWork& work, const Tiling& t) {
  ProductKernels kernels;
  Kernel& kernel = kernels.product;
  kernel.name = name;
  kernel.model_flops = work.flops();
  kernel.operand_buffers = static_cast<int>(
      operand_buffers(chip, {t.tile_m, t.tile_n, t.slice_k}, work.operand_bytes));
  // What lies between tiles and after the last one is fill and drain, no stall.
  const double waves = as_double(t.waves);
  const double multiplying = t.on_chip - (waves - 1) * t.tile.between - t.tile.drain;
  kernel.on_chip_stall = std::max(0.0, multiplying - waves * t.tile.compute) / t.on_chip;
  add_steps(chip, t, kernel);
  if (t.split_k > 1) kernels.reduction = reduction_kernel(name + " sum of parts", chip, work, t);
  return kernels;
}

}  // namespace headroom
