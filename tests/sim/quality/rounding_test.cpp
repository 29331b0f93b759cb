// Rounding in bulk gives the numbers of models/numerics.
#include "sim/quality/rounding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "models/base/random.h"
#include "models/numerics/block.h"

namespace headroom::quality {
namespace {

double rounded_one(Format format, double value) {
  return decode(format, encode_element(format, value, Rounding::nearest_even));
}

void expect_same(Format format, const std::vector<double>& values) {
  std::vector<double> rounded = values;
  round_to_elements(format, rounded.data(), rounded.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_EQ(rounded[i], rounded_one(format, values[i])) << to_string(format) << " " << values[i];
}

// The numbers of every format of 8 bits or fewer, what lies half-way between neighbours, and the
// doubles beside both.
TEST(Rounding, EveryCodeEveryTieAndWhatLiesBesideThem) {
  constexpr double beyond = std::numeric_limits<double>::infinity();
  for (std::size_t f = 0; f < format_names.size(); ++f) {
    const auto format = static_cast<Format>(f);
    const int bits = traits(format).bits;
    if (bits > 8) continue;
    std::vector<double> values{0, 1e-300, -1e-300, 1e30, -1e30, beyond, -beyond};
    for (std::uint32_t code = 0; code < 1U << bits; ++code) {
      const double value = decode(format, code);
      if (!std::isfinite(value)) continue;
      for (std::uint32_t next : {code + 1, code}) {
        const double other = decode(format, next & ((1U << bits) - 1));
        const double middle = std::isfinite(other) ? (value + other) / 2 : value;
        for (const double one :
             {middle, std::nextafter(middle, beyond), std::nextafter(middle, -beyond)})
          values.push_back(one);
      }
    }
    expect_same(format, values);
  }
}

TEST(Rounding, RandomNumbersOfAllMagnitudes) {
  for (std::size_t f = 0; f < format_names.size(); ++f) {
    const auto format = static_cast<Format>(f);
    std::vector<double> values;
    for (std::uint64_t i = 0; i < 20000; ++i) {
      const std::uint64_t word = mix(i * 32 + f);
      const int exponent = static_cast<int>(mix(word) % 300) - 155;
      values.push_back(
          std::ldexp(static_cast<double>(static_cast<std::int64_t>(word)), exponent - 63));
    }
    expect_same(format, values);
  }
}

TEST(Rounding, NoNumberStaysNone) {
  double value = std::nan("");
  round_to_elements(Format::fp4_e2m1, &value, 1);
  EXPECT_TRUE(std::isnan(value));
}

TEST(Rounding, SeventeenIsNoNumberOfE4M3) {
  std::vector<double> values{16, 17, 17.000001, 18};
  round_to_elements(Format::fp8_e4m3, values.data(), values.size());
  EXPECT_EQ(values, (std::vector<double>{16, 16, 18, 18}));
}

TEST(Rounding, LargestElements) {
  EXPECT_EQ(largest_element(Format::fp8_e4m3), 448);
  EXPECT_EQ(largest_element(Format::nvfp4), 6);
  EXPECT_EQ(largest_element(Format::mxint8), 127.0 / 64);
  EXPECT_EQ(largest_element(Format::int8), 127);
}

}  // namespace
}  // namespace headroom::quality
