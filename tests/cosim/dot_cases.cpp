#include "tests/cosim/dot_cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/random.h"

namespace headroom {
namespace {

// A stream of random words from one.
class Words {
 public:
  explicit Words(std::uint64_t word) : state_(word) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(mix(++state_) >> 32); }
  std::uint32_t below(std::uint32_t end) {
    return static_cast<std::uint32_t>((std::uint64_t{(*this)()} * end) >> 32);
  }

 private:
  std::uint64_t state_;
};

std::uint32_t sign_bit(Format format) { return 1U << (traits(format).bits - 1); }

// Any code with an exponent field near the middle of `field`.
std::uint32_t code_near(Format format, std::uint32_t field, Words& words) {
  const FormatTraits t = traits(format);
  if (t.exponent_bits == 0) return words();
  const std::uint32_t fields = 1U << t.exponent_bits;
  const std::uint32_t exponent = (field + words.below(5) + fields - 2) % fields;
  const std::uint32_t low = (1U << t.fraction_bits) - 1;
  return (words() & (low | sign_bit(format))) | (exponent << t.fraction_bits);
}

std::uint32_t special_code(Format format, Words& words) {
  static const auto codes = [] {
    std::array<std::vector<std::uint32_t>, format_names.size()> result;
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] = special_codes(static_cast<Format>(i));
    return result;
  }();
  const auto& list = codes[static_cast<std::size_t>(format)];
  return list[words.below(static_cast<std::uint32_t>(list.size()))];
}

void fill(DotCase& c, Words& words) {
  const Format format = c.parameters.format;
  const std::uint32_t kind = words.below(4);
  const std::uint32_t field_a = words(), field_b = words();
  for (std::size_t i = 0; i < static_cast<std::size_t>(c.parameters.length); ++i) {
    c.a[i] = kind == 0 ? words() : code_near(format, field_a % 256, words);
    c.b[i] = kind == 0 ? words() : code_near(format, field_b % 256, words);
    if (kind == 2 && i > 0 && words.below(2) == 0) {  // nearly the negative of an earlier product
      const std::uint32_t j = words.below(static_cast<std::uint32_t>(i));
      c.a[i] = (c.a[j] ^ sign_bit(format)) + (words.below(4) == 0 ? 1 : 0);
      c.b[i] = c.b[j];
    }
    if (kind == 3 && words.below(8) == 0) c.a[i] = special_code(format, words);
    if (kind == 3 && words.below(8) == 0) c.b[i] = special_code(format, words);
  }
}

std::uint32_t random_scale(BlockScale kind, Words& words) {
  const std::uint32_t choice = words.below(64);
  if (kind == BlockScale::none || choice < 16) return words() & 0xFF;  // ignored without blocks
  if (choice == 16) return 0xFF;
  if (choice < 22) return 0;
  if (choice < 26) return 0xFE;
  return kind == BlockScale::e8m0 ? 127 - 20 + words.below(41) : 0x38 + words.below(8);
}

std::uint32_t random_accumulator(const DotCase& c, Words& words) {
  const Format format = c.parameters.format;
  std::uint32_t word = words();
  if (is_integer(format)) {
    const std::uint32_t near = words.below(0x40000);
    switch (words.below(3)) {
      case 0: return word;
      case 1: return 0x7FFFFFFF - near;
      default: return 0x80000000 + near;
    }
  }
  DotCase alone = c;
  alone.accumulator = 0;
  const std::uint32_t sum = golden(alone);
  switch (words.below(8)) {
    case 0: return word;
    case 1: return special_code(Format::fp32, words);
    case 2:
      return (word & 0x80FFFFFF) >> words.below(24);  // subnormal, or near
    // Near the sum's negative, where cancellation and ties are.
    case 3:
    case 4: return (sum ^ 0x80000000) + words.below(5) - 2;
    // Exponents so close that every alignment occurs.
    case 5: return ((sum & 0x7F800000) + ((word % 61) << 23) - (30U << 23)) ^ (word & 0x807FFFFF);
    case 6: return (sum + ((words.below(61)) << 23) - (30U << 23)) ^ (word & 0x80000007);
    default: return words.below(2) == 0 ? 0 : 0x80000000;
  }
}

}  // namespace

std::uint32_t golden(const DotCase& c) {
  return accumulate_dot(c.parameters, c.a.data(), c.b.data(), c.scale_a, c.scale_b, c.accumulator);
}

std::vector<std::uint32_t> special_codes(Format format) {
  const FormatTraits t = traits(format);
  const std::uint32_t sign = sign_bit(format);
  std::vector<std::uint32_t> result;
  const auto both_signs = [&](std::uint32_t magnitude) {
    result.push_back(magnitude);
    result.push_back(magnitude | sign);
  };
  if (t.exponent_bits == 0) {
    for (const std::uint32_t magnitude : {0U, 1U, sign - 1}) both_signs(magnitude);
    return result;
  }
  const std::uint32_t one = 1U << t.fraction_bits;  // of the exponent field
  const auto around = [&](std::uint32_t field) {
    for (const std::uint32_t offset : {0U, 1U, one / 2, one - 1}) both_signs(field * one + offset);
  };
  around(0);
  around(1);
  around(static_cast<std::uint32_t>(t.bias) - 1);
  around(static_cast<std::uint32_t>(t.bias));
  around((1U << t.exponent_bits) - 2);
  around((1U << t.exponent_bits) - 1);
  return result;
}

DotCase random_case(const DotParameters& parameters, std::uint64_t word) {
  Words words(mix(word));
  DotCase result;
  result.parameters = parameters;
  fill(result, words);
  const BlockScale kind = traits(parameters.format).scale;
  result.scale_a = random_scale(kind, words);
  result.scale_b = random_scale(kind, words);
  result.accumulator = random_accumulator(result, words);
  return result;
}

std::string to_string(const DotCase& c) {
  const auto length = static_cast<std::size_t>(c.parameters.length);
  std::string products;
  for (std::size_t i = 0; i < length; ++i) products += fmt::format(" {:#x}*{:#x}", c.a[i], c.b[i]);
  return fmt::format(
      "{} align_bits {} saturate {} scales {:#x} {:#x} accumulator {:#010x} products{}",
      to_string(c.parameters.format), c.parameters.align_bits, c.parameters.saturate, c.scale_a,
      c.scale_b, c.accumulator, products);
}

}  // namespace headroom
