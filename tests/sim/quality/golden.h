// Products by models/numerics alone, one multiply-add after another: what the fast ones are held
// against.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "models/numerics/block.h"
#include "models/numerics/dot.h"
#include "models/numerics/fp32.h"
#include "sim/quality/matrix.h"
#include "sim/quality/rounding.h"

namespace headroom::quality {

// One row as codes, with the scales of its blocks and of its tensor.
struct CodedRow {
  std::vector<std::uint32_t> codes, scales;
  float tensor = 1;
};

inline std::vector<CodedRow> coded(Format format, const Matrix& matrix, ScaleRounding rounding) {
  const FormatTraits t = traits(format);
  std::vector<double> all;
  for (Index i = 0; i < matrix.size(); ++i) all.push_back(double{matrix.data()[i]});
  double largest = 0;
  for (const double value : all) largest = std::max(largest, std::fabs(value));
  std::vector<CodedRow> rows;
  for (Index r = 0; r < matrix.rows(); ++r) {
    const auto first = all.begin() + r * matrix.cols();
    const std::vector<double> row(first, first + matrix.cols());
    if (t.block > 1) {
      BlockOptions options;
      options.scale_rounding = rounding;
      if (format == Format::nvfp4) options.tensor_scale = tensor_scale(all);
      const BlockVector vector = quantise(format, row, options);
      rows.push_back({vector.codes, vector.scales, vector.tensor_scale});
      continue;
    }
    CodedRow one;
    if (t.exponent_bits < 8 && largest > 0)
      one.tensor = static_cast<float>(largest / largest_element(format));
    for (const double value : row)
      one.codes.push_back(
          encode(format, value / double{one.tensor}, Rounding::nearest_even, Overflow::saturate));
    rows.push_back(one);
  }
  return rows;
}

// The row's values without the scale of the tensor.
inline std::vector<double> decoded(Format format, const CodedRow& row) {
  const FormatTraits t = traits(format);
  std::vector<double> values;
  for (std::size_t i = 0; i < row.codes.size(); ++i)
    values.push_back(
        decode(format, row.codes[i]) *
        (t.block > 1 ? decode_scale(t.scale, row.scales[i / static_cast<std::size_t>(t.block)])
                     : 1));
  return values;
}

// `a` [m, k] times the transpose of `b` [n, k] as one processing element after another computes it.
inline Matrix golden_product(
    Format format, const Matrix& a, const Matrix& b, ScaleRounding rounding = ScaleRounding::up) {
  const std::vector<CodedRow> x = coded(format, a, rounding), y = coded(format, b, rounding);
  DotParameters parameters;
  parameters.format = format;
  const auto block = static_cast<std::size_t>(traits(format).block);
  Matrix result(a.rows(), b.rows());
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j) {
      std::uint32_t sum = 0;
      for (std::size_t k = 0; k < x[i].codes.size(); ++k)
        sum = accumulate_dot(
            parameters, &x[i].codes[k], &y[j].codes[k], block > 1 ? x[i].scales[k / block] : 0,
            block > 1 ? y[j].scales[k / block] : 0, sum);
      float value = fp32::decode(sum);
      if (x[i].tensor != 1) value *= x[i].tensor;
      if (y[j].tensor != 1) value *= y[j].tensor;
      result(static_cast<Index>(i), static_cast<Index>(j)) = value;
    }
  return result;
}

}  // namespace headroom::quality
