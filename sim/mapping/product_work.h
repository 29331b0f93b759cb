// What one kernel of products computes: out[m, n] = a[m, k] * b[k, n], alone, batched (attention)
// or grouped with another m each (experts).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/matrix_engine/matrix_engine.h"
#include "models/numerics/format.h"

namespace headroom {

using matrix_engine::Product;

// `count` independent products of m rows each.
struct Rows {
  std::int64_t m = 0, count = 1;
};

// Sizes are at least 1. Transposed operands are not stated: they cost nothing
// (docs/blocks/chip.md says why).
struct ProductWork {
  std::vector<Rows> rows;
  std::int64_t n = 0, k = 0;
  double operand_bytes = 2, result_bytes = 2;  // per element

  ProductWork() = default;
  explicit ProductWork(const Product& p, double operand = 2, double result = 2)
      : rows{{p.m, 1}}, n(p.n), k(p.k), operand_bytes(operand), result_bytes(result) {}

  [[nodiscard]] std::int64_t largest_m() const {
    std::int64_t m = 0;
    for (const Rows& r : rows) m = std::max(m, r.m);
    return m;
  }
  [[nodiscard]] double all_rows() const {
    double sum = 0;
    for (const Rows& r : rows) sum += static_cast<double>(r.m) * static_cast<double>(r.count);
    return sum;
  }
  [[nodiscard]] double flops() const {
    return 2 * all_rows() * static_cast<double>(n) * static_cast<double>(k);
  }
};

// Bytes per element in memory. Results of a product are two bytes wide; those of single-precision
// operands and of integers, which accumulate in 32 bits, four.
[[nodiscard]] inline double operand_bytes(Format format) { return storage_bits(format) / 8; }
[[nodiscard]] inline double result_bytes(Format format) {
  return is_integer(format) || format == Format::fp32 || format == Format::tf32 ? 4 : 2;
}

}  // namespace headroom
