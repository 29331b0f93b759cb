// Arithmetic that shares nothing with models/numerics/: the CPU's double precision, and integers of
// 2,048 bits.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "models/base/random.h"
#include "models/numerics/codec.h"
#include "models/numerics/fp32.h"
#include "tests/support/seed.h"

namespace headroom::oracle {

inline std::vector<Format> all_formats() {
  std::vector<Format> formats;
  for (std::size_t i = 0; i < format_names.size(); ++i) formats.push_back(static_cast<Format>(i));
  return formats;
}

inline std::uint32_t code_count(Format format) { return 1U << traits(format).bits; }

// Bits of product + accumulator, rounded once. The double sum's error tells to which side the exact
// sum lies; making the double's last bit odd keeps that for the conversion to float.
inline std::uint32_t add(double product, float accumulator) {
  const double y = accumulator;
  double sum = product + y;
  if (std::isfinite(sum)) {
    const double product_part = sum - y;
    const double error = (product - product_part) + (y - (sum - product_part));
    std::uint64_t bits;
    std::memcpy(&bits, &sum, sizeof bits);
    if (error != 0 && (bits & 1) == 0) sum = std::nextafter(sum, error > 0 ? HUGE_VAL : -HUGE_VAL);
  }
  return fp32::canonical(static_cast<float>(sum));
}

// A sum of doubles without error: a two's complement integer in units of 2^-1100.
class ExactSum {
 public:
  void add(double value) {
    if (value == 0) return;
    int exponent = 0;
    const double fraction = std::frexp(std::fabs(value), &exponent);
    const auto whole = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
    const int place = exponent - 53 + unit;
    std::array<std::uint32_t, words> term{};
    for (int bit = 0; bit < 53; ++bit)
      if ((whole >> bit) & 1)
        term.at(static_cast<std::size_t>((place + bit) / 32)) |= 1U << ((place + bit) % 32);
    std::uint64_t carry = value < 0 ? 1 : 0;
    for (std::size_t i = 0; i < words; ++i) {
      carry += std::uint64_t{sum_[i]} + (value < 0 ? ~term[i] : term[i]);
      sum_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }

  // The nearest fp32; 0 for 0.
  [[nodiscard]] std::uint32_t rounded() const {
    std::array<std::uint32_t, words> magnitude = sum_;
    const bool negative = (sum_.back() >> 31) != 0;
    std::uint64_t carry = 1;
    for (std::size_t i = 0; negative && i < words; ++i) {
      carry += static_cast<std::uint32_t>(~sum_[i]);
      magnitude[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    const auto bit = [&magnitude](int place) {
      return (magnitude[static_cast<std::size_t>(place / 32)] >> (place % 32)) & 1;
    };
    int top = static_cast<int>(words) * 32 - 1;
    while (top >= 0 && bit(top) == 0) --top;
    if (top < 0) return 0;
    // 52 leading bits and one that says whether anything follows; the CPU rounds that to float.
    double value = 0;
    for (int i = 0; i < 52; ++i) value = 2 * value + (top >= i ? bit(top - i) : 0);
    bool rest = false;
    for (int place = top - 52; place >= 0; --place) rest = rest || bit(place) != 0;
    value = std::ldexp(2 * value + (rest ? 1 : 0), top - 52 - unit);
    return fp32::encode(static_cast<float>(negative ? -value : value));
  }

 private:
  static constexpr std::size_t words = 64;
  static constexpr int unit = 1100;
  std::array<std::uint32_t, words> sum_{};
};

// Zeros, subnormals, the ends of the normal range, around one, infinities, NaN; both signs.
inline std::vector<std::uint32_t> fp32_specials() {
  std::vector<std::uint32_t> result;
  for (const std::uint32_t bits :
       {0x00000000U, 0x00000001U, 0x00000002U, 0x007FFFFFU, 0x00800000U, 0x00800001U,
        0x00FFFFFFU, 0x01000000U, 0x0C000000U, 0x33800000U, 0x3F7FFFFFU, 0x3F800000U,
        0x3F800001U, 0x3F810000U, 0x3FFFFFFFU, 0x4B800000U, 0x7F000000U, 0x7F7F0000U,
        0x7F7FFFFFU, 0x7F800000U, 0x7F800001U, 0x7FC00000U, 0x7FFFFFFFU}) {
    result.push_back(bits);
    result.push_back(bits | 0x80000000U);
  }
  return result;
}

// Pseudo-random words of one test.
class Words {
 public:
  explicit Words(std::uint64_t stream) : counter_(mix(seed() + (stream << 32))) {}
  std::uint64_t next() { return mix(counter_++); }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  // Any code; half of them from a narrow range of exponents, where sums cancel and round.
  std::uint32_t code(Format format) {
    const FormatTraits t = traits(format);
    auto code = static_cast<std::uint32_t>(next());
    if (t.exponent_bits >= 5 && below(2) == 0) {
      const std::uint32_t field = static_cast<std::uint32_t>(
          t.bias - 4 + static_cast<int>(below(8)));
      code = (code & ~(((1U << t.exponent_bits) - 1) << t.fraction_bits)) |
             (field << t.fraction_bits);
    }
    return t.bits == 32 ? code : code & ((1U << t.bits) - 1);
  }
  std::uint32_t finite_code(Format format) {
    std::uint32_t result = code(format);
    while (!std::isfinite(decode(format, result))) result = code(format);
    return result;
  }

 private:
  std::uint64_t counter_;
};

}  // namespace headroom::oracle
