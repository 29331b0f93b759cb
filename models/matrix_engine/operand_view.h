// An operand as lines of k: the rows of A, or the columns of B; which of them an edge of the array
// carries depends on the dataflow.
#pragma once

#include <cstdint>
#include <vector>

#include "models/matrix_engine/folds.h"
#include "models/matrix_engine/golden.h"

namespace headroom::matrix_engine {

class OperandView {
 public:
  // The operands outlive the view.
  [[nodiscard]] static OperandView rows_of_a(Format format, const golden::Operands& operands) {
    const Product& p = operands.product;
    const std::int64_t block = traits(format).block;
    return {operands.a, operands.a_scales, p.m, p.k, block, p.k, 1, (p.k + block - 1) / block, 1};
  }
  [[nodiscard]] static OperandView columns_of_b(Format format, const golden::Operands& operands) {
    const Product& p = operands.product;
    const std::int64_t block = traits(format).block;
    return {operands.b, operands.b_scales, p.n, p.k, block, 1, p.n, 1, p.n};
  }

  // The `length` elements of a line from `first_k` on, +0 beyond the operand; returns their scale's
  // code, 0 where there is none. `first_k` is a multiple of `length`, which divides the block.
  std::uint32_t read(std::int64_t line, std::int64_t first_k, int length,
                     std::uint32_t* elements) const {
    const bool inside = line < lines_ && first_k < k_;
    for (int i = 0; i < length; ++i)
      elements[i] = inside && first_k + i < k_
                        ? codes_[index(line * line_stride_ + (first_k + i) * k_stride_)]
                        : 0;
    if (!inside || scales_.empty()) return 0;
    return scales_[index(line * scale_line_stride_ + first_k / block_ * scale_block_stride_)];
  }

 private:
  OperandView(
      const std::vector<std::uint32_t>& codes, const std::vector<std::uint32_t>& scales,
      std::int64_t lines, std::int64_t k, std::int64_t block, std::int64_t line_stride,
      std::int64_t k_stride, std::int64_t scale_line_stride, std::int64_t scale_block_stride)
      : codes_(codes),
        scales_(scales),
        lines_(lines),
        k_(k),
        block_(block),
        line_stride_(line_stride),
        k_stride_(k_stride),
        scale_line_stride_(scale_line_stride),
        scale_block_stride_(scale_block_stride) {}

  [[nodiscard]] static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

  const std::vector<std::uint32_t>&codes_, &scales_;
  std::int64_t lines_, k_, block_;
  std::int64_t line_stride_, k_stride_, scale_line_stride_, scale_block_stride_;
};

}  // namespace headroom::matrix_engine
