// Hand-made kernels on a chip with nothing else running.
#include <string>

#include "tests/models/chip/chip_simulation.h"

namespace headroom {
namespace {

using ChipKernel = ChipSimulation;

TEST_F(ChipKernel, ComputeBound) {
  // First load 1 us and its latency, 10 tiles of 5 us, last store 0.5 us.
  const KernelTime time = time_of(kernel({{tile(1, 5000, 0, 0.5), 10}}));
  expect_seconds(time.duration, (1 + 0.1 + 50 + 0.5) * us, "duration");
  expect_seconds(time.matrix, 50 * us, "matrix");
  expect_seconds(time.vector, 0, "vector");
  expect_seconds(time.memory, 1.6 * us, "memory");
}

TEST_F(ChipKernel, MemoryBound) {
  // 10 loads of 5 us back to back, latency and multiplication of the last tile.
  const KernelTime time = time_of(kernel({{tile(5, 1000), 10}}));
  expect_seconds(time.duration, (50 + 0.1 + 1) * us, "duration");
  expect_seconds(time.matrix, 10 * us, "matrix");
  expect_seconds(time.memory, 41.1 * us, "memory");
}

TEST_F(ChipKernel, MemoryBoundInBothDirections) {
  // Loads and stores share HBM; at the ends only one of them runs.
  const KernelTime time = time_of(kernel({{tile(5, 10, 0, 5), 100}}));
  EXPECT_GE(time.duration.si(), 1000 * us);
  EXPECT_LE(time.duration.si(), 1000.5 * us);
  expect_partition(time);
}

TEST_F(ChipKernel, OneTile) {
  const KernelTime time = time_of(kernel({{tile(2, 3000, 4000, 1), 1}}));
  expect_seconds(time.duration, (2 + 0.1 + 3 + 4 + 1) * us, "duration");
  expect_seconds(time.matrix, 3 * us, "matrix");
  expect_seconds(time.vector, 4 * us, "vector");
  expect_seconds(time.memory, 3.1 * us, "memory");
}

TEST_F(ChipKernel, TheNextTileLoadsBehindTheMultiplication) {
  // Load and latency are as long as the multiplication: only the first is seen.
  const KernelTime time = time_of(kernel({{tile(0.9, 1000), 8}}));
  expect_seconds(time.duration, (0.9 + 0.1 + 8) * us, "duration");
}

TEST_F(ChipKernel, TwoBuffersShowSomeLatencyOfBalancedTiles) {
  // A buffer is filled, ready and multiplied from for 1 + 0.1 + 1 us, in which two tiles pass.
  const KernelTime time = time_of(kernel({{tile(1, 1000), 8}}));
  expect_seconds(time.duration, (1 + 0.1 + 8 + 3 * 0.1) * us, "duration");
}

TEST_F(ChipKernel, TheTileAfterTheNextWaitsForABuffer) {
  // While the first multiplies for 10 us the second's 5 us of load pass; the third's and fourth's
  // begin when the buffers of the first and second are free.
  const KernelTime time = time_of(kernel({{tile(0, 10000), 1}, {tile(5, 0), 3}}));
  expect_seconds(time.duration, (10 + 5 + 5 + 0.1) * us, "duration");
}

TEST_F(ChipKernel, VectorWorkOverlapsTheNextTile) {
  const KernelTime time = time_of(kernel({{tile(0, 1000, 500), 10}}));
  expect_seconds(time.duration, 10.5 * us, "duration");
  expect_seconds(time.matrix, 10 * us, "matrix");
  expect_seconds(time.vector, 0.5 * us, "vector");
  expect_seconds(time.overlapped_vector, 4.5 * us, "overlapped vector");
}

TEST_F(ChipKernel, VectorWorkThatHoldsTheEngines) {
  Kernel attention = kernel({{tile(0, 1000, 500), 10}});
  attention.vector_holds_matrix = true;
  const KernelTime time = time_of(attention);
  expect_seconds(time.duration, 15 * us, "duration");
  expect_seconds(time.matrix, 10 * us, "matrix");
  expect_seconds(time.vector, 5 * us, "vector");
  expect_seconds(time.overlapped_vector, 0, "overlapped vector");
}

TEST_F(ChipKernel, VectorBound) {
  // Vector work of 2 us behind matrix work of 1 us: the first multiplication, then the vector unit.
  const KernelTime time = time_of(kernel({{tile(0, 1000, 2000), 5}}));
  expect_seconds(time.duration, 11 * us, "duration");
  expect_seconds(time.matrix, 5 * us, "matrix");
  expect_seconds(time.vector, 6 * us, "vector");
}

TEST_F(ChipKernel, RunsOfUnlikeTiles) {
  // 0-2 load, 2.1-3.1 multiply; the rest computes longer than it loads.
  const KernelTime time = time_of(
      kernel({{tile(2, 1000), 1}, {tile(0.5, 3000), 2}, {tile(0.25, 2000), 3}}));
  expect_seconds(time.duration, (2.1 + 1 + 6 + 6) * us, "duration");
}

TEST_F(ChipKernel, NothingToDo) {
  const KernelTime time = time_of(kernel({}));
  EXPECT_EQ(time.duration.si(), 0);
}

TEST_F(ChipKernel, EmptyTilesTakeNoTime) {
  const KernelTime time = time_of(kernel({{tile(0, 0), 5}}));
  EXPECT_EQ(time.duration.si(), 0);
}

TEST_F(ChipKernel, RunsWithoutTilesAreSkipped) {
  const KernelTime time = time_of(
      kernel({{tile(9, 9), 0}, {tile(0, 1000), 2}, {tile(5, 1000), 0}}));
  expect_seconds(time.duration, 2 * us, "duration");
}

TEST_F(ChipKernel, OneKernelAfterAnother) {
  Chip& one = chip();
  thread([&] {
    const KernelTime first = one.run(kernel({{tile(1, 5000, 0, 0.5), 3}}));
    const KernelTime second = one.run(kernel({{tile(1, 5000, 0, 0.5), 3}}));
    EXPECT_EQ(first.start.si(), 0);
    EXPECT_NEAR(second.start.si(), first.duration.si(), time_tolerance);
    EXPECT_NEAR(second.duration.si(), first.duration.si(), time_tolerance);
    EXPECT_NEAR(second.matrix.si(), first.matrix.si(), time_tolerance);
  });
  run();
}

TEST_F(ChipKernel, CountsEvents) {
  Chip& one = chip();
  thread([&] { one.run(kernel({{tile(0, 1000), 7}})); });
  run();
  EXPECT_EQ(one.events(), 14U);  // a multiplication and an end of each tile
}

}  // namespace
}  // namespace headroom
