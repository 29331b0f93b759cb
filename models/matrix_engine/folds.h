// The folds of a product in the order in which every fidelity works them off.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine {

// The product as the array sees it. Input-stationary is weight-stationary on C^T = B^T x A^T: only
// the edges know the difference.
[[nodiscard]] constexpr Product as_seen(Dataflow dataflow, const Product& product) {
  return dataflow == Dataflow::input_stationary
             ? Product{product.n, product.m, product.k}
             : product;
}

// Which part of the product, as the array sees it, a fold covers.
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
      : product_(as_seen(array.dataflow, product)),
        in_place_(array.dataflow == Dataflow::output_stationary),
        dot_length_(array.dot_length),
        depth_(in_place_ ? product_.k : std::int64_t{array.rows} * array.dot_length),
        columns_(array.columns),
        block_(in_place_ ? array.rows : array.accumulator_rows),
        folds_per_block_((product_.k + depth_ - 1) / depth_),
        blocks_((product_.m + block_ - 1) / block_),
        tiles_((product_.n + columns_ - 1) / columns_) {}

  [[nodiscard]] std::int64_t count() const { return tiles_ * blocks_ * folds_per_block_; }
  [[nodiscard]] std::int64_t tiles() const { return tiles_; }
  [[nodiscard]] std::int64_t blocks() const { return blocks_; }
  [[nodiscard]] std::int64_t folds_per_block() const { return folds_per_block_; }

  // Beats that stream through for a fold of that block: one for each row of it; output-stationary:
  // one for each dot_length of K.
  [[nodiscard]] std::int64_t stream_beats(std::int64_t block) const {
    return in_place_ ? (product_.k + dot_length_ - 1) / dot_length_ : block_rows(block);
  }

  [[nodiscard]] Fold at(std::int64_t index) const {
    const std::int64_t f = index % folds_per_block_;
    const std::int64_t block = block_of(index);
    const std::int64_t tile = index / folds_per_block_ / blocks_;
    return {block * block_,  block_rows(block),
            tile * columns_, std::min(columns_, product_.n - tile * columns_),
            f * depth_,      std::min(depth_, product_.k - f * depth_),
            f == 0,          f == folds_per_block_ - 1};
  }
  [[nodiscard]] std::int64_t block_of(std::int64_t index) const {
    return index / folds_per_block_ % blocks_;
  }
  [[nodiscard]] bool is_last(std::int64_t index) const {  // at(index).last
    return index % folds_per_block_ == folds_per_block_ - 1;
  }

 private:
  // Fewer in the last block.
  [[nodiscard]] std::int64_t block_rows(std::int64_t block) const {
    return std::min(block_, product_.m - block * block_);
  }

  Product product_;
  bool in_place_;
  std::int64_t dot_length_, depth_, columns_, block_;
  std::int64_t folds_per_block_, blocks_, tiles_;
};

}  // namespace headroom::matrix_engine
