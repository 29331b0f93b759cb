#include "models/numerics/exact.h"

#include <algorithm>

namespace headroom {
namespace {

__extension__ using Unsigned128 = unsigned __int128;

// Position of the highest set bit; value is not 0.
int highest_bit(Unsigned128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return high != 0 ? 127 - __builtin_clzll(high)
                   : 63 - __builtin_clzll(static_cast<std::uint64_t>(value));
}

Unsigned128 magnitude(Int128 value) {
  return value < 0 ? -static_cast<Unsigned128>(value) : static_cast<Unsigned128>(value);
}

// value * 2^-places, where what lies between two even integers becomes the odd one: no rounding at
// a higher place can tell the difference (rounding to odd, "sticky bit").
Int128 shift_right_to_odd(Int128 value, int places) {
  places = std::min(places, 127);
  const Unsigned128 lost = static_cast<Unsigned128>(value) & ((Unsigned128{1} << places) - 1);
  const Int128 floor = value >> places;
  return lost == 0 ? floor : floor | 1;
}

}  // namespace

std::uint32_t round_to_fp32(Int128 value, int exponent) {
  if (value == 0) return 0;
  const std::uint32_t sign = value < 0 ? 0x80000000 : 0;
  const Unsigned128 whole = magnitude(value);
  const int biased = std::max(highest_bit(whole) + exponent, -126);  // subnormals: that of 2^-126
  if (biased > 127) return sign | 0x7F800000;
  const int cut = biased - 23 - exponent;  // places below the last kept one
  std::uint32_t significand = 0;
  if (cut <= 0) {
    significand = static_cast<std::uint32_t>(whole << -cut);
  } else if (cut < 128) {
    const Unsigned128 half = Unsigned128{1} << (cut - 1);
    const Unsigned128 rest = whole & (2 * half - 1);
    significand = static_cast<std::uint32_t>(whole >> cut);
    if (rest > half || (rest == half && (significand & 1) != 0)) ++significand;
  }
  // The hidden bit, and a carry, add to the exponent field; past the largest number lies infinity.
  return sign | ((static_cast<std::uint32_t>(biased + 126) << 23) + significand);
}

std::uint32_t round_sum_to_fp32(Int128 value, int exponent, std::uint32_t accumulator) {
  const auto field = static_cast<int>((accumulator >> 23) & 0xFF);
  Int128 other = (accumulator & 0x7FFFFF) | (field == 0 ? 0 : 0x800000);
  if (other == 0) return round_to_fp32(value, exponent);
  if (value == 0) return accumulator;
  if ((accumulator >> 31) != 0) other = -other;
  int other_exponent = std::max(field, 1) - 150;
  if (exponent < other_exponent) {
    std::swap(value, other);
    std::swap(exponent, other_exponent);
  }
  // The one of larger exponent goes up as far as there is room; if that does not reach, its leading
  // bit is 2^125 and the other is below 2^80: bits that it loses lie far below the place that
  // rounding looks at.
  const int up = std::min(exponent - other_exponent, 125 - highest_bit(magnitude(value)));
  value = value * (Int128{1} << up);
  exponent -= up;
  return round_to_fp32(value + shift_right_to_odd(other, exponent - other_exponent), exponent);
}

}  // namespace headroom
