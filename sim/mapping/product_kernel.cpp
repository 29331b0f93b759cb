#include "sim/mapping/product_kernel.h"

#include <algorithm>
#include <cmath>

#include "models/vector_unit/vector_unit.h"
#include "sim/mapping/counting.h"

namespace headroom {

namespace {

// Steps that the middle of a kernel is merged into, and the rounds in which it stores: enough that
// fill and drain show, few enough to be quick.
constexpr std::int64_t most_steps = 24, most_rounds = 12;
// A step is at least as long as so many latencies of HBM: only two are in flight, where real slices
// are shorter and as many as the buffers hold.
constexpr double latencies_per_step = 4;

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
  const double elements = work.all_rows() * as_double(work.n);
  const double rate = chip.scratchpad.shared_bytes_per_cycle;
  const double from_memory = t.partials_stay && rate > 0 ? t.partials.si() / rate : 0;
  const double sums = std::max(
      static_cast<double>(
          vector_cycles(chip.vector, chip.cores, {elements * as_double(t.split_k), 0})),
      from_memory);
  Kernel kernel;
  kernel.name = name;
  constexpr double steps = reduction_steps;
  kernel.tiles.push_back(
      {{t.partials_stay ? Bytes(0) : t.partials / steps,
        Bytes(elements * work.result_bytes) / steps, 0,
        static_cast<Cycles>(std::ceil(sums / steps))},
       reduction_steps});
  return kernel;
}

}  // namespace

ProductKernels product_kernels(const std::string& name, const ChipDescription& chip,
                               const ProductWork& work, const Tiling& t) {
  ProductKernels kernels;
  Kernel& kernel = kernels.product;
  kernel.name = name;
  kernel.model_flops = work.flops();
  kernel.on_chip_stall = 1 - as_double(t.waves) * t.tile.compute / t.on_chip;

  const double waves = as_double(t.waves), all_slices = waves * as_double(t.slices);
  const Bytes slice_load = t.load / all_slices;
  const double slice_cycles = t.on_chip / all_slices;
  const double last_cycles = std::min(slice_cycles, t.tile.fed() / as_double(t.slices));
  Steps steps(kernel);
  if (all_slices < 2) {
    steps.add(t.load, t.on_chip, t.store);
  } else {
    steps.add(slice_load, slice_cycles, Bytes(0));
    const bool middle = all_slices > 2;
    const double load = middle ? (t.load - 2 * slice_load).si() : 0;
    const double cycles = t.on_chip - slice_cycles - last_cycles;
    // The last round is one wave, all before it are of equal length.
    const std::int64_t rounds = std::min(most_rounds, t.waves);
    const double latency = chip.hbm.latency * chip.clock.sustained_matmul;
    const auto long_enough = static_cast<std::int64_t>(
        t.on_chip / as_double(rounds) / std::max(1.0, latencies_per_step * latency));
    const std::int64_t parts = std::clamp<std::int64_t>(
        std::min(long_enough, most_steps / rounds), 1, most_steps);
    for (std::int64_t round = 0; middle && round < rounds; ++round) {
      const bool last = round + 1 == rounds;
      const double share = last ? 1 / waves : (waves - 1) / waves / as_double(rounds - 1);
      for (std::int64_t part = 1; part <= parts; ++part) {
        const double piece = share / as_double(parts);
        steps.add(Bytes(load * piece), cycles * piece,
                  part == parts && !last ? t.store * share : Bytes(0));
      }
    }
    steps.add(
        middle ? slice_load : t.load - slice_load, middle ? last_cycles : t.on_chip - slice_cycles,
        t.waves == 1 ? t.store : t.store / waves);
    // Two waves of one slice each: the first wave's results leave behind the second.
    if (!middle && t.waves == 2) kernel.tiles.front().tile.store = t.store / 2;
  }
  if (t.split_k > 1) kernels.reduction = reduction_kernel(name + " sum of parts", chip, work, t);
  return kernels;
}

}  // namespace headroom
