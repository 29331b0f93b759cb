// Operands and products in number formats against those of models/numerics.
#include "sim/quality/product.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/quality/random.h"
#include "tests/sim/quality/golden.h"

namespace headroom::quality {
namespace {

// Normal numbers with magnitudes that differ from row to row and block to block.
Matrix random_matrix(Index rows, Index columns, std::uint64_t seed) {
  Normal normal(seed);
  Matrix matrix(rows, columns);
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < columns; ++c)
      matrix(r, c) = static_cast<float>(
          normal() * std::ldexp(1, static_cast<int>((r * 7 + c / 16 * 5) % 19) - 9));
  return matrix;
}

std::vector<Format> floats() {
  return {Format::fp32,       Format::tf32,       Format::bf16,       Format::fp16,
          Format::fp8_e4m3,   Format::fp8_e5m2,   Format::fp6_e3m2,   Format::fp6_e2m3,
          Format::fp4_e2m1,   Format::mxfp8_e4m3, Format::mxfp8_e5m2, Format::mxfp6_e3m2,
          Format::mxfp6_e2m3, Format::mxfp4,      Format::mxint8,     Format::nvfp4};
}

TEST(Product, OperandsAreThoseOfNumerics) {
  for (const Format format : floats())
    for (const ScaleRounding rounding : {ScaleRounding::down, ScaleRounding::up})
      for (const Index columns : {Index{1}, Index{31}, Index{96}, Index{100}}) {
        const Matrix matrix = random_matrix(5, columns, static_cast<std::uint64_t>(columns));
        const Operand operand = rounded(format, matrix, rounding);
        const auto expected = coded(format, matrix, rounding);
        for (std::size_t r = 0; r < expected.size(); ++r) {
          ASSERT_EQ(operand.scale, expected[r].tensor) << to_string(format);
          const std::vector<double> values = decoded(format, expected[r]);
          for (std::size_t c = 0; c < values.size(); ++c)
            ASSERT_EQ(
                double{operand.values(static_cast<Index>(r), static_cast<Index>(c))}, values[c])
                << to_string(format) << " row " << r << " column " << c;
        }
      }
}

TEST(Product, ZerosStayZeros) {
  for (const Format format : floats()) {
    const Operand operand = rounded(format, Matrix::Zero(2, 40));
    EXPECT_EQ(operand.values.cwiseAbs().maxCoeff(), 0) << to_string(format);
    EXPECT_EQ(operand.scale, 1) << to_string(format);
  }
}

// Two orders of the same sum of n fp32 terms differ by at most 2 n u sum |terms|, u = 2^-24
// (Higham 2002, section 4.2).
TEST(Product, EqualsNumericsWithinTheRoundingOfSums) {
  for (const Format format : floats()) {
    const Matrix a = random_matrix(7, 96, 3), b = random_matrix(5, 96, 4);
    const Matrix result = Products(format)(a, b), expected = golden_product(format, a, b);
    const Operand x = rounded(format, a), y = rounded(format, b);
    const Matrix size = multiply(x.values.cwiseAbs(), y.values.cwiseAbs()) * x.scale * y.scale;
    for (Index i = 0; i < result.size(); ++i)
      EXPECT_NEAR(result.data()[i], expected.data()[i], 2 * 100 * 0x1p-24 * double{size.data()[i]})
          << to_string(format);
  }
}

TEST(Product, NarrowerFormatsAreFurtherFromFp32) {
  const Matrix a = random_matrix(16, 64, 5), b = random_matrix(16, 64, 6);
  const Matrix exact = multiply(a, b);
  double last = 0;
  for (const Format format :
       {Format::bf16, Format::mxfp8_e4m3, Format::mxfp6_e2m3, Format::mxfp4}) {
    const double error = double{(Products(format)(a, b) - exact).norm()};
    EXPECT_GT(error, last) << to_string(format);
    last = error;
  }
}

}  // namespace
}  // namespace headroom::quality
