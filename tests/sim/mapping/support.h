// What the tests of the mapping share.
#pragma once

#include <memory>

#include "models/matrix_engine/analytic.h"
#include "sim/mapping/kernels.h"

namespace headroom {

// The closed form of the chip's matrix engines in bf16.
[[nodiscard]] inline ArrayCycles analytic_array(const ChipDescription& chip) {
  matrix_engine::ArrayParameters array;
  array.rows = chip.matrix.rows;
  array.columns = chip.matrix.columns;
  array.dot_length = chip.matrix.dot_length;
  array.double_buffered = chip.matrix.double_buffered;
  auto engine = std::make_shared<matrix_engine::AnalyticEngine>(array);
  return [engine](const Product& product) { return engine->cycles(product); };
}

[[nodiscard]] inline KernelMapper analytic_mapper(
    const ChipDescription& chip, const Fusion& fusion = {}) {
  return {chip, Format::bf16, analytic_array(chip), analytic_array(chip), {}, fusion};
}

// The chip's work in all tiles of a kernel.
[[nodiscard]] inline Tile total(const Kernel& kernel) {
  Tile sum;
  for (const TileRun& run : kernel.tiles) {
    sum.load += run.tile.load * run.count;
    sum.store += run.tile.store * run.count;
    sum.matrix_cycles += run.tile.matrix_cycles * static_cast<Cycles>(run.count);
    sum.vector_cycles += run.tile.vector_cycles * static_cast<Cycles>(run.count);
  }
  return sum;
}

}  // namespace headroom
