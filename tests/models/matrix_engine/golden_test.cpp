// The golden values against sums done by hand.
#include "models/matrix_engine/golden.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/numerics/bf16.h"
#include "models/numerics/codec.h"
#include "models/numerics/fp32.h"

namespace headroom::matrix_engine::golden {
namespace {

std::vector<std::uint32_t> codes(const std::vector<float>& values) {
  std::vector<std::uint32_t> result;
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
  const Operands operands{{2, 2, 2}, codes({1, 2, 3, 4}), codes({5, 6, 7, 8}), {}, {}};
  const std::vector<std::uint32_t> expected{
      fp32::encode(19), fp32::encode(22), fp32::encode(43), fp32::encode(50)};
  EXPECT_EQ(multiply(array(2, 2, Format::bf16), operands), expected);
}

TEST(MatrixEngineGolden, FoldsDecideWhereRoundingHappens) {
  // 2^24 + 1 + 1: each 1 alone is lost in one chain, both survive as a fold of their own.
  const Operands operands{{1, 1, 3}, codes({0x1p12F, 1, 1}), codes({0x1p12F, 1, 1}), {}, {}};
  EXPECT_EQ(multiply(array(3, 1, Format::bf16), operands)[0], fp32::encode(0x1p24F));
  const Operands padded{{1, 1, 4}, codes({0x1p12F, 0, 1, 1}), codes({0x1p12F, 0, 1, 1}), {}, {}};
  EXPECT_EQ(multiply(array(2, 1, Format::bf16), padded)[0], fp32::encode(0x1p24F + 2));
}

TEST(MatrixEngineGolden, ResultIsNeverMinusZero) {
  const Operands operands{{1, 1, 1}, {0x8001}, {0x0001}, {}, {}};  // underflows to -0 inside the
                                                                   // fold
  EXPECT_EQ(multiply(array(4, 4, Format::bf16), operands)[0], 0U);
}

TEST(MatrixEngineGolden, Int8Wraps) {
  // 2^17 products of 128 * 128 = 2^31.
  const std::int64_t k = std::int64_t{1} << 17;
  const Operands operands{
      {1, 1, k},
      std::vector<std::uint32_t>(static_cast<std::size_t>(k), 0x80),
      std::vector<std::uint32_t>(static_cast<std::size_t>(k), 0x80),
      {},
      {}};
  EXPECT_EQ(multiply(array(16, 16, Format::int8), operands)[0], 0x80000000U);
}

// (1 2; 3 4) x (1 -2; 2 -1), which every format holds; block formats: scaled down, with scales
// of 4.
TEST(MatrixEngineGolden, TwoByTwoInEveryFormatAndDataflow) {
  for (int f = 0; f < static_cast<int>(format_names.size()); ++f) {
    const auto format = static_cast<Format>(f);
    const FormatTraits t = traits(format);
    const bool scaled = t.scale != BlockScale::none;
    const double unit = scaled ? (t.bits == 4 ? 0.5 : 0.25) : 1;
    Operands operands{{2, 2, 2}, {}, {}, {}, {}};
    for (const int value : {1, 2, 3, 4}) operands.a.push_back(encode(format, value * unit));
    for (const int value : {1, -2, 2, -1}) operands.b.push_back(encode(format, value * unit));
    if (scaled)
      operands.a_scales = operands.b_scales = std::vector<std::uint32_t>(
          2, t.scale == BlockScale::e8m0 ? 129 : 0x48);
    std::vector<std::uint32_t> expected;
    for (const int sum : {5, -4, 11, -10})
      expected.push_back(
          is_integer(format)
              ? static_cast<std::uint32_t>(sum)
              : fp32::encode(static_cast<float>(sum * (scaled ? unit * unit * 16 : 1))));
    for (const Dataflow dataflow :
         {Dataflow::weight_stationary, Dataflow::output_stationary, Dataflow::input_stationary})
      for (const int rows : {1, 2, 4}) {
        ArrayParameters parameters = array(rows, 2, format);
        parameters.dataflow = dataflow;
        EXPECT_EQ(multiply(parameters, operands), expected)
            << to_string(format) << " " << to_string(dataflow) << " rows " << rows;
      }
  }
}

TEST(MatrixEngineGolden, ChainedFoldsGoOnFromTheAccumulator) {
  // Folds of one product: 2^24, 1, 1. In a chain each 1 is lost; two of them as one fold are not.
  const Operands operands{{1, 1, 3}, codes({0x1p12F, 1, 1}), codes({0x1p12F, 1, 1}), {}, {}};
  ArrayParameters parameters = array(2, 1, Format::bf16);
  const Operands padded{{1, 1, 4}, codes({0x1p12F, 0, 1, 1}), codes({0x1p12F, 0, 1, 1}), {}, {}};
  EXPECT_EQ(multiply(parameters, padded)[0], fp32::encode(0x1p24F + 2));
  parameters.chain_folds = true;
  EXPECT_EQ(multiply(parameters, padded)[0], fp32::encode(0x1p24F));
  EXPECT_EQ(multiply(parameters, operands)[0], fp32::encode(0x1p24F));
}

TEST(MatrixEngineGolden, NanScalePoisonsItsRowOnly) {
  ArrayParameters parameters = array(4, 4, Format::mxfp8_e4m3);
  const std::uint32_t one = encode(Format::mxfp8_e4m3, 1.0);
  const Operands operands{
      {2, 1, 40},
      std::vector<std::uint32_t>(80, one),
      std::vector<std::uint32_t>(40, one),
      {127, 127, 127, 0xFF},
      {127, 128}};
  // 32 products of 1 and 8 of 2; the second row's second block is NaN.
  EXPECT_EQ(
      multiply(parameters, operands), (std::vector<std::uint32_t>{fp32::encode(48), 0x7FC00000}));
}

TEST(MatrixEngineGolden, SaturatesWhenAsked) {
  const std::int64_t k = std::int64_t{1} << 17;
  const std::vector<std::uint32_t> lowest(static_cast<std::size_t>(k), 0x80);
  ArrayParameters parameters = array(16, 16, Format::int8);
  parameters.saturate = true;
  EXPECT_EQ(multiply(parameters, {{1, 1, k}, lowest, lowest, {}, {}})[0], 0x7FFFFFFFU);
}

std::string complaint(const ArrayParameters& parameters, const Operands& operands) {
  try {
    (void)multiply(parameters, operands);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(MatrixEngineGolden, RefusesOperandsOfAnotherSize) {
  EXPECT_EQ(complaint(array(4, 4, Format::bf16), {{1, 2, 3}, {0, 0, 0}, {0, 0}, {}, {}}),
            "matrix_engine: b must have 3 x 2 codes; found 2");
  EXPECT_EQ(complaint(array(4, 4, Format::mxfp4), {{1, 1, 1}, {0}, {0}, {127}, {}}),
            "matrix_engine: b_scales must have 1 x 1 codes; found 0");
}

TEST(MatrixEngineGolden, RandomOperandsFitTheirFormat) {
  for (int f = 0; f < static_cast<int>(format_names.size()); ++f) {
    const auto format = static_cast<Format>(f);
    const FormatTraits t = traits(format);
    for (const Values values : {Values::moderate, Values::any, Values::special}) {
      const Operands operands = random_operands(format, {5, 7, 40}, 3, values);
      EXPECT_EQ(operands.a.size(), 200U);
      EXPECT_EQ(operands.b.size(), 280U);
      const std::size_t blocks = t.scale == BlockScale::none ? 0 : (t.block == 16 ? 3 : 2);
      EXPECT_EQ(operands.a_scales.size(), 5 * blocks);
      EXPECT_EQ(operands.b_scales.size(), 7 * blocks);
      for (const std::uint32_t code : operands.a) {
        if (t.bits < 32) {
          EXPECT_EQ(code >> t.bits, 0U) << to_string(format);
        }
        if (values == Values::moderate) {
          EXPECT_LE(std::abs(decode(format, code)), is_integer(format) ? 128 : 64)
              << to_string(format);
        }
      }
    }
  }
}

}  // namespace
}  // namespace headroom::matrix_engine::golden
