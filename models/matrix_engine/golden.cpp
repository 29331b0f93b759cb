#include "models/matrix_engine/golden.h"

#include <stdexcept>
#include <string>

#include "models/matrix_engine/folds.h"
#include "models/matrix_engine/operand_view.h"

namespace headroom::matrix_engine::golden {
namespace {

void check_size(const char* what, std::size_t found, std::int64_t rows, std::int64_t columns) {
  if (found != static_cast<std::size_t>(rows * columns))
    throw std::invalid_argument(
        "matrix_engine: " + std::string(what) + " must have " + std::to_string(rows) + " x " +
        std::to_string(columns) + " codes; found " + std::to_string(found));
}

void check(Format format, const Operands& operands) {
  const Product& p = operands.product;
  matrix_engine::check(p);
  const FormatTraits t = traits(format);
  const std::int64_t blocks = t.scale == BlockScale::none ? 0 : (p.k + t.block - 1) / t.block;
  check_size("a", operands.a.size(), p.m, p.k);
  check_size("b", operands.b.size(), p.k, p.n);
  check_size("a_scales", operands.a_scales.size(), p.m, blocks);
  check_size("b_scales", operands.b_scales.size(), blocks, p.n);
}

// The steps of one fold for one element of C. K is padded to the fold's full depth: a step of
// zeros is not idle where sums are truncated.
class Chain {
 public:
  Chain(const DotParameters& dot, const OperandView& a, const OperandView& b)
      : dot_(dot), a_(a), b_(b), a_elements_(size()), b_elements_(size()) {}

  std::uint32_t sum(std::int64_t row, std::int64_t column, std::int64_t first_k, std::int64_t steps,
                    std::uint32_t start) {
    for (std::int64_t step = 0; step < steps; ++step) {
      const std::int64_t k = first_k + step * dot_.length;
      const std::uint32_t a_scale = a_.read(row, k, dot_.length, a_elements_.data());
      const std::uint32_t b_scale = b_.read(column, k, dot_.length, b_elements_.data());
      start = accumulate_dot(dot_, a_elements_.data(), b_elements_.data(), a_scale, b_scale, start);
    }
    return start;
  }

 private:
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(dot_.length); }

  const DotParameters dot_;
  const OperandView a_, b_;
  std::vector<std::uint32_t> a_elements_, b_elements_;
};

}  // namespace

DotParameters dot_parameters(const ArrayParameters& array) {
  DotParameters dot;
  dot.format = array.format;
  dot.length = array.dot_length;
  dot.align_bits = array.align_bits == ArrayParameters::default_align
                       ? default_align_bits(array.format, array.dot_length)
                       : array.align_bits;
  dot.saturate = array.saturate;
  headroom::check(dot);
  return dot;
}

std::vector<std::uint32_t> multiply(const ArrayParameters& array, const Operands& operands) {
  matrix_engine::check(array);
  check(array.format, operands);
  const Product& p = operands.product;
  const DotParameters dot = dot_parameters(array);
  const bool in_place = array.dataflow == Dataflow::output_stationary;
  const std::int64_t steps = in_place ? (p.k + dot.length - 1) / dot.length : array.rows;
  const std::int64_t depth = steps * dot.length;
  Chain chain(dot, OperandView::rows_of_a(array.format, operands),
              OperandView::columns_of_b(array.format, operands));
  std::vector<std::uint32_t> c(static_cast<std::size_t>(p.m * p.n), 0);
  for (std::int64_t m = 0; m < p.m; ++m)
    for (std::int64_t n = 0; n < p.n; ++n) {
      std::uint32_t& out = c[static_cast<std::size_t>(m * p.n + n)];
      for (std::int64_t k = 0; k < p.k; k += depth)
        out = array.chain_folds ? chain.sum(m, n, k, steps, out)
                                : accumulate_fold(dot, out, chain.sum(m, n, k, steps, 0));
    }
  return c;
}

}  // namespace headroom::matrix_engine::golden
