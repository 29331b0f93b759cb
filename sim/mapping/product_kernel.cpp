#include "sim/mapping/product_kernel.h"

#include <algorithm>
#include <cmath>

#include "sim/mapping/counting.h"

namespace headroom {

namespace {

// Steps that the middle of a kernel is merged into, and the rounds in which it stores: enough that
// fill and drain show, few enough to be quick.
constexpr std::int64_t most_steps = 24, most_rounds = 12;
// In flight: latency is then hidden in steps as long as it.
constexpr std::int64_t most_slices = 4;

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
  kernel.operand_buffers = most_slices;
  kernel.tiles.push_back(
      {{r.read / steps, r.written / steps, 0, static_cast<Cycles>(std::ceil(r.sums / steps))},
       static_cast<int>(count)});
  return kernel;
}

}  // namespace

ProductKernels product_kernels(const std::string& name, const ChipDescription& chip,
                               const ProductWork& work, const Tiling& t) {
  ProductKernels kernels;
  Kernel& kernel = kernels.product;
  kernel.name = name;
  kernel.model_flops = work.flops();
  kernel.operand_buffers = static_cast<int>(std::clamp<std::int64_t>(
      slices_that_fit(chip, {t.tile_m, t.tile_n, t.slice_k}, work.operand_bytes),
      default_operand_buffers, most_slices));
  kernel.on_chip_stall = 1 - as_double(t.waves) * t.tile.compute / t.on_chip;

  const double waves = as_double(t.waves), all_slices = waves * as_double(t.slices);
  const Bytes slice_load = t.load / all_slices;
  const double slice_cycles = t.on_chip / all_slices;
  const double last_cycles = std::min(slice_cycles, t.tile.fed() / as_double(t.slices));
  Steps steps(kernel);
  // Posted stores of this kernel or its predecessor leave all the time, others after each wave.
  const Bytes slice_store = t.posted ? t.store / all_slices : Bytes(0);
  if (all_slices < 2) {
    steps.add(t.load, t.on_chip, t.store);
  } else {
    steps.add(slice_load, slice_cycles, slice_store);
    const bool middle = all_slices > 2;
    const double load = middle ? (t.load - 2 * slice_load).si() : 0;
    const double cycles = t.on_chip - slice_cycles - last_cycles;
    // The last round is one wave, all before it are of equal length.
    const std::int64_t many = steps_in(chip, t.cycles, most_steps);
    const std::int64_t rounds = std::min({most_rounds, t.waves, many});
    const std::int64_t parts = many / rounds;
    for (std::int64_t round = 0; middle && round < rounds; ++round) {
      const bool last = round + 1 == rounds;
      const double share = rounds == 1 ? 1
                           : last      ? 1 / waves
                                       : (waves - 1) / waves / as_double(rounds - 1);
      for (std::int64_t part = 1; part <= parts; ++part) {
        const double piece = share / as_double(parts);
        Bytes wave_store(0);
        if (part == parts && !last) wave_store = t.store * share;
        if (part == parts && rounds == 1) wave_store = t.store * (1 - 1 / waves);
        steps.add(Bytes(load * piece), cycles * piece,
                  t.posted ? (t.store - 2 * slice_store) * piece : wave_store);
      }
    }
    const Bytes last_store = t.posted ? (middle ? slice_store : t.store - slice_store)
                                      : t.store / waves;
    steps.add(middle ? slice_load : t.load - slice_load,
              middle ? last_cycles : t.on_chip - slice_cycles, last_store);
    // Two waves of one slice each: the first wave's results leave behind the second.
    if (!middle && t.waves == 2 && !t.posted) kernel.tiles.front().tile.store = t.store / 2;
  }
  if (t.split_k > 1) kernels.reduction = reduction_kernel(name + " sum of parts", chip, work, t);
  return kernels;
}

}  // namespace headroom
