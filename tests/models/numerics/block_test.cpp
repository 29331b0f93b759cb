// Vectors in block formats: scales by hand, bounds of the error, specials, ragged ends, seeds.
#include "models/numerics/block.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "models/numerics/dot.h"
#include "tests/models/numerics/oracle.h"

namespace headroom {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

const std::vector<Format> block_formats{
    Format::mxfp8_e4m3, Format::mxfp8_e5m2, Format::mxfp6_e3m2, Format::mxfp6_e2m3,
    Format::mxfp4,      Format::mxint8,     Format::nvfp4};

// Largest exponent and largest number of the elements: OCP MX 1.0, table 1.
struct Element {
  Format format;
  int emax;
  double largest;
};
const std::vector<Element> elements{
    {Format::mxfp8_e4m3, 8, 448}, {Format::mxfp8_e5m2, 15, 57344}, {Format::mxfp6_e3m2, 4, 28},
    {Format::mxfp6_e2m3, 2, 7.5}, {Format::mxfp4, 2, 6},           {Format::mxint8, 0, 127.0 / 64}};

std::vector<double> random_values(std::size_t count, oracle::Words& words, int spread) {
  std::vector<double> values(count);
  for (double& value : values)
    value = std::ldexp(static_cast<double>(static_cast<std::int64_t>(words.next())),
                       -63 - static_cast<int>(words.below(static_cast<std::uint64_t>(spread))));
  return values;
}

TEST(Block, E8m0ScalesFollowTheLargestMagnitude) {
  for (const Element& element : elements)
    for (const double largest : {1.0, 1.999, -2.0, 3.0, 1e-5, -1e5}) {
      const BlockVector vector = quantise(element.format, {largest / 8, largest, 0});
      const int exponent = static_cast<int>(std::floor(std::log2(std::fabs(largest))));
      ASSERT_EQ(vector.scales.size(), 1U);
      EXPECT_EQ(static_cast<int>(vector.scales[0]) - 127, exponent - element.emax)
          << to_string(element.format) << ' ' << largest;
      EXPECT_EQ(vector.tensor_scale, 1);
    }
  // Both ends of E8M0.
  EXPECT_EQ(quantise(Format::mxfp4, {1e300}).scales[0], 0xFEU);
  EXPECT_EQ(dequantise(quantise(Format::mxfp4, {-1e300}))[0], -6 * 0x1p127);
  EXPECT_EQ(quantise(Format::mxfp4, {0x1p-130}).scales[0], 0U);
  EXPECT_EQ(dequantise(quantise(Format::mxfp4, {0x1p-127, -0x1p-140})),
            (std::vector<double>{0x1p-127, -0.0}));
}

TEST(Block, ByHand) {
  // Largest 17 = 1.0625 * 2^4: scale 2^(4 - 2) = 4.
  const BlockVector mxfp4 = quantise(Format::mxfp4, {17, -9, 5, 1, 2.1, 0});
  EXPECT_EQ(mxfp4.scales, (std::vector<std::uint32_t>{129}));
  EXPECT_EQ(dequantise(mxfp4), (std::vector<double>{16, -8, 4, 0, 2, 0}));  // 1 / 4 ties to 0
  // 31 / 4 = 7.75 saturates at 6; a scale rounded up holds it.
  EXPECT_EQ(dequantise(quantise(Format::mxfp4, {31})), (std::vector<double>{24}));
  BlockOptions up;
  up.scale_rounding = ScaleRounding::up;
  EXPECT_EQ(dequantise(quantise(Format::mxfp4, {31}, up)), (std::vector<double>{32}));
  EXPECT_EQ(quantise(Format::mxfp4, {31}, up).scales[0], 130U);
  EXPECT_EQ(quantise(Format::mxfp4, {24}, up).scales[0], 129U);  // 6 * 4 fits
  // Symmetric: neither end of mxint8 reaches 2.
  EXPECT_EQ(dequantise(quantise(Format::mxint8, {1.999, -1.999, 0.25})),
            (std::vector<double>{127.0 / 64, -127.0 / 64, 0.25}));
  // nvfp4: tensor scale 1, block scale 17 / 6 -> 2.75.
  BlockOptions unit;
  unit.tensor_scale = 1;
  const BlockVector nvfp4 = quantise(Format::nvfp4, {17, -8, 1}, unit);
  EXPECT_EQ(nvfp4.scales, (std::vector<std::uint32_t>{encode(Format::fp8_e4m3, 2.75)}));
  EXPECT_EQ(dequantise(nvfp4), (std::vector<double>{16.5, -8.25, 1.375}));
}

TEST(Block, TheTensorScaleBringsTheLargestToTheTop) {
  std::vector<double> values(40, 1.0);
  values[20] = -5376;  // 448 * 6 * 2
  const BlockVector vector = quantise(Format::nvfp4, values);
  EXPECT_EQ(vector.tensor_scale, 2.0F);
  EXPECT_EQ(vector.scales.size(), 3U);
  EXPECT_EQ(vector.scales[1], 0x7EU);  // 448
  EXPECT_EQ(vector.codes[20], 0xFU);   // -6
  EXPECT_EQ(dequantise(vector)[20], -5376);
  EXPECT_EQ(vector.scales[0], encode(Format::fp8_e4m3, 1.0 / 12));
  EXPECT_NEAR(dequantise(vector)[0], 1, 1.0 / 16);
  EXPECT_EQ(tensor_scale({}), 1.0F);
  EXPECT_EQ(tensor_scale({0, -0.0, infinity, std::nan("")}), 1.0F);
  EXPECT_EQ(tensor_scale({-2688, infinity}), 1.0F);
  EXPECT_EQ(tensor_scale({1e-300}), std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(tensor_scale({1e300}), std::numeric_limits<float>::max());
}

// Half a step of the element format at the value's exponent, or what saturation takes.
TEST(Block, ErrorsStayWithinHalfAStep) {
  oracle::Words words(20);
  for (const Element& element : elements)
    for (const ScaleRounding rounding : {ScaleRounding::down, ScaleRounding::up})
      for (int i = 0; i < 300; ++i) {
        BlockOptions options;
        options.scale_rounding = rounding;
        const std::vector<double> values = random_values(1 + words.below(100), words, 20);
        const BlockVector vector = quantise(element.format, values, options);
        const std::vector<double> back = dequantise(vector);
        const FormatTraits t = traits(element.format);
        for (std::size_t j = 0; j < values.size(); ++j) {
          const double scale = std::ldexp(1, static_cast<int>(vector.scales[j / 32]) - 127);
          const double number = std::fabs(values[j] / scale);
          const int smallest = t.specials == Specials::integer ? 0 : 1 - t.bias;
          const int exponent = number == 0 ? smallest : std::max(std::ilogb(number), smallest);
          const double half_step = std::ldexp(0.5, exponent - t.fraction_bits);
          const double excess = std::max(0.0, number - element.largest);
          ASSERT_TRUE(rounding == ScaleRounding::down || excess == 0) << to_string(element.format);
          ASSERT_LE(std::fabs(values[j] - back[j]) / scale, std::max(half_step, excess))
              << to_string(element.format) << ' ' << values[j] << ' ' << replay();
        }
      }
}

TEST(Block, NvfpErrorsStayWithinThoseOfScaleAndElement) {
  oracle::Words words(21);
  for (int i = 0; i < 500; ++i) {
    const std::vector<double> values = random_values(1 + words.below(64), words, 4);
    const BlockVector vector = quantise(Format::nvfp4, values);
    const std::vector<double> back = dequantise(vector);
    for (std::size_t j = 0; j < values.size(); ++j) {
      const std::size_t first = j / 16 * 16, end = std::min(first + 16, values.size());
      double largest = 0;
      for (std::size_t k = first; k < end; ++k) largest = std::max(largest, std::fabs(values[k]));
      // A step of the largest elements is 2 of 6; the scale itself is off by 1/16 at most.
      ASSERT_LE(std::fabs(values[j] - back[j]), largest / 6 * (17.0 / 16)) << replay();
    }
  }
}

TEST(Block, ANanOrAnInfinityPoisonsItsBlockOnly) {
  for (const Format format : block_formats)
    for (const double poison : {std::nan(""), infinity, -infinity}) {
      const auto block = static_cast<std::size_t>(traits(format).block);
      std::vector<double> values(3 * block, 1.0);
      values[block + 3] = poison;
      const BlockVector vector = quantise(format, values);
      const std::vector<double> back = dequantise(vector);
      EXPECT_TRUE(std::isnan(decode_scale(traits(format).scale, vector.scales[1])));
      for (std::size_t i = 0; i < values.size(); ++i)
        EXPECT_EQ(std::isnan(back[i]), i / block == 1) << to_string(format) << ' ' << i;
      // And so does the product that reads it.
      DotParameters parameters;
      parameters.format = format;
      parameters.length = static_cast<int>(block);
      EXPECT_EQ(accumulate_dot(parameters, &vector.codes[block], &vector.codes[0], vector.scales[1],
                               vector.scales[0], 0),
                fp32::canonical_nan);
    }
}

TEST(Block, ZerosKeepTheirSignsAndARaggedEndIsAsIfPadded) {
  oracle::Words words(22);
  for (const Format format : block_formats) {
    const BlockVector zeros = quantise(format, {0, -0.0, 0});
    EXPECT_EQ(zeros.scales, std::vector<std::uint32_t>{0}) << to_string(format);
    for (const double value : dequantise(zeros)) EXPECT_EQ(value, 0);
    EXPECT_EQ(zeros.codes[1], encode(format, -0.0));
    EXPECT_TRUE(quantise(format, {}).scales.empty());

    std::vector<double> values = random_values(37, words, 8);
    const BlockVector ragged = quantise(format, values);
    values.resize(96, 0);
    const BlockVector padded = quantise(format, values);
    for (std::size_t i = 0; i < 37; ++i) EXPECT_EQ(ragged.codes[i], padded.codes[i]);
    for (std::size_t i = 0; i < ragged.scales.size(); ++i)
      EXPECT_EQ(ragged.scales[i], padded.scales[i]);
    EXPECT_EQ(ragged.scales.size(), format == Format::nvfp4 ? 3U : 2U);
  }
}

TEST(Block, WhatIsRepresentableComesBack) {
  oracle::Words words(23);
  for (const Element& element : elements)
    for (int i = 0; i < 200; ++i) {
      std::vector<double> values(32);
      for (double& value : values)
        value = decode(element.format, words.finite_code(element.format));
      values[7] = element.largest;  // makes the scale 1
      for (double& value : values)
        if (std::fabs(value) > element.largest) value = 0;  // mxint8's -2
      for (double& value : values) value *= 0x1p-20;
      EXPECT_EQ(dequantise(quantise(element.format, values)), values) << replay();
    }
}

TEST(Block, StochasticRoundingRepeatsWithItsSeedAndIsUnbiased) {
  const std::vector<double> values(64, 1.1);
  for (const Format format : block_formats) {
    BlockOptions options;
    options.rounding = Rounding::stochastic;
    options.tensor_scale = 1;
    std::vector<double> held = values;  // a large first value of each block holds the scale
    for (std::size_t i = 0; i < held.size(); i += 16) held[i] = 6;
    double sum = 0;
    constexpr int draws = 2000;
    bool differs = false;
    const BlockVector first = quantise(format, held, options);
    EXPECT_EQ(quantise(format, held, options).codes, first.codes);
    for (int i = 0; i < draws; ++i) {
      options.seed = seed() + static_cast<std::uint64_t>(i);
      const BlockVector vector = quantise(format, held, options);
      differs = differs || vector.codes != first.codes;
      const std::vector<double> back = dequantise(vector);
      for (std::size_t j = 0; j < held.size(); ++j) sum += j % 16 == 0 ? 0 : back[j];
    }
    EXPECT_TRUE(differs) << to_string(format);
    // Equal neighbours in a block are rounded by words of their own.
    EXPECT_NE(std::count(first.codes.begin() + 1, first.codes.begin() + 16, first.codes[1]), 15);
    // 120,000 draws between neighbours at most 1 apart.
    EXPECT_NEAR(sum / (draws * 60), 1.1, 5 * 0.5 / std::sqrt(draws * 60.0)) << to_string(format);
  }
}

TEST(Block, AFormatWithoutBlocksIsRefused) {
  EXPECT_THROW((void)quantise(Format::bf16, {1}), std::invalid_argument);
}

}  // namespace
}  // namespace headroom
