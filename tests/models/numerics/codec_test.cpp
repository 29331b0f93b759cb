// Codes of all formats against published tables, the compiler's types and the CPU's rounding.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "tests/models/numerics/oracle.h"
#include "tests/support/effort.h"

namespace headroom {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Entry {
  Format format;
  std::uint32_t code;
  double value;
};

// OCP 8-bit Floating Point Specification 1.0, tables 1 and 2; OCP Microscaling Formats 1.0, tables
// 2 to 6; IEEE 754-2019 binary16 and binary32.
const std::vector<Entry> published{
    {Format::fp8_e4m3, 0x00, 0},
    {Format::fp8_e4m3, 0x80, -0.0},
    {Format::fp8_e4m3, 0x7E, 448},
    {Format::fp8_e4m3, 0xFE, -448},
    {Format::fp8_e4m3, 0x08, 0x1p-6},
    {Format::fp8_e4m3, 0x07, 0.875 * 0x1p-6},
    {Format::fp8_e4m3, 0x01, 0x1p-9},
    {Format::fp8_e4m3, 0x38, 1},
    {Format::fp8_e5m2, 0x7B, 57344},
    {Format::fp8_e5m2, 0x7C, infinity},
    {Format::fp8_e5m2, 0xFC, -infinity},
    {Format::fp8_e5m2, 0x04, 0x1p-14},
    {Format::fp8_e5m2, 0x03, 0.75 * 0x1p-14},
    {Format::fp8_e5m2, 0x01, 0x1p-16},
    {Format::fp6_e3m2, 0x1F, 28},
    {Format::fp6_e3m2, 0x3F, -28},
    {Format::fp6_e3m2, 0x04, 0.25},
    {Format::fp6_e3m2, 0x03, 0.1875},
    {Format::fp6_e3m2, 0x01, 0.0625},
    {Format::fp6_e2m3, 0x1F, 7.5},
    {Format::fp6_e2m3, 0x3F, -7.5},
    {Format::fp6_e2m3, 0x08, 1},
    {Format::fp6_e2m3, 0x07, 0.875},
    {Format::fp6_e2m3, 0x01, 0.125},
    {Format::fp4_e2m1, 0x7, 6},
    {Format::fp4_e2m1, 0xF, -6},
    {Format::fp4_e2m1, 0x2, 1},
    {Format::fp4_e2m1, 0x1, 0.5},
    {Format::fp4_e2m1, 0x6, 4},
    {Format::fp4_e2m1, 0x5, 3},
    {Format::mxint8, 0x7F, 1 + 63.0 / 64},
    {Format::mxint8, 0x81, -(1 + 63.0 / 64)},
    {Format::mxint8, 0x80, -2},
    {Format::mxint8, 0x01, 0x1p-6},
    {Format::int8, 0x7F, 127},
    {Format::int8, 0x80, -128},
    {Format::int8, 0xFF, -1},
    {Format::int4, 0x7, 7},
    {Format::int4, 0x8, -8},
    {Format::int4, 0xF, -1},
    {Format::fp16, 0x7BFF, 65504},
    {Format::fp16, 0x0400, 0x1p-14},
    {Format::fp16, 0x0001, 0x1p-24},
    {Format::fp16, 0x3C00, 1},
    {Format::fp16, 0xFC00, -infinity},
    {Format::bf16, 0x7F7F, 0x1.FEp127},
    {Format::bf16, 0x0001, 0x1p-133},
    {Format::bf16, 0x3F80, 1},
    {Format::tf32, 0x3FBFF, 0x1.FFCp127},
    {Format::tf32, 0x00001, 0x1p-136},
    {Format::tf32, 0x1FC00, 1},
    {Format::tf32, 0x3FC00, infinity},
    {Format::fp32, 0x7F7FFFFF, 0x1.FFFFFEp127},
    {Format::fp32, 0x00000001, 0x1p-149}};

TEST(Codec, AgreesWithPublishedTables) {
  for (const Entry& entry : published) {
    const double value = decode(entry.format, entry.code);
    EXPECT_EQ(value, entry.value) << to_string(entry.format) << ' ' << std::hex << entry.code;
    EXPECT_EQ(std::signbit(value), std::signbit(entry.value));
    EXPECT_EQ(encode(entry.format, entry.value), entry.code) << to_string(entry.format);
  }
}

TEST(Codec, NanCodesAreThePublishedOnes) {
  const auto nan_codes = [](Format format) {
    std::vector<std::uint32_t> result;
    for (std::uint32_t code = 0; code < oracle::code_count(format); ++code)
      if (std::isnan(decode(format, code))) result.push_back(code);
    return result;
  };
  using Codes = std::vector<std::uint32_t>;
  EXPECT_EQ(nan_codes(Format::fp8_e4m3), (Codes{0x7F, 0xFF}));
  EXPECT_EQ(nan_codes(Format::fp8_e5m2), (Codes{0x7D, 0x7E, 0x7F, 0xFD, 0xFE, 0xFF}));
  for (const Format format :
       {Format::fp6_e3m2, Format::fp6_e2m3, Format::fp4_e2m1, Format::int8, Format::int4})
    EXPECT_EQ(nan_codes(format), Codes{}) << to_string(format);
  EXPECT_EQ(nan_codes(Format::fp16).size(), 2 * 1023U);
  EXPECT_EQ(nan_codes(Format::bf16).size(), 2 * 127U);
}

TEST(Codec, BlockFormatsHaveTheirElementsCodes) {
  const std::vector<std::pair<Format, Format>> pairs{
      {Format::mxfp8_e4m3, Format::fp8_e4m3}, {Format::mxfp8_e5m2, Format::fp8_e5m2},
      {Format::mxfp6_e3m2, Format::fp6_e3m2}, {Format::mxfp6_e2m3, Format::fp6_e2m3},
      {Format::mxfp4, Format::fp4_e2m1},      {Format::nvfp4, Format::fp4_e2m1}};
  for (const auto& [block, element] : pairs)
    for (std::uint32_t code = 0; code < oracle::code_count(block); ++code)
      EXPECT_TRUE(decode(block, code) == decode(element, code) ||
                  (std::isnan(decode(block, code)) && std::isnan(decode(element, code))))
          << to_string(block);
}

// Formula of the standards, written out once more: sign, 2^(field - bias), 1.fraction or
// 0.fraction.
TEST(Codec, EveryFloatCodeFollowsTheFormulaAndUnusedBitsDoNotMatter) {
  for (const Format format : oracle::all_formats()) {
    const FormatTraits t = traits(format);
    if (t.specials == Specials::integer || t.bits > 19) continue;
    for (std::uint32_t code = 0; code < oracle::code_count(format); ++code) {
      const double value = decode(format, code);
      const double fraction = std::fmod(code, std::ldexp(1, t.fraction_bits));
      const double field = std::fmod(
          std::floor(std::ldexp(code, -t.fraction_bits)), std::ldexp(1, t.exponent_bits));
      const bool negative = code >= oracle::code_count(format) / 2;
      EXPECT_EQ(decode(format, code | ~(oracle::code_count(format) - 1)) == value, value == value);
      if (!std::isfinite(value)) continue;
      const double formula = field == 0 ? std::ldexp(fraction, 1 - t.bias - t.fraction_bits)
                                        : std::ldexp(1 + std::ldexp(fraction, -t.fraction_bits),
                                                     static_cast<int>(field) - t.bias);
      ASSERT_EQ(value, negative ? -formula : formula) << to_string(format) << ' ' << code;
    }
  }
}

TEST(Codec, EveryCodeSurvivesARoundTrip) {
  for (const Format format : oracle::all_formats()) {
    if (traits(format).bits > 19) continue;
    const std::uint32_t nan = encode(format, std::nan(""));
    for (std::uint32_t code = 0; code < oracle::code_count(format); ++code) {
      const double value = decode(format, code);
      for (const Rounding rounding :
           {Rounding::nearest_even, Rounding::toward_zero, Rounding::stochastic})
        ASSERT_EQ(encode(format, value, rounding), std::isnan(value) ? nan : code)
            << to_string(format);
    }
  }
  EXPECT_EQ(encode(Format::fp32, decode(Format::fp32, 0x80000001)), 0x80000001U);
}

TEST(Codec, ANanIsCanonicalOrTheLargestValueOrZero) {
  const std::vector<std::pair<Format, std::uint32_t>> expected{
      {Format::fp32, 0x7FC00000}, {Format::tf32, 0x3FE00},  {Format::bf16, 0x7FC0},
      {Format::fp16, 0x7E00},     {Format::fp8_e4m3, 0x7F}, {Format::fp8_e5m2, 0x7E},
      {Format::fp6_e3m2, 0x1F},   {Format::fp6_e2m3, 0x1F}, {Format::fp4_e2m1, 0x7},
      {Format::int8, 0},          {Format::int4, 0},        {Format::mxint8, 0}};
  for (const auto& [format, code] : expected)
    for (const double nan : {std::nan(""), -std::nan("")})
      EXPECT_EQ(encode(format, nan), code) << to_string(format);
}

// What the value becomes, by search among all the format's magnitudes and comparison of distances.
class Neighbours {
 public:
  explicit Neighbours(Format format) : format_(format) {
    const std::uint32_t count = oracle::code_count(format);
    for (std::uint32_t code = 0; code < count / 2; ++code)
      if (std::isfinite(decode(format, code))) magnitudes_.push_back(decode(format, code));
    sign_ = count / 2;
  }

  // Behind the largest number the spacing goes on, as IEEE 754 rounds "as though the exponent range
  // were unbounded".
  [[nodiscard]] double magnitude(std::size_t code) const {
    const std::size_t last = magnitudes_.size() - 1;
    return code <= last ? magnitudes_[code] : 2 * magnitudes_[last] - magnitudes_[last - 1];
  }
  [[nodiscard]] std::size_t size() const { return magnitudes_.size(); }

  [[nodiscard]] std::uint32_t nearest(double value, Overflow overflow) const {
    const double target = std::fabs(value);
    std::size_t low = below(target);
    if (target >= magnitude(size())) return beyond(value, overflow);
    const double down = target - magnitude(low), up = magnitude(low + 1) - target;
    if (target != magnitude(low) && (up < down || (up == down && low % 2 == 1))) ++low;
    return low == size() ? beyond(value, overflow) : with_sign(value, low);
  }
  [[nodiscard]] std::uint32_t toward_zero(double value) const {
    return with_sign(value, below(std::fabs(value)));
  }
  [[nodiscard]] std::uint32_t beyond(double value, Overflow overflow) const {
    const FormatTraits t = traits(format_);
    if (overflow == Overflow::overflow && t.specials == Specials::nan_only) return 0x7F;
    const bool infinite = overflow == Overflow::overflow && t.specials == Specials::ieee;
    return with_sign(value, size() - (infinite ? 0 : 1));
  }

 private:
  [[nodiscard]] std::size_t below(double target) const {
    const auto above = std::upper_bound(magnitudes_.begin(), magnitudes_.end(), target);
    return static_cast<std::size_t>(above - magnitudes_.begin()) - 1;
  }
  [[nodiscard]] std::uint32_t with_sign(double value, std::size_t code) const {
    return static_cast<std::uint32_t>(code) | (std::signbit(value) ? sign_ : 0);
  }

  Format format_;
  std::vector<double> magnitudes_;
  std::uint32_t sign_ = 0;
};

// The cases of TestFloat's directed levels: each number, each midpoint and the next double on both
// sides of them. Among them are all ties, carries into the exponent, both ends of the subnormals
// and the threshold of overflow.
TEST(Codec, RoundsAroundEveryNumberAndMidpointInEachMode) {
  for (const Format format : oracle::all_formats()) {
    const FormatTraits t = traits(format);
    if (t.specials == Specials::integer || t.bits > 16 || t.block > 1) continue;
    const Neighbours oracle(format);
    for (std::size_t code = 0; code < oracle.size(); ++code)
      for (const double point :
           {oracle.magnitude(code), (oracle.magnitude(code) + oracle.magnitude(code + 1)) / 2})
        for (const double near : {std::nextafter(point, 0), point, std::nextafter(point, infinity)})
          for (const double value : {near, -near})
            for (const Overflow overflow : {Overflow::saturate, Overflow::overflow}) {
              ASSERT_EQ(encode(format, value, Rounding::nearest_even, overflow),
                        oracle.nearest(value, overflow))
                  << to_string(format) << ' ' << value;
              ASSERT_EQ(
                  encode(format, value, Rounding::toward_zero, overflow), oracle.toward_zero(value))
                  << to_string(format) << ' ' << value;
            }
    for (const double value : {2 * oracle.magnitude(oracle.size()), 1e300, 1e-300, 0x1p-1074})
      for (const Overflow overflow : {Overflow::saturate, Overflow::overflow}) {
        EXPECT_EQ(encode(format, -value, Rounding::nearest_even, overflow),
                  oracle.nearest(-value, overflow));
        EXPECT_EQ(
            encode(format, -value, Rounding::toward_zero, overflow), oracle.toward_zero(-value));
        EXPECT_EQ(encode(format, infinity, Rounding::toward_zero, overflow),
                  oracle.beyond(infinity, overflow));
      }
  }
}

TEST(Codec, IntegersRoundToNearestEvenAndSaturate) {
  for (const Format format : {Format::int8, Format::int4, Format::mxint8}) {
    const FormatTraits t = traits(format);
    const double unit = std::ldexp(1, -t.fraction_bits), end = std::ldexp(1, t.bits - 1);
    for (double number = -2 * end; number <= 2 * end; number += 0.125) {
      const auto decoded = [&](Rounding rounding, std::uint64_t random = 0) {
        return decode(format, encode(format, number * unit, rounding, Overflow::overflow, random));
      };
      const auto clamped = [&](double whole) { return std::fmax(-end, std::fmin(end - 1, whole)); };
      EXPECT_EQ(decoded(Rounding::nearest_even), unit * clamped(std::nearbyint(number)));
      EXPECT_EQ(decoded(Rounding::toward_zero), unit * clamped(std::trunc(number)));
      const double away = number < 0 ? std::floor(number) : std::ceil(number);
      EXPECT_EQ(decoded(Rounding::stochastic, 0), unit * clamped(away));
      EXPECT_EQ(
          decoded(Rounding::stochastic, ~std::uint64_t{0}), unit * clamped(std::trunc(number)));
    }
    EXPECT_EQ(decode(format, encode(format, infinity)), unit * (end - 1));
    EXPECT_EQ(decode(format, encode(format, -1e300)), unit * -end);
  }
}

// Adding and subtracting 1.5 * 2^52 units makes the CPU round a double to whole units.
TEST(Codec, RoundsRandomDoublesAsTheCpuDoes) {
  oracle::Words words(1);
  for (const Format format : oracle::all_formats()) {
    const FormatTraits t = traits(format);
    if (t.specials == Specials::integer || t.block > 1) continue;
    const double largest = std::fabs(
        decode(format, encode(format, infinity, Rounding::nearest_even, Overflow::saturate)));
    for (int i = 0; i < effort(200'000); ++i) {
      const int exponent = -t.bias - t.fraction_bits - 1 +
                           static_cast<int>(words.below((2U << t.exponent_bits) / 2 + 8));
      const double value = std::ldexp(
          1 + std::ldexp(static_cast<double>(words.next() >> 12), -52), exponent);
      const int unit = std::max(std::ilogb(value), 1 - t.bias) - t.fraction_bits;
      const volatile double large = std::ldexp(1.5, 52 + unit);
      const volatile double shifted = value + large;
      const double rounded = shifted - large;
      if (rounded > largest) continue;
      ASSERT_EQ(decode(format, encode(format, value)), rounded)
          << to_string(format) << ' ' << value << ' ' << replay();
    }
  }
}

TEST(Codec, Fp32IsTheCpusConversion) {
  oracle::Words words(2);
  for (int i = 0; i < effort(1'000'000); ++i) {
    const std::uint64_t word = words.next();
    double value;
    std::memcpy(&value, &word, sizeof value);
    if (!std::isfinite(value) || value == 0) continue;  // no exponent to move
    if (i % 2 == 0)
      value = std::ldexp(value, -std::ilogb(value) + static_cast<int>(word % 300) - 160);
    ASSERT_EQ(encode(Format::fp32, value), fp32::encode(static_cast<float>(value)))
        << value << ' ' << replay();
  }
}

#if defined(__FLT16_MANT_DIG__)
__extension__ using Half = _Float16;

TEST(Codec, Fp16IsTheCompilersType) {
  for (std::uint32_t code = 0; code < 0x10000; ++code) {
    const auto bits = static_cast<std::uint16_t>(code);
    Half half;
    std::memcpy(&half, &bits, sizeof half);
    const auto value = static_cast<double>(half);
    ASSERT_EQ(std::isnan(value), std::isnan(decode(Format::fp16, code)));
    if (std::isnan(value)) continue;
    ASSERT_EQ(decode(Format::fp16, code), value);
  }
  oracle::Words words(3);
  for (int i = 0; i < effort(2'000'000); ++i) {
    const std::uint64_t word = words.next();
    const double value = std::ldexp(
        1 + std::ldexp(static_cast<double>(word >> 12), -52), static_cast<int>(word % 44) - 27);
    const auto half = static_cast<Half>(word & 0x800 ? -value : value);
    std::uint16_t bits;
    std::memcpy(&bits, &half, sizeof bits);
    ASSERT_EQ(encode(Format::fp16, word & 0x800 ? -value : value), bits) << value << replay();
  }
}
#endif

// Over many draws the mean is the value; one draw is one of the neighbours; a number stays itself.
TEST(Codec, StochasticRoundingIsUnbiased) {
  oracle::Words words(4);
  const std::vector<std::pair<Format, double>> cases{
      {Format::fp8_e4m3, 17},   {Format::fp8_e4m3, -16.25}, {Format::fp8_e5m2, 1e-6},
      {Format::fp4_e2m1, 0.1},  {Format::fp4_e2m1, -5.5},   {Format::bf16, 1.001},
      {Format::int8, 3.3},      {Format::int4, -2.75},      {Format::fp6_e3m2, 27.9},
      {Format::fp16, 0x1.8p-26}};
  for (const auto& [format, value] : cases) {
    constexpr int draws = 100'000;
    const double inner = decode(format, encode(format, value, Rounding::toward_zero));
    double sum = 0, outer = inner;
    for (int i = 0; i < draws; ++i) {
      const double drawn = decode(
          format, encode(format, value, Rounding::stochastic, Overflow::saturate, words.next()));
      if (drawn != inner) outer = drawn;
      ASSERT_TRUE(drawn == inner || drawn == outer);
      sum += drawn;
    }
    const double step = std::fabs(outer - inner), up = std::fabs(value - inner) / step;
    EXPECT_GT(step, 0) << to_string(format);
    // Five standard deviations of the mean.
    EXPECT_NEAR(sum / draws, value, 5 * step * std::sqrt(up * (1 - up) / draws))
        << to_string(format) << ' ' << value << ' ' << replay();
  }
  // One random word decides alone: 17 lies half way between 16 and 18.
  const auto draw = [](std::uint64_t random) {
    return encode(Format::fp8_e4m3, 17, Rounding::stochastic, Overflow::saturate, random);
  };
  EXPECT_EQ(draw(0x7FFFFFFFFFFFFFFF), 0x59U);
  EXPECT_EQ(draw(0x8000000000000000), 0x58U);
}

TEST(Codec, ScalesAreThePublishedOnes) {
  EXPECT_EQ(decode_scale(BlockScale::e8m0, 0x00), 0x1p-127);
  EXPECT_EQ(decode_scale(BlockScale::e8m0, 0x7F), 1);
  EXPECT_EQ(decode_scale(BlockScale::e8m0, 0xFE), 0x1p127);
  EXPECT_TRUE(std::isnan(decode_scale(BlockScale::e8m0, 0xFF)));
  EXPECT_EQ(decode_scale(BlockScale::e4m3, 0x7E), 448);
  EXPECT_EQ(decode_scale(BlockScale::e4m3, 0xFE), 448);  // a magnitude
  EXPECT_EQ(decode_scale(BlockScale::e4m3, 0x00), 0);
  EXPECT_TRUE(std::isnan(decode_scale(BlockScale::e4m3, 0xFF)));
  EXPECT_EQ(decode_scale(BlockScale::none, 0x12), 1);
}

}  // namespace
}  // namespace headroom
