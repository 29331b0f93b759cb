// The search for a tiling: what it may never do, and a case worked out by hand.
#include "sim/mapping/tiling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>

#include "models/hbm/bandwidth.h"
#include "sim/mapping/counting.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

constexpr unsigned seed = 3;

// Cycles of all waves on the arrays alone.
double compute_cycles(const Tiling& tiling) {
  return as_double(tiling.waves) * tiling.tile.compute;
}

// Cycles by the bound that no overlap can beat.
double bound(const ChipDescription& chip, const Tiling& tiling) {
  return std::max(compute_cycles(tiling),
                  least_time(chip.hbm, tiling.load, tiling.store) * chip.clock.sustained_matmul);
}

// A product with ragged and even sizes, small and large.
Product random_product(std::mt19937& random) {
  const auto size = [&]() -> std::int64_t {
    const std::int64_t power = std::int64_t{1} << (random() % 14);
    return std::max<std::int64_t>(1, power + static_cast<std::int64_t>(random() % 3) - 1);
  };
  return {size(), size(), size()};
}

ChipDescription random_chip(std::mt19937& random) {
  ChipDescription chip = small_chip();
  chip.cores = 1 << (random() % 6);
  chip.matrix.count = chip.cores * (1 << (random() % 3));
  chip.matrix.rows = 8 << (random() % 5);
  chip.matrix.columns = 8 << (random() % 5);
  chip.scratchpad.capacity = Bytes((1 << 16) << (random() % 6));
  chip.scratchpad.shared_capacity = random() % 2 == 0 ? Bytes(0) : Bytes(32 << 20);
  chip.hbm.bandwidth = BytesPerSecond(1e11 * static_cast<double>(1 << (random() % 6)));
  return chip;
}

template <class Check>
void for_random_cases(int cases, Check check) {
  std::mt19937 random(seed);
  for (int i = 0; i < cases; ++i) {
    const ChipDescription chip = random_chip(random);
    const Product product = random_product(random);
    SCOPED_TRACE("seed " + std::to_string(seed) + " case " + std::to_string(i) + ": " +
                 std::to_string(product.m) + " x " + std::to_string(product.n) + " x " +
                 std::to_string(product.k) + " on " + std::to_string(chip.cores) + " cores");
    check(chip, product);
  }
}

TEST(Tiling, FitsTheScratchpadAndCoversTheProduct) {
  for_random_cases(500, [](const ChipDescription& chip, const Product& product) {
    const Tiling t = choose_tiling(chip, product, analytic_array(chip));
    const double accumulators = as_double(t.tile_m * t.tile_n) * 4;
    const double buffers = 2 * as_double(t.tile_m + t.tile_n) * as_double(t.slice_k) * 2;
    EXPECT_LE(accumulators + buffers, chip.scratchpad.capacity.si());
    EXPECT_GE(t.slices * t.slice_k, product.k);
    const std::int64_t tiles = ((product.m + t.tile_m - 1) / t.tile_m) *
                               ((product.n + t.tile_n - 1) / t.tile_n);
    EXPECT_EQ(t.tiles, tiles);
    EXPECT_GE(t.waves * chip.cores, tiles);
    EXPECT_LE(t.waves, tiles);
  });
}

TEST(Tiling, MovesAtLeastWhatItMust) {
  for_random_cases(500, [](const ChipDescription& chip, const Product& product) {
    const Tiling t = choose_tiling(chip, product, analytic_array(chip));
    EXPECT_GE(t.load.si(), 2 * as_double(product.m + product.n) * as_double(product.k));
    EXPECT_EQ(t.store.si(), 2 * as_double(product.m) * as_double(product.n));
  });
}

TEST(Tiling, NeverBeatsTheArrays) {
  for_random_cases(500, [](const ChipDescription& chip, const Product& product) {
    const Tiling t = choose_tiling(chip, product, analytic_array(chip));
    const double multiplies = as_double(product.m) * as_double(product.n) * as_double(product.k);
    const double per_cycle = 1.0 * chip.matrix.count * chip.matrix.rows * chip.matrix.columns;
    EXPECT_GE(compute_cycles(t), multiplies / per_cycle);
  });
}

// One array of 32 x 32 and 64 KiB. Tiles of 64 x 64 hold the product in one wave: 2 x 2 folds of 64
// rows, 2 x 32 + 32 cycles of fill and drain. Every other tile needs two waves of 224 or four.
TEST(Tiling, OfASmallProductByHand) {
  ChipDescription chip = small_chip();
  chip.cores = chip.matrix.count = 1;
  chip.matrix.rows = chip.matrix.columns = 32;
  chip.scratchpad = wide_scratchpad(64 * 1024);
  chip.hbm.bandwidth = BytesPerSecond(1e15);
  const Tiling t = choose_tiling(chip, {64, 64, 64}, analytic_array(chip));
  EXPECT_EQ(t.tile_m, 64);
  EXPECT_EQ(t.tile_n, 64);
  EXPECT_EQ(t.slice_k, 32);
  EXPECT_EQ(t.slices, 2);
  EXPECT_EQ(t.waves, 1);
  EXPECT_EQ(compute_cycles(t), 4 * 64 + 2 * 32 + 32);
  EXPECT_EQ(t.load.si(), 2 * 64 * 64 * 2);
  EXPECT_EQ(t.store.si(), 64 * 64 * 2);
}

// One core whose scratchpad keeps neither operand: both pass again for every panel.
TEST(Tiling, ReadsAgainWhatDoesNotStay) {
  ChipDescription chip = small_chip();
  chip.cores = chip.matrix.count = 1;
  chip.scratchpad = wide_scratchpad(64 * 1024);
  const std::int64_t size = 4096;
  const Tiling t = choose_tiling(chip, {size, size, size}, analytic_array(chip));
  const double operand = 2.0 * size * size;
  EXPECT_EQ(
      t.load.si(), operand * as_double(size / t.tile_n) + operand * as_double(size / t.tile_m));
}

// A tile that no search would leave out for any reason but its time: all powers of two that fit.
TEST(Tiling, IsNotSlowerThanSquareTilesOfAnySize) {
  for_random_cases(200, [](const ChipDescription& chip, const Product& product) {
    const Tiling chosen = choose_tiling(chip, product, analytic_array(chip));
    const double bytes_per_cycle = sustained_bandwidth(chip.hbm) / chip.clock.sustained_matmul /
                                   Bytes(1);
    for (std::int64_t tile = 32; tile <= 4096; tile *= 2) {
      const double depth = std::max(32, chip.matrix.rows);
      if (as_double(tile * tile) * 4 + 8 * as_double(tile) * depth > chip.scratchpad.capacity.si())
        break;
      const std::int64_t tiles_m = (product.m + tile - 1) / tile,
                         tiles_n = (product.n + tile - 1) / tile;
      const std::int64_t waves = (tiles_m * tiles_n + chip.cores - 1) / chip.cores;
      const double
          compute = as_double(waves) *
                    static_cast<double>(core_cycles(
                        chip, {std::min(tile, product.m), std::min(tile, product.n), product.k},
                        analytic_array(chip)));
      // Without any reuse but inside a tile, and with all of the transfer behind the arithmetic.
      const double load = 2 * as_double(product.k) *
                          (as_double(product.m * tiles_n) + as_double(product.n * tiles_m));
      const double memory = (load + chosen.store.si()) / bytes_per_cycle;
      EXPECT_LE(bound(chip, chosen), compute + memory) << "tile " << tile;
    }
  });
}

struct Better {
  const char* what;
  std::function<void(ChipDescription&)> change;
};

void expect_never_slower(const Better& better, double bandwidth = 0) {
  for_random_cases(500, [&](const ChipDescription& random, const Product& product) {
    ChipDescription chip = random;
    if (bandwidth > 0) chip.hbm.bandwidth = BytesPerSecond(bandwidth);
    ChipDescription changed = chip;
    better.change(changed);
    EXPECT_LE(choose_tiling(changed, product, analytic_array(changed)).cycles,
              choose_tiling(chip, product, analytic_array(chip)).cycles * (1 + 1e-12))
        << better.what;
  });
}

TEST(Tiling, MoreBandwidthOrMemoryIsNeverSlower) {
  expect_never_slower({"twice the bandwidth", [](auto& chip) { chip.hbm.bandwidth *= 2; }});
  expect_never_slower({"twice the scratchpad", [](auto& chip) { chip.scratchpad.capacity *= 2; }});
  expect_never_slower(
      {"twice the shared memory", [](auto& chip) { chip.scratchpad.shared_capacity *= 2; }});
  const auto narrow = [](ChipDescription& chip, double port) {
    chip.scratchpad.bytes_per_cycle = port;
  };
  for_random_cases(200, [&](const ChipDescription& random, const Product& product) {
    ChipDescription chip = random, wider = random;
    narrow(chip, 64);
    narrow(wider, 128);
    EXPECT_LE(choose_tiling(wider, product, analytic_array(wider)).cycles,
              choose_tiling(chip, product, analytic_array(chip)).cycles * (1 + 1e-12));
  });
}

// All cores wait for the first slice of each: behind a slow memory more cores may be worse.
TEST(Tiling, MoreCoresAreNeverSlowerBehindAFastMemory) {
  expect_never_slower(
      {"twice the cores", [](auto& chip) { chip.cores *= 2, chip.matrix.count *= 2; }}, 1e21);
  expect_never_slower({"twice the engines", [](auto& chip) { chip.matrix.count *= 2; }}, 1e21);
}

}  // namespace
}  // namespace headroom
