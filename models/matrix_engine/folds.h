// The folds of a product in the order in which every fidelity works them off.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine {

// Which part of the product a fold covers.
struct Fold {
  std::int64_t first_row, rows;        // of A and C
  std::int64_t first_column, columns;  // of B and C
  std::int64_t first_k, depth;
  bool first, last;  // of the folds that sum into the same part of C
};

class Folds {
 public:
  // Both arguments have passed check().
  Folds(const ArrayParameters& array, const Product& product)
      : product_(product),
        depth_(std::int64_t{array.rows} * array.dot_length),
        columns_(array.columns),
        block_(array.accumulator_rows),
        folds_per_block_((product.k + depth_ - 1) / depth_),
        blocks_((product.m + block_ - 1) / block_),
        tiles_((product.n + columns_ - 1) / columns_) {}

  [[nodiscard]] std::int64_t count() const { return tiles_ * blocks_ * folds_per_block_; }
  [[nodiscard]] std::int64_t tiles() const { return tiles_; }
  [[nodiscard]] std::int64_t blocks() const { return blocks_; }
  [[nodiscard]] std::int64_t folds_per_block() const { return folds_per_block_; }

  // Activation beats of a block: accumulator_rows, fewer in the last block.
  [[nodiscard]] std::int64_t block_rows(std::int64_t block) const {
    return std::min(block_, product_.m - block * block_);
  }

  [[nodiscard]] Fold at(std::int64_t index) const {
    const std::int64_t f = index % folds_per_block_;
    const std::int64_t block = index / folds_per_block_ % blocks_;
    const std::int64_t tile = index / folds_per_block_ / blocks_;
    return {block * block_,  block_rows(block),
            tile * columns_, std::min(columns_, product_.n - tile * columns_),
            f * depth_,      std::min(depth_, product_.k - f * depth_),
            f == 0,          f == folds_per_block_ - 1};
  }

 private:
  Product product_;
  std::int64_t depth_, columns_, block_;
  std::int64_t folds_per_block_, blocks_, tiles_;
};

}  // namespace headroom::matrix_engine
