#include "models/numerics/codec.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace headroom {
namespace {

constexpr int double_fraction_bits = 52;

constexpr std::uint32_t ones(int bits) {
  return static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
}

double decode_integer(const FormatTraits& t, std::uint32_t code) {
  const auto word = static_cast<int>(code & ones(t.bits));
  const int sign_weight = 1 << (t.bits - 1);
  return std::ldexp(word < sign_weight ? word : word - 2 * sign_weight, -t.fraction_bits);
}

// A magnitude as significand * 2^exponent.
struct Magnitude {
  std::uint64_t significand;
  int exponent;
};

Magnitude magnitude_of(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const auto field = static_cast<int>((bits >> double_fraction_bits) & 0x7FF);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << double_fraction_bits) - 1);
  const std::uint64_t hidden = field == 0 ? 0 : std::uint64_t{1} << double_fraction_bits;
  return {fraction | hidden, std::max(field, 1) - 1023 - double_fraction_bits};
}

// The magnitude in units of 2^unit, rounded to an integer; `unit` leaves at most 63 bits.
std::uint64_t rounded(const Magnitude& m, int unit, Rounding rounding, std::uint64_t random) {
  const int cut = unit - m.exponent;  // places that go
  if (cut <= 0) return m.significand << -cut;
  if (rounding == Rounding::toward_zero) return cut > 63 ? 0 : m.significand >> cut;
  // Beyond 64 places nothing of the 53 bits comes near a half, and the 64 random bits resolve no
  // more of them than this.
  if (cut >= 64) {
    const std::uint64_t part = cut - 64 > 63 ? 0 : m.significand >> (cut - 64);
    return rounding == Rounding::stochastic && random < part ? 1 : 0;
  }
  const std::uint64_t kept = m.significand >> cut;
  const std::uint64_t part = m.significand << (64 - cut);  // what is cut off, of 2^64
  if (rounding == Rounding::stochastic) return kept + (random < part ? 1 : 0);
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  return kept + (part > half || (part == half && (kept & 1) != 0) ? 1 : 0);
}

std::uint32_t encode_integer(
    const FormatTraits& t, double value, Rounding rounding, std::uint64_t random) {
  if (std::isnan(value)) return 0;
  // Everything beyond the range ends in the same code, so it may come closer first.
  const double limit = std::ldexp(1, t.bits);
  const Magnitude magnitude = magnitude_of(std::clamp(value, -limit, limit));
  const auto whole = static_cast<std::int64_t>(
      rounded(magnitude, -t.fraction_bits, rounding, random));
  const std::int64_t end = std::int64_t{1} << (t.bits - 1);
  const std::int64_t number = std::clamp(std::signbit(value) ? -whole : whole, -end, end - 1);
  return static_cast<std::uint32_t>(number) & ones(t.bits);
}

// Codes without the sign bit: they are in the order of their magnitudes.
struct Codes {
  std::uint32_t largest;   // finite number
  std::uint32_t infinity;  // = largest where there is none
  std::uint32_t nan;       // canonical; = largest where there is none
};

Codes codes(const FormatTraits& t) {
  const std::uint32_t all = ones(t.bits - 1);
  const std::uint32_t infinity = all & ~ones(t.fraction_bits);
  switch (t.specials) {
    case Specials::ieee: return {infinity - 1, infinity, infinity | (1U << (t.fraction_bits - 1))};
    case Specials::nan_only: return {all - 1, all, all};
    case Specials::none:
    case Specials::integer: break;
  }
  return {all, all, all};
}

}  // namespace

double decode(Format format, std::uint32_t code) {
  const FormatTraits t = traits(format);
  if (t.specials == Specials::integer) return decode_integer(t, code);
  const std::uint32_t magnitude = code & ones(t.bits - 1);
  const double sign = ((code >> (t.bits - 1)) & 1) != 0 ? -1 : 1;
  if (magnitude > codes(t).largest)
    return t.specials == Specials::ieee && magnitude == codes(t).infinity
               ? sign * std::numeric_limits<double>::infinity()
               : std::numeric_limits<double>::quiet_NaN();
  const auto field = static_cast<int>(magnitude >> t.fraction_bits);
  const std::uint32_t hidden = field == 0 ? 0 : 1U << t.fraction_bits;
  const std::uint32_t significand = (magnitude & ones(t.fraction_bits)) | hidden;
  return sign * std::ldexp(significand, std::max(field, 1) - t.bias - t.fraction_bits);
}

std::uint32_t encode(Format format, double value, Rounding rounding, Overflow overflow,
                     std::uint64_t random) {
  const FormatTraits t = traits(format);
  if (t.specials == Specials::integer) return encode_integer(t, value, rounding, random);
  const Codes c = codes(t);
  if (std::isnan(value)) return c.nan;
  const std::uint32_t sign = std::signbit(value) ? 1U << (t.bits - 1) : 0;
  // What is too large: NaN has no sign, an infinity or the largest number has.
  const bool nan = overflow == Overflow::overflow && t.specials == Specials::nan_only;
  const std::uint32_t
      beyond = nan ? c.nan : sign | (overflow == Overflow::overflow ? c.infinity : c.largest);
  if (std::isinf(value)) return beyond;

  const int smallest_exponent = 1 - t.bias;
  const int exponent = value == 0 ? smallest_exponent : std::ilogb(value);
  if (exponent > (1 << t.exponent_bits))
    return rounding == Rounding::toward_zero ? sign | c.largest : beyond;
  const int aligned = std::max(exponent, smallest_exponent);
  // A significand of 2^fraction_bits or more carries its hidden bit into the exponent field, and a
  // carry out of the rounding goes there too.
  const std::uint64_t significand = rounded(
      magnitude_of(value), aligned - t.fraction_bits, rounding, random);
  const std::uint64_t
      magnitude = (static_cast<std::uint64_t>(aligned - smallest_exponent) << t.fraction_bits) +
                  significand;
  if (magnitude <= c.largest) return sign | static_cast<std::uint32_t>(magnitude);
  return rounding == Rounding::toward_zero ? sign | c.largest : beyond;
}

double decode_scale(BlockScale scale, std::uint32_t code) {
  switch (scale) {
    case BlockScale::none: break;
    case BlockScale::e8m0:
      return (code & 0xFF) == 0xFF
                 ? std::numeric_limits<double>::quiet_NaN()
                 : std::ldexp(1, static_cast<int>(code & 0xFF) - 127);
    case BlockScale::e4m3: return decode(Format::fp8_e4m3, code & 0x7F);
  }
  return 1;
}

}  // namespace headroom
