// Bit-exact values of the matrix engine, without time. The contract stands in matrix_engine.h.
#pragma once

#include <cstdint>
#include <vector>

#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine::golden {

// Codes of both operands, row by row: A is m x k, B is k x n. int8 codes are the low byte.
struct Operands {
  Product product;
  std::vector<std::uint16_t> a, b;
};

enum class Values {
  moderate,  // bf16 normals around 1, int8 of all values: sums round, nothing overflows
  any,       // every code alike: NaN, infinity, subnormal and huge values appear
  special,  // from a short list of edge values: both zeros, infinities, NaN, smallest, largest, one
};

// The same arguments give the same operands on every machine.
[[nodiscard]] Operands random_operands(
    Format format, const Product& product, std::uint64_t seed, Values values);

// Bits of C, m x n row by row: fp32 for bf16, int32 for int8. Throws UnavailableFidelity for other
// formats and for dot_length above 1.
[[nodiscard]] std::vector<std::uint32_t> multiply(
    const ArrayParameters& array, const Operands& operands);

}  // namespace headroom::matrix_engine::golden
