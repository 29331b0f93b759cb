// One tile on one core: cases worked out by hand.
#include "sim/mapping/tile_cost.h"

#include <gtest/gtest.h>

#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

constexpr std::int64_t depth = 32;

// Two engines side by side on a tile of 64 x 128 x 32: each reads 64 + 64 rows of 32 elements, and
// the next slice's 64 + 128 are filled, over a port of 8 bytes a cycle. One engine alone would read
// 64 + 128 rows, so both are used.
TEST(TileCost, OfANarrowPortByHand) {
  ChipDescription chip = small_chip();
  chip.matrix.count = 2 * chip.cores;
  chip.scratchpad.bytes_per_cycle = 8;
  const ArrayCycles quick = [](const Product&) { return Cycles{100}; };
  const TileCost cost = tile_cost(chip, {64, 128, 32}, depth, quick);
  const double operands = (64 + 128 + 64 + 128) * 32 * 2;
  EXPECT_EQ(cost.port, operands / 8.0);
  EXPECT_EQ(cost.compute, 100);
  EXPECT_EQ(cost.stall, operands / 8.0 - 100);
  EXPECT_EQ(cost.bytes, operands + 64 * 128 * 4);
  EXPECT_EQ(cost.drain, 64 * 128 * 4 / 8.0);
  EXPECT_EQ(cost.between, 0);
}

TEST(TileCost, EnginesThatOnlyReadMoreAreLeftOut) {
  ChipDescription chip = small_chip();
  chip.matrix.count = 16 * chip.cores;
  chip.scratchpad.bytes_per_cycle = 1;
  const ArrayCycles quick = [](const Product&) { return Cycles{1}; };
  const double one_engine = 2 * (64 + 64) * 64 * 2;
  EXPECT_EQ(tile_cost(chip, {64, 64, 64}, depth, quick).fed(), one_engine);
}

TEST(TileCost, MeasuredSupplyAndPortDoNotAdd) {
  ChipDescription chip = small_chip();
  const ArrayCycles slow = [](const Product&) { return Cycles{1000}; };
  chip.matrix.operand_supply = 0.8;
  EXPECT_DOUBLE_EQ(tile_cost(chip, {64, 64, 64}, depth, slow).stall, 250);
  chip.scratchpad.bytes_per_cycle = 2.0 * (2 * 128) * 64 / 1300;  // 1,300 cycles for all operands
  EXPECT_NEAR(tile_cost(chip, {64, 64, 64}, depth, slow).stall, 300, 1e-9);
}

// Two tiles' results have room at half the accumulators' size, no more.
TEST(TileCost, DrainsWhereTheNextTileHasNoRoom) {
  ChipDescription chip = small_chip();
  chip.scratchpad.bytes_per_cycle = 128;
  chip.scratchpad.accumulators = Bytes(2 * 64 * 64 * 4);
  EXPECT_EQ(tile_cost(chip, {64, 64, 64}, depth, analytic_array(chip)).between, 0);
  EXPECT_EQ(
      tile_cost(chip, {64, 65, 64}, depth, analytic_array(chip)).between, 64 * 65 * 4 / 128.0);
}

// The chip's clock is 1 GHz and the latency of its HBM 500 ns.
TEST(TileCost, StartsFromNothingWhereNothingWasPrefetched) {
  ChipDescription chip = small_chip();
  chip.scratchpad.bytes_per_cycle = 128;
  chip.scratchpad.accumulators = Bytes(64 * 64 * 4);
  const double prologue = 500 + (64 + 64) * depth * 2 / 128.0, drain = 64 * 64 * 4 / 128.0;
  TileCost cost = tile_cost(chip, {64, 64, 64}, depth, analytic_array(chip));
  EXPECT_DOUBLE_EQ(cost.prologue, prologue);
  EXPECT_DOUBLE_EQ(cost.between, drain);
  chip.matrix.prefetch = false;
  EXPECT_DOUBLE_EQ(
      tile_cost(chip, {64, 64, 64}, depth, analytic_array(chip)).between, drain + prologue);
  chip.scratchpad.accumulators = Bytes(2 * 64 * 64 * 4);
  EXPECT_EQ(tile_cost(chip, {64, 64, 64}, depth, analytic_array(chip)).between, 0);
}

}  // namespace
}  // namespace headroom
