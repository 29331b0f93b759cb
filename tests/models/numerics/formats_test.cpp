// Encodings and arithmetic of fp32, bf16 and int8 against the compiler's own.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "models/numerics/bf16.h"
#include "models/numerics/fp32.h"
#include "models/numerics/int8.h"

namespace headroom {
namespace {

TEST(Bf16, DecodesEveryCode) {
  for (std::uint32_t code = 0; code < 0x10000; ++code) {
    const int exponent = (code >> 7) & 0xFF, fraction = code & 0x7F;
    const double sign = code & 0x8000 ? -1.0 : 1.0;
    const float value = bf16::decode(static_cast<std::uint16_t>(code));
    if (exponent == 255 && fraction != 0)
      EXPECT_TRUE(std::isnan(value)) << code;
    else if (exponent == 255)
      EXPECT_EQ(value, sign * std::numeric_limits<double>::infinity()) << code;
    else
      EXPECT_EQ(value, sign * (exponent == 0 ? std::ldexp(fraction, -133)
                                             : std::ldexp(128 + fraction, exponent - 134)))
          << code;
  }
}

TEST(Bf16, EveryCodeSurvivesARoundTrip) {
  for (std::uint32_t code = 0; code < 0x10000; ++code) {
    const float value = bf16::decode(static_cast<std::uint16_t>(code));
    EXPECT_EQ(bf16::encode(value), std::isnan(value) ? 0x7FC0 : code);
  }
}

// Between two neighbours the nearer one wins, and the even one in the middle.
TEST(Bf16, RoundsToNearestEven) {
  for (std::uint32_t code = 0; code < 0x7F80; ++code) {
    const std::uint32_t low = code << 16;
    const auto encode = [](std::uint32_t bits) { return bf16::encode(fp32::decode(bits)); };
    EXPECT_EQ(encode(low + 0x7FFF), code);
    EXPECT_EQ(encode(low + 0x8000), code + (code & 1));
    EXPECT_EQ(encode(low + 0x8001), code + 1);  // the last one is infinity
    EXPECT_EQ(encode((low + 0x8001) | 0x80000000), (code + 1) | 0x8000);
  }
}

TEST(Bf16, MultiplyAddIsFmafWithACanonicalNan) {
  const float huge = 0x1.FEp127F;
  const auto code = [](float value) { return bf16::encode(value); };
  EXPECT_EQ(bf16::multiply_add(code(3), code(-5), fp32::encode(0.5F)), fp32::encode(-14.5F));
  EXPECT_EQ(bf16::multiply_add(code(huge), code(2), fp32::encode(-huge)),
            fp32::encode(huge));  // no early overflow
  EXPECT_EQ(bf16::multiply_add(code(huge), code(huge), 0), 0x7F800000U);
  EXPECT_EQ(bf16::multiply_add(0x0001, 0x8001, 0), 0x80000000U);           // underflow to -0
  EXPECT_EQ(bf16::multiply_add(0x0000, 0x0000, 0x80000000), 0x00000000U);  // +0 * +0 + -0
  EXPECT_EQ(bf16::multiply_add(0x7F80, 0x0000, 0), fp32::canonical_nan);   // infinity * 0
  EXPECT_EQ(bf16::multiply_add(0x7F80, 0x3F80, 0xFF800000), fp32::canonical_nan);
  EXPECT_EQ(bf16::multiply_add(0xFF81, 0x3F80, 0), fp32::canonical_nan);
}

TEST(Fp32, AddIsTheCpusWithACanonicalNan) {
  EXPECT_EQ(fp32::add(fp32::encode(1.0F), fp32::encode(0x1p-24F)), fp32::encode(1.0F));
  EXPECT_EQ(fp32::add(0x00000001, 0x00000001), 0x00000002U);  // subnormals are kept
  EXPECT_EQ(fp32::add(0x80000000, 0x80000000), 0x80000000U);
  EXPECT_EQ(fp32::add(0x80000000, 0x00000000), 0x00000000U);
  EXPECT_EQ(fp32::add(0x7F800000, 0xFF800000), fp32::canonical_nan);
  EXPECT_EQ(fp32::add(0xFFFFFFFF, 0), fp32::canonical_nan);
}

TEST(Int8, DecodesAndEncodesEveryCode) {
  for (int value = -128; value <= 127; ++value) {
    const std::uint16_t code = int8::encode(static_cast<float>(value));
    EXPECT_EQ(code, value & 0xFF);
    EXPECT_EQ(int8::decode(code), value);
  }
}

TEST(Int8, RoundsToNearestEvenAndSaturates) {
  const auto rounded = [](float value) { return int8::decode(int8::encode(value)); };
  for (float value = -130; value <= 130; value += 0.25F)
    EXPECT_EQ(rounded(value), std::fmin(127.0F, std::fmax(-128.0F, std::nearbyint(value))))
        << value;
  EXPECT_EQ(rounded(std::numeric_limits<float>::infinity()), 127);
  EXPECT_EQ(rounded(-std::numeric_limits<float>::infinity()), -128);
  EXPECT_EQ(rounded(std::numeric_limits<float>::quiet_NaN()), 0);
}

TEST(Int8, AccumulatorWraps) {
  EXPECT_EQ(int8::multiply_add(0x7F, 0x7F, 0x7FFFFFFF), 0x7FFFFFFFU + 127 * 127);
  EXPECT_EQ(int8::multiply_add(0x80, 0x7F, 0x80000000), 0x80000000U - 128 * 127);
  EXPECT_EQ(int8::multiply_add(0x80, 0x80, 0), 16384U);
}

}  // namespace
}  // namespace headroom
