#include "sim/quality/product.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/quality/rounding.h"

namespace headroom::quality {
namespace {

// fp32's range: gradients need no scale.
constexpr int full_exponent_bits = 8;

double largest_magnitude(const Matrix& matrix) {
  return matrix.size() == 0 ? 0 : double{matrix.cwiseAbs().maxCoeff()};
}

float scale_of_tensor(Format format, double largest) {
  if (largest == 0) return 1;
  return std::max(static_cast<float>(largest / largest_element(format)),
                  std::numeric_limits<float>::denorm_min());
}

Operand rounded_whole(Format format, const Matrix& matrix) {
  Operand result{Matrix(matrix.rows(), matrix.cols()), 1};
  if (traits(format).exponent_bits < full_exponent_bits)
    result.scale = scale_of_tensor(format, largest_magnitude(matrix));
  const auto count = static_cast<std::size_t>(matrix.cols());
  std::vector<double> row(count);
  for (Index r = 0; r < matrix.rows(); ++r) {
    const float* from = matrix.data() + r * matrix.cols();
    float* to = result.values.data() + r * matrix.cols();
    for (std::size_t i = 0; i < count; ++i) row[i] = double{from[i]} / double{result.scale};
    round_to_elements(format, row.data(), count);
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<float>(row[i]);
  }
  return result;
}

class BlockRounding {
 public:
  BlockRounding(Format format, ScaleRounding scale_rounding, float tensor)
      : format_(format), scale_(traits(format).scale), tensor_(tensor) {
    options_.scale_rounding = scale_rounding;
  }

  // Of one block; what it lacks to a whole one counts as zeros.
  void operator()(const float* from, float* to, std::size_t count) {
    double largest = 0;
    for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::fabs(double{from[i]}));
    const double own = decode_scale(scale_, scale_code(format_, largest, options_, tensor_));
    double scale = own * double{tensor_};
    if (scale == 0) scale = std::numeric_limits<double>::infinity();  // all become zeros
    std::array<double, largest_block> block{};
    for (std::size_t i = 0; i < count; ++i) block[i] = double{from[i]} / scale;
    round_to_elements(format_, block.data(), count);
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<float>(block[i] * own);
  }

 private:
  static constexpr std::size_t largest_block = 32;

  Format format_;
  BlockScale scale_;
  float tensor_;
  BlockOptions options_;
};

Operand rounded_blocks(Format format, const Matrix& matrix, ScaleRounding scale_rounding) {
  Operand result{Matrix(matrix.rows(), matrix.cols()), 1};
  if (traits(format).scale == BlockScale::e4m3)
    result.scale = tensor_scale({largest_magnitude(matrix)});
  BlockRounding round(format, scale_rounding, result.scale);
  const Index block = traits(format).block;
  for (Index r = 0; r < matrix.rows(); ++r)
    for (Index c = 0; c < matrix.cols(); c += block) {
      const Index at = r * matrix.cols() + c;
      round(matrix.data() + at, result.values.data() + at,
            static_cast<std::size_t>(std::min(block, matrix.cols() - c)));
    }
  return result;
}

}  // namespace

Operand rounded(Format format, const Matrix& matrix, ScaleRounding scale_rounding) {
  if (format == Format::fp32) return {matrix, 1};
  return traits(format).block > 1
             ? rounded_blocks(format, matrix, scale_rounding)
             : rounded_whole(format, matrix);
}

Matrix multiply(const Matrix& a, const Matrix& b) {
  // The library cuts products by the sizes of caches, and sums depend on where it cuts: the same
  // sizes on every machine give the same sums.
  static const bool set = (Eigen::setCpuCacheSizes(32 << 10, 512 << 10, 4 << 20), true);
  static_cast<void>(set);
  Matrix result(a.rows(), b.rows());
  result.noalias() = a * b.transpose();
  return result;
}

Matrix Products::operator()(const Matrix& a, const Matrix& b) const {
  const Operand x = rounded(format_, a, scale_rounding_);
  const Operand y = rounded(format_, b, scale_rounding_);
  Matrix result = multiply_(x.values, y.values);
  // Scales of tensors are applied outside of the products, one after the other.
  if (x.scale != 1) result *= x.scale;
  if (y.scale != 1) result *= y.scale;
  return result;
}

}  // namespace headroom::quality
