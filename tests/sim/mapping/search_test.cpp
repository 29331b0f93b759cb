// The search for a mapping against mappings that a user gives, and what it refuses.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "sim/mapping/counting.h"
#include "sim/mapping/tiling.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

constexpr unsigned seed = 5;

ChipDescription random_chip(std::mt19937& random) {
  ChipDescription chip = small_chip();
  chip.cores = 1 << (random() % 6);
  chip.matrix.count = chip.cores * (1 << (random() % 3));
  chip.matrix.rows = 8 << (random() % 5);
  chip.matrix.columns = 8 << (random() % 5);
  chip.matrix.prefetch = random() % 2 == 0;
  if (random() % 3 == 0) chip.matrix.tile_sides = {64, 128, 192, 256};
  chip.scratchpad.capacity = Bytes((1 << 16) << (random() % 6));
  if (random() % 2 == 0) chip.scratchpad.accumulators = Bytes(128 << 10);
  if (random() % 2 == 0) chip.scratchpad.bytes_per_cycle = 128 << (random() % 4);
  chip.scratchpad.shared_capacity = random() % 2 == 0 ? Bytes(0) : Bytes(32 << 20);
  if (random() % 2 == 0) chip.scratchpad.shared_bytes_per_cycle = 64 * chip.cores;
  chip.hbm.bandwidth = BytesPerSecond(1e11 * static_cast<double>(1 << (random() % 6)));
  return chip;
}

ProductWork random_work(std::mt19937& random) {
  const auto size = [&]() -> std::int64_t {
    return std::max<std::int64_t>(
        1, (std::int64_t{1} << (random() % 14)) + static_cast<std::int64_t>(random() % 65) - 32);
  };
  ProductWork work({size(), size(), size()});
  if (random() % 3 == 0) work.rows[0].count = 1 + random() % 30;
  if (random() % 3 == 0) work.rows.push_back({size(), 1});
  return work;
}

// Any mapping that the chip can run, some parts left open.
MappingRequest random_request(
    std::mt19937& random, const ChipDescription& chip, const ProductWork& work) {
  const auto side = [&](std::int64_t array) -> std::int64_t {
    if (random() % 4 == 0) return 0;
    const auto& known = chip.matrix.tile_sides;
    if (!known.empty()) return known[random() % known.size()];
    const std::int64_t unit = std::max<std::int64_t>(32, array);
    return random() % 4 == 0 ? std::int64_t{32} << (random() % 2)
                             : unit * (1 + static_cast<std::int64_t>(random() % 12));
  };
  MappingRequest request;
  request.tile_m = side(chip.matrix.rows);
  request.tile_n = side(chip.matrix.columns);
  if (random() % 2 == 0)
    request.slice_k = slice_depth(chip, work.operand_bytes) * (1 + random() % 3);
  if (random() % 2 == 0) request.split_k = 1 + random() % 16;
  if (random() % 2 == 0) request.order = random() % 2 == 0 ? Order::n_inner : Order::m_inner;
  return request;
}

TEST(Search, IsNeverWorseThanAMappingThatAUserGives) {
  std::mt19937 random(seed);
  int compared = 0;
  for (int i = 0; i < 400; ++i) {
    const ChipDescription chip = random_chip(random);
    const ProductWork work = random_work(random);
    const auto best = choose_mapping(chip, work, analytic_array(chip));
    ASSERT_TRUE(best) << i;
    for (int j = 0; j < 10; ++j) {
      const MappingRequest request = random_request(random, chip, work);
      if (!complaint(chip, work, request).empty()) continue;
      const auto given = choose_mapping(chip, work, analytic_array(chip), request);
      if (!given) continue;
      ++compared;
      EXPECT_LE(best->total_cycles(), given->total_cycles() * (1 + 1e-12))
          << "seed " << seed << " case " << i << "." << j << ": " << work.rows[0].m << " x "
          << work.n << " x " << work.k << " in tiles of " << given->tile_m << " x " << given->tile_n
          << " x " << given->slice_k << ", " << given->split_k << " parts, not " << best->tile_m
          << " x " << best->tile_n << " x " << best->slice_k << ", " << best->split_k << " parts";
      if (request.tile_m > 0) {
        EXPECT_EQ(given->tile_m, request.tile_m);
      }
      if (request.tile_n > 0) {
        EXPECT_EQ(given->tile_n, request.tile_n);
      }
      if (request.order) {
        EXPECT_EQ(given->order, *request.order);
      }
      if (request.split_k > 0) {
        EXPECT_LE(given->split_k, request.split_k);
      }
    }
  }
  EXPECT_GT(compared, 2000);
}

// Four tiles of 64 x 64 leave 12 of 16 cores idle; parts of k give all of them work.
TEST(Search, SplitsALongReductionOfFewTiles) {
  const ChipDescription chip = small_chip();
  const ProductWork work({128, 128, 1 << 20});
  const auto split = choose_mapping(chip, work, analytic_array(chip));
  MappingRequest whole;
  whole.split_k = 1;
  const auto one = choose_mapping(chip, work, analytic_array(chip), whole);
  EXPECT_GT(split->split_k, 1);
  EXPECT_LT(split->total_cycles(), 0.6 * one->total_cycles());
  EXPECT_EQ(split->partials.si(), 128 * 128 * 4.0 * as_double(split->split_k));
}

// 2 parts of 64 x 64: fp32 sums written to and read from HBM, 16 cores of 128 additions a cycle.
TEST(Search, TheReductionByHand) {
  ChipDescription chip = small_chip();
  chip.scratchpad.shared_capacity = Bytes(0);
  const ProductWork work({64, 64, 64});
  const double rate = 1e12 * (1 - 350e-9 / 3.9e-6) / 1e9;  // bytes per cycle
  const double moved = (64 * 64 * 2 + 2 * 64 * 64 * 4) / rate, sums = 2 * 64 * 64 / (16 * 128.0);
  const double overlap = 500;  // cycles of a step: the first of the shorter part is not hidden
  EXPECT_DOUBLE_EQ(
      reduction_of(chip, work, 2).cycles, 1000 + 500 + moved + sums * overlap / (moved + overlap));
  const Tiling t = cost_mapping(chip, work, analytic_array(chip), {64, 64, 32}, Order::n_inner, 32);
  EXPECT_EQ(t.split_k, 2);
  EXPECT_EQ(t.tiles, 2);
  EXPECT_EQ(t.store.si(), 2 * 64 * 64 * 4);
  EXPECT_EQ(t.reduction, reduction_of(chip, work, 2).cycles);
}

// A batch fills the cores that one product leaves idle; experts do so with tiles of each.
TEST(Search, ProductsOfABatchRunBesideOneAnother) {
  ChipDescription chip = small_chip();
  chip.hbm.bandwidth = BytesPerSecond(1e15);
  MappingRequest whole;
  whole.split_k = 1;
  ProductWork work({64, 64, 4096});
  const double one = choose_mapping(chip, work, analytic_array(chip), whole)->total_cycles();
  work.rows[0].count = 16;
  const auto batch = choose_mapping(chip, work, analytic_array(chip), whole);
  EXPECT_NEAR(batch->total_cycles() / one, 1, 0.01);
  EXPECT_EQ(batch->load.si(), 16 * 2.0 * (64 + 64) * 4096);
  work.rows = {{64, 1}, {200, 1}, {1, 2}};
  const auto groups = choose_mapping(chip, work, analytic_array(chip), whole);
  EXPECT_EQ(groups->store.si(), (64 + 200 + 2) * 64 * 2.0);
  EXPECT_GE(groups->tiles, 4);
}

TEST(Search, SaysWhatIsWrongWithARequest) {
  ChipDescription chip = small_chip();
  const ProductWork work({64, 64, 64});
  EXPECT_EQ(complaint(chip, work, {}), "");
  EXPECT_NE(complaint(chip, work, {100, 0, 0, 0, {}}).find("multiple of 64"), std::string::npos);
  EXPECT_NE(complaint(chip, work, {0, 0, 33, 0, {}}).find("multiple of 64"), std::string::npos);
  EXPECT_NE(complaint(chip, work, {4096, 4096, 0, 0, {}}).find("too large"), std::string::npos);
  chip.matrix.tile_sides = {128};
  EXPECT_NE(complaint(chip, work, {64, 0, 0, 0, {}}).find("tile_sides): 128"), std::string::npos);
}

}  // namespace
}  // namespace headroom
