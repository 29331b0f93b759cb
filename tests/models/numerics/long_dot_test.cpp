// accumulate_dot of several products: exact, aligned with truncation, under block scales.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "models/numerics/dot.h"
#include "tests/models/numerics/oracle.h"
#include "tests/support/effort.h"

namespace headroom {
namespace {

struct Case {
  DotParameters parameters;
  std::vector<std::uint32_t> a, b;
  std::uint32_t scale_a = 0, scale_b = 0, accumulator = 0;

  [[nodiscard]] std::uint32_t result() const {
    return accumulate_dot(parameters, a.data(), b.data(), scale_a, scale_b, accumulator);
  }
  [[nodiscard]] double product(std::size_t i) const {
    return decode(parameters.format, a[i]) * decode(parameters.format, b[i]);
  }
  [[nodiscard]] double scale() const {
    const BlockScale kind = traits(parameters.format).scale;
    return decode_scale(kind, scale_a) * decode_scale(kind, scale_b);
  }
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  out << to_string(c.parameters.format) << " length " << c.parameters.length << " align_bits "
      << c.parameters.align_bits << std::hex;
  for (std::size_t i = 0; i < c.a.size(); ++i) out << ' ' << c.a[i] << '*' << c.b[i];
  return out << " scales " << c.scale_a << ' ' << c.scale_b << " + " << c.accumulator << std::dec
             << ' ' << replay();
}

Case random_case(Format format, int length, oracle::Words& words) {
  Case result;
  result.parameters.format = format;
  result.parameters.length = length;
  result.parameters.align_bits = default_align_bits(format, length);
  for (int i = 0; i < length; ++i) {
    const bool zero = words.below(8) == 0;
    result.a.push_back(
        zero ? encode(format, words.below(2) ? 0.0 : -0.0) : words.finite_code(format));
    result.b.push_back(words.finite_code(format));
  }
  const auto scale = [&words, format] {
    if (traits(format).scale == BlockScale::e4m3)
      return static_cast<std::uint32_t>(words.below(256));
    return static_cast<std::uint32_t>(
        words.below(4) == 0 ? words.below(256) : 120 + words.below(16));
  };
  result.scale_a = scale();
  result.scale_b = scale();
  return result;
}

// The accumulator near the negative of the sum so far, one of any exponent, or a zero.
void draw_accumulator(Case& c, oracle::Words& words) {
  const auto word = static_cast<std::uint32_t>(words.next());
  switch (words.below(4)) {
    case 0: c.accumulator = word & 0x80000000; break;
    case 1: c.accumulator = (c.result() ^ 0x80000000) + word % 5 - 2; break;
    case 2:
      c.accumulator = (c.result() + ((word % 61) << 23) - (30U << 23)) ^ (word & 0x807FFFFF);
      break;
    default: c.accumulator = word;
  }
  if ((c.accumulator & 0x7F800000) == 0x7F800000) c.accumulator &= 0x807FFFFF;
}

std::uint32_t exact(const Case& c) {
  if (std::isnan(c.scale())) return fp32::canonical_nan;
  oracle::ExactSum sum;
  sum.add(fp32::decode(c.accumulator));
  bool all_minus_zero = c.accumulator == 0x80000000;
  for (std::size_t i = 0; i < c.a.size(); ++i) {
    sum.add(c.product(i) * c.scale());
    const bool minus_zero = c.product(i) == 0 && std::signbit(c.product(i)) &&
                            traits(c.parameters.format).specials != Specials::integer;
    all_minus_zero = all_minus_zero && minus_zero;
  }
  const std::uint32_t rounded = sum.rounded();
  return rounded == 0 && all_minus_zero ? 0x80000000 : rounded;
}

TEST(LongDot, ExactSumsOfNarrowAndBlockFormatsRoundOnce) {
  oracle::Words words(10);
  for (const Format format : oracle::all_formats()) {
    const FormatTraits t = traits(format);
    if (t.bits > 8 || is_integer(format)) continue;
    for (const int length : {1, 2, 4, 8, 16, 32}) {
      if (t.block > 1 && length > t.block) continue;
      for (int i = 0; i < 4000; ++i) {
        Case c = random_case(format, length, words);
        draw_accumulator(c, words);
        ASSERT_EQ(c.result(), exact(c)) << c;
      }
    }
  }
}

// Alignment in doubles: the products are exact in them, and so are the sums of what is kept.
std::uint32_t aligned(const Case& c) {
  const auto exponent_of = [&](std::uint32_t code) {
    const FormatTraits t = traits(c.parameters.format);
    return std::max(std::ilogb(decode(c.parameters.format, code)), 1 - t.bias);
  };
  const double start = fp32::decode(c.accumulator);
  int top = -100'000;
  if (start != 0) top = std::max(std::ilogb(start), -126);
  bool all_minus_zero = c.accumulator == 0x80000000;
  for (std::size_t i = 0; i < c.a.size(); ++i) {
    if (c.product(i) != 0) top = std::max(top, exponent_of(c.a[i]) + exponent_of(c.b[i]));
    all_minus_zero = all_minus_zero && c.product(i) == 0 && std::signbit(c.product(i));
  }
  if (top == -100'000) return all_minus_zero ? 0x80000000 : 0;
  const int unit = top - c.parameters.align_bits;
  double sum = std::trunc(std::ldexp(start, -unit));
  for (std::size_t i = 0; i < c.a.size(); ++i) sum += std::trunc(std::ldexp(c.product(i), -unit));
  const auto rounded = static_cast<float>(std::ldexp(sum, unit));
  return sum == 0 ? 0 : fp32::encode(rounded);
}

TEST(LongDot, AlignedSumsKeepTheirBitsAndRoundOnce) {
  oracle::Words words(11);
  for (const Format format : oracle::all_formats()) {
    if (traits(format).block > 1 || is_integer(format)) continue;
    for (const int length : {2, 4, 8, 16, 32})
      for (int i = 0; i < effort(20'000); ++i) {
        Case c = random_case(format, length, words);
        c.parameters.align_bits = 1 + static_cast<int>(words.below(30));
        draw_accumulator(c, words);
        ASSERT_EQ(c.result(), aligned(c)) << c;
      }
  }
}

Case bf16_case(const std::vector<std::pair<double, double>>& products, double accumulator,
               int align_bits) {
  Case c;
  for (const auto& [a, b] : products) {
    c.a.push_back(encode(Format::bf16, a));
    c.b.push_back(encode(Format::bf16, b));
  }
  c.parameters.length = static_cast<int>(products.size());
  c.parameters.align_bits = align_bits;
  c.accumulator = fp32::encode(static_cast<float>(accumulator));
  return c;
}

double value(const Case& c) { return fp32::decode(c.result()); }

TEST(LongDot, AlignmentByHand) {
  // Largest exponent 3 (8), so 4 places keep multiples of 2^-1: 0.75 becomes 0.5.
  EXPECT_EQ(value(bf16_case({{8, 1}, {0.75, 1}}, 0, 4)), 8.5);
  EXPECT_EQ(value(bf16_case({{8, 1}, {-0.75, 1}}, 0, 4)), 7.5);  // toward zero, not down
  EXPECT_EQ(value(bf16_case({{8, 1}, {0.75, 1}}, 0, 5)), 8.75);
  // The accumulator takes part: 8 makes the products lose, or it loses itself.
  EXPECT_EQ(value(bf16_case({{0.75, 1}, {0.75, 1}}, 8, 4)), 9);
  EXPECT_EQ(value(bf16_case({{8, 1}, {0, 1}}, 0.4375, 4)), 8);
  // 1.5 * 1.5 = 2.25 has exponent 0, not 1: two places keep 0.25, three 0.125.
  EXPECT_EQ(value(bf16_case({{1.5, 1.5}, {0.375, 1}}, 0, 2)), 2.5);
  EXPECT_EQ(value(bf16_case({{1.5, 1.5}, {0.375, 1}}, 0, 3)), 2.625);
  // Each term is cut off for itself, so cancellation shows what was lost of them.
  EXPECT_EQ(value(bf16_case({{16, 16}, {0.75, 1}, {0.75, 1}, {-16, 16}}, 0, 8)), 0);
  EXPECT_EQ(value(bf16_case({{16, 16}, {0.75, 1}, {0.75, 1}, {-16, 16}}, 0, 9)), 1);
  EXPECT_EQ(value(bf16_case({{16, 16}, {0.75, 1}, {0.75, 1}, {-16, 16}}, 0, 10)), 1.5);
  // A zero does not set the exponent; a nonzero term cut off to nothing leaves +0.
  EXPECT_EQ(value(bf16_case({{0x1p100, 0}, {0.75, 1}}, 0, 2)), 0.75);
  const Case gone = bf16_case({{-0x1p-130, 0x1p-130}, {-0x1p-133, 0x1p-133}}, -0.0, 4);
  EXPECT_EQ(gone.result(), 0U);
  // Only the sum of all is rounded to fp32: 2^24 + 1 + 1, where each step would tie to even.
  EXPECT_EQ(value(bf16_case({{0x1p12, 0x1p12}, {1, 1}, {1, 1}, {0, 0}}, 0, 25)), 0x1p24 + 2);
  EXPECT_EQ(value(bf16_case({{0x1p12, 0x1p12}, {1, 1}, {0.5, 1}, {0, 0}}, 0, 25)), 0x1p24 + 2);
  EXPECT_EQ(value(bf16_case({{0x1p12, 0x1p12}, {1, 1}, {0.5, 1}, {0, 0}}, 0, 24)), 0x1p24);
}

// What DeepSeek-V3 (arXiv:2412.19437, 3.3.2) reports of Hopper: fp8 products are aligned to the
// largest exponent and only the highest bits, about 14, are added.
TEST(LongDot, HoppersFp8KeepsThirteenPlaces) {
  Case c;
  c.parameters = {Format::fp8_e4m3, 4, 13, false};
  const auto code = [](double number) { return encode(Format::fp8_e4m3, number); };
  c.a = {code(1), code(0x1p-7), code(0x1.8p-7), code(0x1p-8)};
  c.b = {code(1), code(0x1p-6), code(0x1p-7), code(0x1p-6)};
  // 1 + 2^-13 + 1.5 * 2^-14 + 2^-14: the last two vanish.
  EXPECT_EQ(value(c), 1 + 0x1p-13);
  c.parameters.align_bits = 0;
  EXPECT_EQ(value(c), 1 + 0x1p-13 + 0x1.8p-14 + 0x1p-14);
}

TEST(LongDot, ScalesBelongToTheProductsOfTheirBlock) {
  Case c;
  c.parameters = {Format::mxfp4, 2, 0, false};
  c.a = {encode(Format::mxfp4, 1.5), encode(Format::mxfp4, -6)};
  c.b = {encode(Format::mxfp4, 4), encode(Format::mxfp4, 0.5)};  // 6 - 3
  c.scale_a = 127 + 10;
  c.scale_b = 127 - 3;
  c.accumulator = fp32::encode(1.0F);
  EXPECT_EQ(value(c), 3 * 128 + 1);
  c.scale_b = 0xFF;
  EXPECT_EQ(c.result(), fp32::canonical_nan);
  std::swap(c.scale_a, c.scale_b);
  EXPECT_EQ(c.result(), fp32::canonical_nan);
  c.scale_a = c.scale_b = 0xFE;  // 3 * 2^254
  EXPECT_EQ(c.result(), 0x7F800000U);
  c.scale_a = c.scale_b = 0;  // 3 * 2^-254: too small to matter, but it decides ties
  EXPECT_EQ(value(c), 1);
  c.accumulator = 0x80000000;
  EXPECT_EQ(c.result(), 0U);
  std::swap(c.a[0], c.a[1]);           // -24 + 0.75
  EXPECT_EQ(c.result(), 0x80000000U);  // underflows with its sign

  c.parameters.format = Format::nvfp4;
  std::swap(c.a[0], c.a[1]);
  c.scale_a = 0x80 | encode(Format::fp8_e4m3, 1.5);  // a magnitude: the sign does not count
  c.scale_b = encode(Format::fp8_e4m3, 0x1p-9);
  c.accumulator = 0;
  EXPECT_EQ(value(c), 3 * 1.5 * 0x1p-9);
  c.scale_b = 0x7F;
  EXPECT_EQ(c.result(), fp32::canonical_nan);
  c.scale_b = 0;
  c.accumulator = 0x80000000;
  EXPECT_EQ(c.result(), 0U);
}

TEST(LongDot, SpecialsFollowIeeeWhateverTheOrder) {
  struct Wide {
    Format format;
    int align_bits;
  };
  for (const Wide wide :
       {Wide{Format::bf16, 25},
        {Format::fp8_e5m2, 13},
        {Format::fp8_e5m2, 0},
        {Format::mxfp8_e5m2, 0}}) {
    const auto code = [&](double number) { return encode(wide.format, number); };
    Case c;
    c.parameters = {wide.format, 4, wide.align_bits, false};
    c.scale_a = c.scale_b = 127;
    c.b = {code(1), code(1), code(1), code(1)};
    const auto result = [&c](std::vector<std::uint32_t> a, std::uint32_t accumulator) {
      c.a = std::move(a);
      c.accumulator = accumulator;
      return c.result();
    };
    const std::uint32_t one = code(1), plus = code(HUGE_VAL), minus = code(-HUGE_VAL);
    EXPECT_EQ(result({one, plus, one, plus}, 0), 0x7F800000U) << to_string(wide.format);
    EXPECT_EQ(result({one, minus, one, one}, 0), 0xFF800000U);
    EXPECT_EQ(result({plus, one, one, minus}, 0), fp32::canonical_nan);
    EXPECT_EQ(result({one, plus, one, one}, 0xFF800000), fp32::canonical_nan);
    EXPECT_EQ(result({one, plus, one, one}, 0x7F800000), 0x7F800000U);
    EXPECT_EQ(result({one, one, one, one}, 0xFF800000), 0xFF800000U);
    EXPECT_EQ(result({one, one, one, one}, 0xFFC12345), fp32::canonical_nan);
    EXPECT_EQ(result({one, code(NAN), plus, one}, 0), fp32::canonical_nan);
    c.b[2] = 0;
    EXPECT_EQ(result({one, one, plus, one}, 0), fp32::canonical_nan);
    EXPECT_EQ(result({code(-0.0), code(-0.0), code(-0.0), code(-0.0)}, 0x80000000), 0x80000000U);
    EXPECT_EQ(result({code(-0.0), code(-0.0), code(0), code(-0.0)}, 0x80000000), 0U);
    EXPECT_EQ(result({code(-0.0), code(-0.0), code(-0.0), code(-0.0)}, 0), 0U);
    EXPECT_EQ(result({one, code(-1), code(-0.0), code(-0.0)}, 0x80000000), 0U);
  }
}

TEST(LongDot, TheSumDoesNotDependOnTheOrderOfItsProducts) {
  oracle::Words words(12);
  for (const Format format : oracle::all_formats()) {
    const int length = traits(format).block == 1 ? 32 : traits(format).block;
    for (int i = 0; i < 500; ++i) {
      Case c = random_case(format, length, words);
      if (!is_integer(format)) draw_accumulator(c, words);
      const std::uint32_t before = c.result();
      for (std::size_t j = c.a.size() - 1; j > 0; --j) {
        const std::size_t other = words.below(j + 1);
        std::swap(c.a[j], c.a[other]);
        std::swap(c.b[j], c.b[other]);
      }
      ASSERT_EQ(c.result(), before) << c;
      std::swap(c.a, c.b);
      std::swap(c.scale_a, c.scale_b);
      ASSERT_EQ(c.result(), before) << c;
    }
  }
}

TEST(LongDot, IntegersClampTheSumAndNotItsSteps) {
  Case c;
  c.parameters = {Format::int8, 4, 0, true};
  c.a = {0x7F, 0x7F, 0x81, 0x80};
  c.b = {0x7F, 0x7F, 0x7F, 0x7F};  // 16129 + 16129 - 16129 - 16256
  c.accumulator = 0x7FFFFFFF;
  EXPECT_EQ(c.result(), 0x7FFFFFFFU - 127);
  c.a = {0x7F, 0x7F, 0x7F, 0x7F};
  EXPECT_EQ(c.result(), 0x7FFFFFFFU);
  c.parameters.saturate = false;
  EXPECT_EQ(c.result(), 0x7FFFFFFFU + 4 * 16129);
  c.parameters.saturate = true;
  c.a = {0x80, 0x80, 0x80, 0x80};
  c.accumulator = 0x80000001;
  EXPECT_EQ(c.result(), 0x80000000U);
}

}  // namespace
}  // namespace headroom
