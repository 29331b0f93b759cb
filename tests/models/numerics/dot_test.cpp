// accumulate_dot of one product: every pair of codes of narrow formats, random and special ones of
// the others.
#include "models/numerics/dot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "tests/models/numerics/oracle.h"
#include "tests/support/effort.h"

namespace headroom {
namespace {

using oracle::code_count;

std::uint32_t multiply_add(
    Format format, std::uint32_t a, std::uint32_t b, std::uint32_t accumulator) {
  DotParameters parameters;
  parameters.format = format;
  return accumulate_dot(parameters, &a, &b, 0, 0, accumulator);
}

std::uint32_t expected(Format format, std::uint32_t a, std::uint32_t b, std::uint32_t accumulator) {
  return oracle::add(decode(format, a) * decode(format, b), fp32::decode(accumulator));
}

// Accumulators that meet the product in interesting ways: specials, its negative and the
// neighbours of that, half of its last place, far above and far below.
std::vector<std::uint32_t> accumulators(double product) {
  const auto code = [](double value) { return fp32::encode(static_cast<float>(value)); };
  std::vector<std::uint32_t> result{
      0, 0x80000000, 0x00000001, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00001, code(1), code(-1)};
  if (!std::isfinite(product)) return result;
  for (const double value :
       {-product, -product * (1 + 0x1p-23), product * 0x1p24, -product * 0x1.8p25,
        product * 0x1.000002p23, product * 0x1p-25})
    result.push_back(code(value));
  return result;
}

TEST(Dot, EveryPairOfNarrowCodesIsAFusedMultiplyAdd) {
  for (const Format format :
       {Format::fp8_e4m3, Format::fp8_e5m2, Format::fp6_e3m2, Format::fp6_e2m3, Format::fp4_e2m1})
    for (std::uint32_t a = 0; a < code_count(format); ++a)
      for (std::uint32_t b = 0; b < code_count(format); ++b) {
        const double product = decode(format, a) * decode(format, b);
        for (const std::uint32_t c : accumulators(product)) {
          ASSERT_EQ(multiply_add(format, a, b, c), expected(format, a, b, c))
              << to_string(format) << std::hex << ' ' << a << " * " << b << " + " << c;
          ASSERT_EQ(
              multiply_add(format, a | ~(code_count(format) - 1), b, c), expected(format, a, b, c));
        }
      }
}

TEST(Dot, EveryPairOfBlockElementsIsScaledBeforeItIsAdded) {
  for (const Format format :
       {Format::mxfp8_e4m3, Format::mxfp8_e5m2, Format::mxfp6_e3m2, Format::mxfp6_e2m3,
        Format::mxfp4, Format::mxint8, Format::nvfp4})
    for (const auto& [scale_a, scale_b] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
             {0x7F, 0x7F}, {0x38, 0x38}, {0x05, 0x7E}, {0x00, 0xFE}, {0xFF, 0x30}, {0x90, 0xC1}}) {
      DotParameters parameters;
      parameters.format = format;
      const BlockScale kind = traits(format).scale;
      const double scale = decode_scale(kind, scale_a) * decode_scale(kind, scale_b);
      for (std::uint32_t a = 0; a < code_count(format); ++a)
        for (std::uint32_t b = 0; b < code_count(format); ++b) {
          const double element_product = decode(format, a) * decode(format, b);
          // The one difference to IEEE: a zero scale, and mxint8's zero, have no sign to give.
          const double product = (element_product != 0 && scale == 0) ||
                                         (element_product == 0 && format == Format::mxint8)
                                     ? scale * 0
                                     : element_product * scale;
          for (const std::uint32_t c : accumulators(product))
            ASSERT_EQ(accumulate_dot(parameters, &a, &b, scale_a, scale_b, c),
                      oracle::add(product, fp32::decode(c)))
                << to_string(format) << std::hex << ' ' << a << " * " << b << " scales " << scale_a
                << ' ' << scale_b << " + " << c;
        }
    }
}

TEST(Dot, EveryPairOfIntegersWrapsOrSaturates) {
  using Limits = std::numeric_limits<std::int32_t>;
  for (const Format format : {Format::int8, Format::int4})
    for (const bool saturate : {false, true})
      for (std::uint32_t a = 0; a < code_count(format); ++a)
        for (std::uint32_t b = 0; b < code_count(format); ++b)
          for (const std::int32_t c :
               {0, 1, -1, 123456789, Limits::max(), Limits::max() - 9, Limits::min(),
                Limits::min() + 9}) {
            DotParameters parameters;
            parameters.format = format;
            parameters.saturate = saturate;
            const double sum = decode(format, a) * decode(format, b) + c;
            const double range = 0x1p32;
            double result = sum;
            if (saturate)
              result = std::clamp(sum, double{Limits::min()}, double{Limits::max()});
            else if (sum > Limits::max())
              result -= range;
            else if (sum < Limits::min())
              result += range;
            ASSERT_EQ(static_cast<std::int32_t>(
                          accumulate_dot(parameters, &a, &b, 0, 0, static_cast<std::uint32_t>(c))),
                      static_cast<std::int32_t>(result))
                << to_string(format) << ' ' << a << ' ' << b << ' ' << c;
          }
}

void check_random(Format format, int count) {
  oracle::Words words(static_cast<std::uint64_t>(format) + 100);
  for (int i = 0; i < effort(count); ++i) {
    const std::uint32_t a = words.code(format), b = words.code(format);
    auto c = static_cast<std::uint32_t>(words.next());
    // A third of the sums: the accumulator near the product's negative, where cancellation and ties
    // are. Another third: exponents so close that every alignment occurs.
    const double product = decode(format, a) * decode(format, b);
    const std::uint32_t near = fp32::encode(static_cast<float>(product));
    if (i % 3 == 0) c = (near ^ 0x80000000U) + c % 5 - 2;
    if (i % 3 == 1) c = (near + ((c % 61) << 23) - (30U << 23)) ^ (c & 0x807FFFFF);
    ASSERT_EQ(multiply_add(format, a, b, c), expected(format, a, b, c))
        << to_string(format) << std::hex << ' ' << a << " * " << b << " + " << c << ' ' << replay();
  }
}

TEST(Dot, RandomBf16) { check_random(Format::bf16, 10'000'000); }
TEST(Dot, RandomFp16) { check_random(Format::fp16, 10'000'000); }
TEST(Dot, RandomTf32) { check_random(Format::tf32, 2'000'000); }
TEST(Dot, RandomFp32) { check_random(Format::fp32, 2'000'000); }

TEST(Dot, AllPairsOfSpecials) {
  for (const Format format : {Format::fp32, Format::tf32, Format::bf16, Format::fp16}) {
    const FormatTraits t = traits(format);
    std::vector<std::uint32_t> codes;
    for (const std::uint32_t bits : oracle::fp32_specials()) {
      codes.push_back(bits >> (32 - t.bits));
      codes.push_back(encode(format, fp32::decode(bits)));
    }
    // Around both ends of each exponent field that matters.
    for (const std::uint32_t field : {0, 1, t.bias - 1, t.bias, 2 * t.bias, 2 * t.bias + 1})
      for (const std::uint32_t step : {0U, 1U, ~0U}) {
        const std::uint32_t code = ((field << t.fraction_bits) + step) & 0x7FFFFFFF;
        codes.push_back(code);
        codes.push_back(code | 1U << (t.bits - 1));
      }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    for (const std::uint32_t a : codes)
      for (const std::uint32_t b : codes)
        for (const std::uint32_t c : oracle::fp32_specials())
          ASSERT_EQ(multiply_add(format, a, b, c), expected(format, a, b, c))
              << to_string(format) << std::hex << ' ' << a << " * " << b << " + " << c;
  }
}

// Two oracles that share no code are one another's test.
TEST(Dot, TheOracleIsTheCpusFusedMultiplyAdd) {
  oracle::Words words(5);
  for (int i = 0; i < effort(1'000'000); ++i) {
    const float a = fp32::decode(words.code(Format::fp32));
    const float b = fp32::decode(words.code(Format::fp32));
    const float c = fp32::decode(words.code(Format::fp32));
    ASSERT_EQ(oracle::add(double{a} * double{b}, c), fp32::canonical(std::fmaf(a, b, c)));
    if (i % 100 != 0 || !std::isfinite(a) || !std::isfinite(b) || !std::isfinite(c)) continue;
    oracle::ExactSum sum;
    sum.add(double{a} * double{b});
    sum.add(double{c});
    ASSERT_EQ(
        sum.rounded() & 0x7FFFFFFF, fp32::canonical(std::fmaf(a, b, c)) & 0x7FFFFFFF);  // an
                                                                                        // exact
                                                                                        // sum
                                                                                        // has
                                                                                        // no
                                                                                        // -0
  }
}

TEST(Dot, FoldsAddAsTheAccumulatorDoes) {
  DotParameters parameters;
  EXPECT_EQ(accumulate_fold(parameters, fp32::encode(0x1p24F), fp32::encode(1.0F)),
            fp32::encode(0x1p24F));
  EXPECT_EQ(accumulate_fold(parameters, 0x7F800000, 0xFF800000), fp32::canonical_nan);
  EXPECT_EQ(accumulate_fold(parameters, 0x80000000, 0x80000000), 0x80000000U);
  parameters.format = Format::int4;
  EXPECT_EQ(accumulate_fold(parameters, 0x7FFFFFFF, 1), 0x80000000U);
  EXPECT_EQ(accumulate_fold(parameters, 0x80000000, 0xFFFFFFFF), 0x7FFFFFFFU);
  parameters.saturate = true;
  EXPECT_EQ(accumulate_fold(parameters, 0x7FFFFFFF, 1), 0x7FFFFFFFU);
  EXPECT_EQ(accumulate_fold(parameters, 0x80000000, 0xFFFFFFFF), 0x80000000U);
  EXPECT_EQ(accumulate_fold(parameters, 5, 0xFFFFFFFE), 3U);
}

std::string complaint(Format format, int length, int align_bits) {
  try {
    check(DotParameters{format, length, align_bits, false});
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Dot, ParametersThatNothingCouldHaveAreRefused) {
  for (const Format format : oracle::all_formats())
    for (const int length : {1, 2, 4, 8, 16, 32})
      EXPECT_EQ(
          complaint(format, length, default_align_bits(format, length)),
          format == Format::nvfp4 && length == 32
              ? "the dot length is 32; nvfp4 has blocks of 16, and a dot product lies in one "
                "block"
              : "");
  EXPECT_EQ(complaint(Format::bf16, 3, 0), "the dot length is 3; expected 1, 2, 4, 8, 16 or 32");
  EXPECT_EQ(complaint(Format::bf16, 64, 25), "the dot length is 64; expected 1, 2, 4, 8, 16 or 32");
  EXPECT_EQ(complaint(Format::bf16, 4, 31), "align_bits is 31; expected 0 (exact) to 30");
  EXPECT_EQ(complaint(Format::bf16, 4, -1), "align_bits is -1; expected 0 (exact) to 30");
  EXPECT_EQ(complaint(Format::bf16, 4, 0),
            "align_bits is 0; expected 1 to 30, because exact sums of several products of bf16 are "
            "not modelled");
  EXPECT_EQ(complaint(Format::bf16, 1, 25),
            "align_bits is 25; expected 0, because one product needs no alignment");
  EXPECT_EQ(
      complaint(Format::int8, 4, 13), "align_bits is 13; expected 0, because int8 sums exactly");
  EXPECT_EQ(complaint(Format::mxfp8_e4m3, 4, 13),
            "align_bits is 13; expected 0, because mxfp8_e4m3 sums exactly");
  EXPECT_EQ(complaint(Format::fp8_e4m3, 4, 13), "");
}

}  // namespace
}  // namespace headroom
