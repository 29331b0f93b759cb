// Operands of every format by chance: see golden.h.
#include <algorithm>
#include <array>

#include "models/base/random.h"
#include "models/matrix_engine/golden.h"
#include "models/numerics/codec.h"

namespace headroom::matrix_engine::golden {
namespace {

std::uint32_t low_bits(int bits) {
  return bits >= 32 ? 0xFFFFFFFFU : (std::uint32_t{1} << bits) - 1;
}

// Zero, smallest, largest subnormal, smallest normal, one, next to one, largest, and what follows
// it in code: infinity and NaN, where the format has them. Both signs.
std::vector<std::uint32_t> specials(Format format) {
  const FormatTraits t = traits(format);
  const std::uint32_t sign = std::uint32_t{1} << (t.bits - 1);
  if (t.specials == Specials::integer) return {0, 1, sign - 1, sign, sign + 1, low_bits(t.bits)};
  const std::uint32_t one = encode(format, 1.0);
  const std::uint32_t hidden = std::uint32_t{1} << t.fraction_bits;
  const std::uint32_t largest = encode(format, 1e300, Rounding::nearest_even, Overflow::saturate);
  std::vector<std::uint32_t> codes{
      0, 1, hidden - 1, hidden, one, one + 1, largest, std::min(largest + 1, sign - 1), sign - 1};
  for (std::size_t i = 0, positive = codes.size(); i < positive; ++i)
    codes.push_back(codes[i] | sign);
  return codes;
}

std::uint32_t moderate(Format format, std::uint64_t word) {
  const FormatTraits t = traits(format);
  const auto code = static_cast<std::uint32_t>(word) & low_bits(t.bits);
  if (t.exponent_bits < 4) return code;
  // Sign and fraction at random, exponent from 2^-4 to 2^3.
  const std::uint32_t field = low_bits(t.exponent_bits) << t.fraction_bits;
  const auto exponent = static_cast<std::uint32_t>(t.bias - 4) +
                        static_cast<std::uint32_t>((word >> 32) & 7);
  return (code & ~field) | (exponent << t.fraction_bits);
}

std::uint32_t random_scale(BlockScale scale, std::uint64_t word, Values values) {
  const auto code = static_cast<std::uint32_t>(word & 0xFF);
  if (values == Values::any) return code;
  if (scale == BlockScale::e8m0) {
    if (values == Values::moderate) return 124 + (code & 7);
    return std::array<std::uint32_t, 8>{0, 1, 126, 127, 127, 128, 254, 255}[code & 7];
  }
  if (values == Values::moderate) return 0x30 | (code & 0xF);  // 0.5 to 1.875
  return std::array<std::uint32_t, 8>{0x00, 0x01, 0x08, 0x38, 0x38, 0xB9, 0x7E, 0x7F}[code & 7];
}

}  // namespace

Operands random_operands(Format format, const Product& product, std::uint64_t seed, Values values) {
  check(product);
  const auto size = [](std::int64_t rows, std::int64_t columns) {
    return static_cast<std::size_t>(rows * columns);
  };
  const FormatTraits t = traits(format);
  const std::vector<std::uint32_t> edge = specials(format);
  std::uint64_t counter = mix(seed);
  Operands operands{
      product,
      std::vector<std::uint32_t>(size(product.m, product.k)),
      std::vector<std::uint32_t>(size(product.k, product.n)),
      {},
      {}};
  for (auto* codes : {&operands.a, &operands.b})
    for (std::uint32_t& code : *codes) {
      const std::uint64_t word = mix(counter++);
      code = values == Values::special ? edge[(word >> 32) % edge.size()]
             : values == Values::any
                 ? static_cast<std::uint32_t>(word) & low_bits(t.bits)
                 : moderate(format, word);
    }
  if (t.scale == BlockScale::none) return operands;
  const std::int64_t blocks = (product.k + t.block - 1) / t.block;
  operands.a_scales.resize(size(product.m, blocks));
  operands.b_scales.resize(size(blocks, product.n));
  for (auto* scales : {&operands.a_scales, &operands.b_scales})
    for (std::uint32_t& scale : *scales) scale = random_scale(t.scale, mix(counter++), values);
  return operands;
}

}  // namespace headroom::matrix_engine::golden
