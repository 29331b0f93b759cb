// Products of matrices whose operands are rounded to a number format.
//
// The rounded operands are exact. Their products are too (fp32 and tf32 aside), and are summed in
// fp32 in the order of the matrix library, which is not that of an array of models/numerics/dot.h:
// the two differ by the rounding of fp32 sums.
#pragma once

#include <functional>

#include "models/numerics/block.h"
#include "models/numerics/format.h"
#include "sim/quality/matrix.h"

namespace headroom::quality {

// value = values * scale. The format's numbers, those of blocks times their block's scale; `scale`
// is that of the tensor.
struct Operand {
  Matrix values;
  float scale = 1;
};

// The matrix in `format`, blocks along the rows. Formats of fewer than 8 exponent bits and without
// blocks have one scale a matrix, its largest magnitude / the format's largest number, in fp32; the
// reach of the others suffices.
[[nodiscard]] Operand rounded(
    Format format, const Matrix& matrix, ScaleRounding scale_rounding = ScaleRounding::up);

// How the values of two operands are multiplied, `a` [m, k] by the transpose of `b` [n, k]: [m, n].
using Multiply = std::function<Matrix(const Matrix& a, const Matrix& b)>;

// By the matrix library, in fp32.
[[nodiscard]] Matrix multiply(const Matrix& a, const Matrix& b);

class Products {
 public:
  explicit Products(Format format, ScaleRounding scale_rounding = ScaleRounding::up,
                    Multiply multiply = quality::multiply)
      : format_(format), scale_rounding_(scale_rounding), multiply_(std::move(multiply)) {}

  // `a` [m, k] times the transpose of `b` [n, k], both rounded: [m, n].
  [[nodiscard]] Matrix operator()(const Matrix& a, const Matrix& b) const;

  [[nodiscard]] Format format() const { return format_; }

 private:
  Format format_;
  ScaleRounding scale_rounding_;
  Multiply multiply_;
};

}  // namespace headroom::quality
