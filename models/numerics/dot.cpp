#include "models/numerics/dot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "models/numerics/codec.h"
#include "models/numerics/exact.h"
#include "models/numerics/fp32.h"

namespace headroom {
namespace {

constexpr int longest = 32;
constexpr std::uint32_t minus_zero = 0x80000000;

// More than 8 bits; the exact sum of such products would need registers of hundreds of bits.
constexpr bool is_wide(Format format) { return traits(format).bits > 8; }

bool is_finite(std::uint32_t fp32_bits) { return (fp32_bits & 0x7F800000) != 0x7F800000; }

std::uint32_t int32_sum(std::int64_t sum, bool saturate) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (saturate) sum = std::clamp<std::int64_t>(sum, Limits::min(), Limits::max());
  return static_cast<std::uint32_t>(sum);
}

std::int64_t as_int32(std::uint32_t word) { return static_cast<std::int32_t>(word); }

// The elements of a format of 8 bits or fewer, by code, as multiples of its smallest number.
struct NarrowTable {
  std::array<std::int64_t, 256> units{};
  std::array<float, 256> values{};
  std::uint32_t mask = 0;  // of the code's bits
  int unit_exponent = 0;   // the smallest number is 2^this
  bool all_finite = true;
};

NarrowTable make_narrow_table(Format format) {
  const FormatTraits t = traits(format);
  NarrowTable table;
  table.mask = (1U << t.bits) - 1;
  table.unit_exponent = t.specials == Specials::integer ? -t.fraction_bits
                                                        : 1 - t.bias - t.fraction_bits;
  for (std::uint32_t code = 0; code <= table.mask; ++code) {
    const double value = decode(format, code);
    table.values[code] = static_cast<float>(value);
    if (std::isfinite(value))
      table.units[code] = static_cast<std::int64_t>(std::ldexp(value, -table.unit_exponent));
    else
      table.all_finite = false;
  }
  return table;
}

const NarrowTable& narrow_table(Format format) {
  static const auto tables = [] {
    std::array<NarrowTable, format_names.size()> result;
    for (std::size_t i = 0; i < result.size(); ++i)
      if (!is_wide(static_cast<Format>(i))) result[i] = make_narrow_table(static_cast<Format>(i));
    return result;
  }();
  return tables[static_cast<std::size_t>(format)];
}

std::uint32_t integer_dot(const DotParameters& p, const std::uint32_t* a, const std::uint32_t* b,
                          std::uint32_t accumulator) {
  const NarrowTable& table = narrow_table(p.format);
  std::int64_t sum = as_int32(accumulator);
  for (int i = 0; i < p.length; ++i)
    sum += table.units[a[i] & table.mask] * table.units[b[i] & table.mask];
  return int32_sum(sum, p.saturate);
}

float to_float(Format format, std::uint32_t code) {
  switch (format) {
    case Format::fp32: return fp32::decode(code);
    case Format::tf32: return fp32::decode(code << 13);
    case Format::bf16: return fp32::decode(code << 16);
    case Format::fp16: {
      // Read with the wider exponent field, the number is too small by the difference of biases.
      const std::uint32_t sign = (code & 0x8000) << 16;
      const std::uint32_t magnitude = (code & 0x7FFF) << 13;
      return magnitude >= 0x0F800000
                 ? fp32::decode(sign | 0x70000000 | magnitude)
                 : fp32::decode(sign | magnitude) * 0x1p112F;
    }
    default: {
      const NarrowTable& table = narrow_table(format);
      return table.values[code & table.mask];
    }
  }
}

// Is every product, and the accumulator, -0?
bool all_minus_zero(const DotParameters& p, const std::uint32_t* a, const std::uint32_t* b,
                    std::uint32_t accumulator) {
  if (accumulator != minus_zero || traits(p.format).specials == Specials::integer) return false;
  for (int i = 0; i < p.length; ++i) {
    const float x = to_float(p.format, a[i]);
    const float y = to_float(p.format, b[i]);
    if ((x != 0 && y != 0) || std::signbit(x) == std::signbit(y)) return false;
  }
  return true;
}

// Of products and an accumulator that are not all finite: the finite ones do not matter.
std::uint32_t not_finite_sum(const DotParameters& p, const std::uint32_t* a, const std::uint32_t* b,
                             std::uint32_t accumulator) {
  double sum = is_finite(accumulator) ? 0 : fp32::decode(accumulator);
  for (int i = 0; i < p.length; ++i) {
    const double product = double{to_float(p.format, a[i])} * double{to_float(p.format, b[i])};
    if (!std::isfinite(product)) sum += product;
  }
  return fp32::canonical(static_cast<float>(sum));
}

// A block scale as integer * 2^exponent.
struct Scale {
  std::int64_t integer = 1;
  int exponent = 0;
  bool nan = false;
};

Scale scale_of(BlockScale kind, std::uint32_t code) {
  if (kind == BlockScale::none) return {};
  if (kind == BlockScale::e8m0)
    return {1, static_cast<int>(code & 0xFF) - 127, (code & 0xFF) == 0xFF};
  const NarrowTable& table = narrow_table(Format::fp8_e4m3);
  return {table.units[code & 0x7F], table.unit_exponent, (code & 0x7F) == 0x7F};
}

bool any_special(const NarrowTable& table, const DotParameters& p, const std::uint32_t* a,
                 const std::uint32_t* b) {
  if (table.all_finite) return false;
  for (int i = 0; i < p.length; ++i)
    if (!std::isfinite(table.values[a[i] & table.mask]) ||
        !std::isfinite(table.values[b[i] & table.mask]))
      return true;
  return false;
}

// Exact sums for formats of 8 bits or fewer, with or without block scales.
std::uint32_t exact_dot(const DotParameters& p, const std::uint32_t* a, const std::uint32_t* b,
                        std::uint32_t scale_a, std::uint32_t scale_b, std::uint32_t accumulator) {
  const NarrowTable& table = narrow_table(p.format);
  const BlockScale kind = traits(p.format).scale;
  const Scale x = scale_of(kind, scale_a);
  const Scale y = scale_of(kind, scale_b);
  if (x.nan || y.nan) return fp32::canonical_nan;
  if (!is_finite(accumulator) || any_special(table, p, a, b))
    return not_finite_sum(p, a, b, accumulator);
  Int128 sum = 0;
  for (int i = 0; i < p.length; ++i)
    sum += Int128{table.units[a[i] & table.mask]} * table.units[b[i] & table.mask];
  // Integer parts of scales exceed 1 in nvfp4 only, whose sums are below 2^12: no overflow.
  sum *= x.integer * y.integer;
  if (sum == 0 && (accumulator & ~minus_zero) == 0)
    return all_minus_zero(p, a, b, accumulator) ? minus_zero : 0;
  return round_sum_to_fp32(sum, 2 * table.unit_exponent + x.exponent + y.exponent, accumulator);
}

// A factor, a product or the accumulator: significand * 2^(exponent - places).
struct Term {
  bool negative = false;
  bool finite = true;
  int exponent = 0;
  std::uint64_t significand = 0;
};

Term term_of(const FormatTraits& t, std::uint32_t code) {
  const std::uint32_t fraction = code & ((1U << t.fraction_bits) - 1);
  const std::uint32_t field = (code >> t.fraction_bits) & ((1U << t.exponent_bits) - 1);
  const bool top = field == (1U << t.exponent_bits) - 1;
  const bool special = t.specials == Specials::ieee ? top
                       : t.specials == Specials::nan_only
                           ? top && fraction == (1U << t.fraction_bits) - 1
                           : false;
  return {
      ((code >> (t.bits - 1)) & 1) != 0, !special, std::max(static_cast<int>(field), 1) - t.bias,
      field == 0 ? fraction : fraction | (1U << t.fraction_bits)};
}

// The term in units of 2^unit, cut off toward zero. Signs and shifts of random data are as random,
// so this has no branch on them.
std::int64_t cut_off(const Term& term, int places, int unit) {
  const int shift = term.exponent - places - unit;
  const std::uint64_t up = term.significand << std::clamp(shift, 0, 63);
  const auto units = static_cast<std::int64_t>(up >> std::clamp(-shift, 0, 63));
  const std::int64_t sign = -static_cast<std::int64_t>(term.negative);
  return (units ^ sign) - sign;
}

std::uint32_t aligned_dot(const DotParameters& p, const std::uint32_t* a, const std::uint32_t* b,
                          std::uint32_t accumulator) {
  const FormatTraits t = traits(p.format);
  const Term start = term_of(traits(Format::fp32), accumulator);
  std::array<Term, longest> products;
  bool finite = start.finite;
  int top = start.significand != 0 ? start.exponent : std::numeric_limits<int>::min();
  for (int i = 0; i < p.length; ++i) {
    const Term x = term_of(t, a[i]);
    const Term y = term_of(t, b[i]);
    Term& product = products[static_cast<std::size_t>(i)];
    product = {x.negative != y.negative, x.finite && y.finite, x.exponent + y.exponent,
               x.significand * y.significand};
    finite = finite && product.finite;
    if (product.significand != 0) top = std::max(top, product.exponent);
  }
  if (!finite) return not_finite_sum(p, a, b, accumulator);
  if (top == std::numeric_limits<int>::min())
    return all_minus_zero(p, a, b, accumulator) ? minus_zero : 0;
  const int unit = top - p.align_bits;
  std::int64_t sum = cut_off(start, traits(Format::fp32).fraction_bits, unit);
  for (int i = 0; i < p.length; ++i)
    sum += cut_off(products[static_cast<std::size_t>(i)], 2 * t.fraction_bits, unit);
  return round_to_fp32(sum, unit);
}

}  // namespace

void check(const DotParameters& p) {
  const std::string name(to_string(p.format));
  constexpr std::array<int, 6> lengths{1, 2, 4, 8, 16, longest};
  if (std::find(lengths.begin(), lengths.end(), p.length) == lengths.end())
    throw std::invalid_argument(
        "the dot length is " + std::to_string(p.length) + "; expected 1, 2, 4, 8, 16 or 32");
  const FormatTraits t = traits(p.format);
  if (t.block > 1 && p.length > t.block)
    throw std::invalid_argument(
        "the dot length is " + std::to_string(p.length) + "; " + name + " has blocks of " +
        std::to_string(t.block) + ", and a dot product lies in one block");
  if (p.align_bits < 0 || p.align_bits > 30)
    throw std::invalid_argument(
        "align_bits is " + std::to_string(p.align_bits) + "; expected 0 (exact) to 30");
  if (p.align_bits != 0 && (p.length == 1 || is_integer(p.format) || t.block > 1))
    throw std::invalid_argument(
        "align_bits is " + std::to_string(p.align_bits) + "; expected 0, because " +
        (p.length == 1 ? "one product needs no alignment" : name + " sums exactly"));
  if (p.align_bits == 0 && p.length > 1 && is_wide(p.format))
    throw std::invalid_argument(
        "align_bits is 0; expected 1 to 30, because exact sums of several products of " + name +
        " are not modelled");
}

int default_align_bits(Format format, int length) { return length > 1 && is_wide(format) ? 25 : 0; }

std::uint32_t accumulate_dot(
    const DotParameters& parameters, const std::uint32_t* a, const std::uint32_t* b,
    std::uint32_t scale_a, std::uint32_t scale_b, std::uint32_t accumulator) {
  const Format format = parameters.format;
  if (is_integer(format)) return integer_dot(parameters, a, b, accumulator);
  if (parameters.align_bits != 0) return aligned_dot(parameters, a, b, accumulator);
  if (parameters.length == 1 && traits(format).scale == BlockScale::none)
    return fp32::canonical(
        std::fmaf(to_float(format, *a), to_float(format, *b), fp32::decode(accumulator)));
  return exact_dot(parameters, a, b, scale_a, scale_b, accumulator);
}

std::uint32_t accumulate_fold(
    const DotParameters& parameters, std::uint32_t accumulator, std::uint32_t fold) {
  return is_integer(parameters.format)
             ? int32_sum(as_int32(accumulator) + as_int32(fold), parameters.saturate)
             : fp32::add(accumulator, fold);
}

}  // namespace headroom
