// Bit-exact values of the matrix engine, without time. The contract stands in matrix_engine.h.
#pragma once

#include <cstdint>
#include <vector>

#include "models/matrix_engine/matrix_engine.h"
#include "models/numerics/dot.h"

namespace headroom::matrix_engine::golden {

// Codes of both operands, row by row: A is m x k, B is k x n. Of a block format also the codes of
// the scales, one for each block of k: A's are m x ceil(k / block), B's ceil(k / block) x n; empty
// for all others.
struct Operands {
  Product product;
  std::vector<std::uint32_t> a, b;
  std::vector<std::uint32_t> a_scales, b_scales;
};

enum class Values {
  moderate,  // floats around 1, integers of all values: sums round, nothing overflows
  any,       // every code alike: NaN, infinity, subnormal and huge values appear
  special    // edge values: both zeros, infinities, NaN, smallest, largest, one
};

// The same arguments give the same operands on every machine. Scales are drawn as values are.
[[nodiscard]] Operands random_operands(
    Format format, const Product& product, std::uint64_t seed, Values values);

// The arithmetic of one element. Throws std::invalid_argument as check(DotParameters) does.
[[nodiscard]] DotParameters dot_parameters(const ArrayParameters& array);

// Bits of C, m x n row by row: int32 for int8 and int4, else fp32. Throws std::invalid_argument for
// arithmetic that no element has, or operands of another size than their product.
[[nodiscard]] std::vector<std::uint32_t> multiply(
    const ArrayParameters& array, const Operands& operands);

}  // namespace headroom::matrix_engine::golden
