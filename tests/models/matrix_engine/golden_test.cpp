// The golden values against sums done by hand.
#include "models/matrix_engine/golden.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/numerics/bf16.h"
#include "models/numerics/fp32.h"

namespace headroom::matrix_engine::golden {
namespace {

std::vector<std::uint16_t> codes(const std::vector<float>& values) {
  std::vector<std::uint16_t> result;
  result.reserve(values.size());
  for (const float value : values) result.push_back(bf16::encode(value));
  return result;
}

ArrayParameters array(int rows, int columns, Format format) {
  ArrayParameters parameters;
  parameters.rows = rows;
  parameters.columns = columns;
  parameters.format = format;
  return parameters;
}

TEST(MatrixEngineGolden, TwoByTwo) {
  const Operands operands{{2, 2, 2}, codes({1, 2, 3, 4}), codes({5, 6, 7, 8})};
  const std::vector<std::uint32_t> expected{
      fp32::encode(19), fp32::encode(22), fp32::encode(43), fp32::encode(50)};
  EXPECT_EQ(multiply(array(2, 2, Format::bf16), operands), expected);
}

TEST(MatrixEngineGolden, FoldsDecideWhereRoundingHappens) {
  // 2^24 + 1 + 1: each 1 alone is lost in one chain, both survive as a fold of their own.
  const Operands operands{{1, 1, 3}, codes({0x1p12F, 1, 1}), codes({0x1p12F, 1, 1})};
  EXPECT_EQ(multiply(array(3, 1, Format::bf16), operands)[0], fp32::encode(0x1p24F));
  const Operands padded{{1, 1, 4}, codes({0x1p12F, 0, 1, 1}), codes({0x1p12F, 0, 1, 1})};
  EXPECT_EQ(multiply(array(2, 1, Format::bf16), padded)[0], fp32::encode(0x1p24F + 2));
}

TEST(MatrixEngineGolden, ResultIsNeverMinusZero) {
  const Operands operands{{1, 1, 1}, {0x8001}, {0x0001}};  // underflows to -0 inside the fold
  EXPECT_EQ(multiply(array(4, 4, Format::bf16), operands)[0], 0U);
}

TEST(MatrixEngineGolden, Int8Wraps) {
  // 2^17 products of 128 * 128 = 2^31.
  const std::int64_t k = std::int64_t{1} << 17;
  const Operands operands{
      {1, 1, k},
      std::vector<std::uint16_t>(static_cast<std::size_t>(k), 0x80),
      std::vector<std::uint16_t>(static_cast<std::size_t>(k), 0x80)};
  EXPECT_EQ(multiply(array(16, 16, Format::int8), operands)[0], 0x80000000U);
}

TEST(MatrixEngineGolden, SaysWhichFormatsItHas) {
  const Operands operands{{1, 1, 1}, {0}, {0}};
  try {
    (void)multiply(array(4, 4, Format::fp16), operands);
    FAIL();
  } catch (const UnavailableFidelity& error) {
    EXPECT_STREQ(
        error.what(),
        "matrix_engine golden has bf16, int8 with dot length 1; found fp16 with dot length 1");
  }
}

}  // namespace
}  // namespace headroom::matrix_engine::golden
