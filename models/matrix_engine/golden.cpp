#include "models/matrix_engine/golden.h"

#include <array>
#include <string>

#include "models/base/random.h"
#include "models/matrix_engine/folds.h"
#include "models/numerics/bf16.h"
#include "models/numerics/fp32.h"
#include "models/numerics/int8.h"

namespace headroom::matrix_engine::golden {
namespace {

// Zeros, subnormals (smallest, largest), normals (smallest, next to 1, largest), infinities, quiet
// and signalling NaN.
constexpr std::array<std::uint16_t, 20> bf16_specials{
    0x0000, 0x8000, 0x0001, 0x8001, 0x007F, 0x807F, 0x0080, 0x8080, 0x3F80, 0xBF80,
    0x3F81, 0xBF7F, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7FC0, 0xFF81, 0x1F80, 0x9FC1};
constexpr std::array<std::uint16_t, 6> int8_specials{0x00, 0x01, 0x7F, 0x80, 0x81, 0xFF};

std::uint16_t random_code(Format format, std::uint64_t word, Values values) {
  if (format == Format::int8)
    return values == Values::special
               ? int8_specials[(word >> 32) % int8_specials.size()]
               : static_cast<std::uint16_t>(word & 0xFF);
  if (values == Values::special) return bf16_specials[(word >> 32) % bf16_specials.size()];
  if (values == Values::any) return static_cast<std::uint16_t>(word);
  // Sign and fraction at random, exponent from 2^-4 to 2^3.
  return static_cast<std::uint16_t>((word & 0x807F) | ((123 + ((word >> 32) & 7)) << 7));
}

using MultiplyAdd = std::uint32_t (*)(std::uint16_t, std::uint16_t, std::uint32_t);
using Add = std::uint32_t (*)(std::uint32_t, std::uint32_t);

std::uint32_t wrapping_add(std::uint32_t x, std::uint32_t y) { return x + y; }

// Adds one fold to its part of C.
template <MultiplyAdd Step, Add Sum>
void accumulate(const Fold& fold, const Operands& operands, std::vector<std::uint32_t>& c) {
  const Product& p = operands.product;
  for (std::int64_t m = fold.first_row; m < fold.first_row + fold.rows; ++m)
    for (std::int64_t n = fold.first_column; n < fold.first_column + fold.columns; ++n) {
      std::uint32_t sum = 0;
      for (std::int64_t k = fold.first_k; k < fold.first_k + fold.depth; ++k)
        sum = Step(operands.a[static_cast<std::size_t>(m * p.k + k)],
                   operands.b[static_cast<std::size_t>(k * p.n + n)], sum);
      std::uint32_t& out = c[static_cast<std::size_t>(m * p.n + n)];
      out = Sum(out, sum);
    }
}

}  // namespace

Operands random_operands(Format format, const Product& product, std::uint64_t seed, Values values) {
  check(product);
  Operands operands{
      product, std::vector<std::uint16_t>(static_cast<std::size_t>(product.m * product.k)),
      std::vector<std::uint16_t>(static_cast<std::size_t>(product.k * product.n))};
  std::uint64_t counter = mix(seed);
  for (auto* codes : {&operands.a, &operands.b})
    for (std::uint16_t& code : *codes) code = random_code(format, mix(counter++), values);
  return operands;
}

std::vector<std::uint32_t> multiply(const ArrayParameters& array, const Operands& operands) {
  check(array);
  check(operands.product);
  if ((array.format != Format::bf16 && array.format != Format::int8) || array.dot_length != 1 ||
      array.dataflow != Dataflow::weight_stationary)
    throw UnavailableFidelity(
        "matrix_engine golden has", "bf16, int8 with dot length 1",
        std::string(to_string(array.format)) + " with dot length " +
            std::to_string(array.dot_length));
  std::vector<std::uint32_t> c(
      static_cast<std::size_t>(operands.product.m * operands.product.n), 0);
  const Folds folds(array, operands.product);
  for (std::int64_t i = 0; i < folds.count(); ++i) {
    if (array.format == Format::bf16)
      accumulate<bf16::multiply_add, fp32::add>(folds.at(i), operands, c);
    else
      accumulate<int8::multiply_add, wrapping_add>(folds.at(i), operands, c);
  }
  return c;
}

}  // namespace headroom::matrix_engine::golden
