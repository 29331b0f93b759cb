#include "examples/rtl_energy/data.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "models/numerics/block.h"
#include "models/numerics/codec.h"

namespace headroom::rtl_energy {
namespace {

double largest_finite(Format format) {
  double largest = 0;
  for (std::uint32_t code = 0; code < (1U << static_cast<unsigned>(traits(format).bits)); ++code) {
    const double value = decode(format, code);
    if (std::isfinite(value)) largest = std::max(largest, value);
  }
  return largest;
}

double largest_of(const Tensor& tensor) {
  double largest = 0;
  for (const double value : tensor.values) largest = std::max(largest, std::abs(value));
  return largest;
}

bool is_literal(const std::string& name) {
  return name == "zeros" || name == "ones" || name == "constant" || name == "integers8" ||
         name == "signs" || name == "exponents" || name == "a_normal_b_ones" ||
         name == "a_ones_b_normal";
}

constexpr double elements = static_cast<double>(Data::side) * Data::side;

}  // namespace

double normal_quantile(double probability) {
  double low = -10, high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < probability ? low : high) = middle;
  }
  return low;
}

const std::vector<std::string>& workload_data() {
  static const std::vector<std::string> names{
      "zeros",     "ones",  "constant", "normal",   "uniform01", "uniform11",
      "integers8", "signs", "sorted",   "sparse50", "sparse90"};
  return names;
}

const std::vector<std::string>& pattern_data() {
  static const std::vector<std::string> names{
      "zeros",     "checkerboard", "sparse75",  "ternary",         "sparse50",        "ones",
      "constant",  "signs",        "exponents", "a_normal_b_ones", "a_ones_b_normal", "mantissas",
      "uniform01", "normal"};
  return names;
}

Data::Data(std::string name, const TensorProduct* tensors)
    : name_(std::move(name)), tensors_(tensors) {}

double Data::value(bool of_b, std::int64_t row, std::int64_t column, Random& random) const {
  const auto sparse = [&random](double kept) {
    const double value = random.normal();
    return random.uniform() < kept ? value : 0;
  };
  if (name_ == "zeros") return 0;
  if (name_ == "ones") return 1;
  if (name_ == "constant") return 3.14159274;
  if (name_ == "normal") return random.normal();
  if (name_ == "uniform01") return random.uniform();
  if (name_ == "uniform11") return 2 * random.uniform() - 1;
  if (name_ == "integers8") return random.below(16) - 8;
  if (name_ == "signs") return 2 * random.below(2) - 1;
  if (name_ == "sparse50") return sparse(0.5);
  if (name_ == "sparse75") return sparse(0.25);
  if (name_ == "sparse90") return sparse(0.1);
  if (name_ == "checkerboard") return static_cast<double>((row + column + 1) % 2);
  if (name_ == "ternary") return random.below(3) - 1;
  if (name_ == "exponents") return std::ldexp(1, random.below(16) - 8);
  if (name_ == "mantissas") return 1 + random.uniform();
  if (name_ == "a_normal_b_ones") return of_b ? 1 : random.normal();
  if (name_ == "a_ones_b_normal") return of_b ? random.normal() : 1;
  throw std::invalid_argument("unknown data '" + name_ + "'");
}

Product Data::draw(int rows, int columns, int k, Random& random) const {
  // A window of the sorted matrix: ranks along a row are neighbours, so one of them leads to the
  // others by Newton's method.
  const auto sorted = [](std::int64_t row, std::int64_t column, double& near) {
    constexpr double turn = 6.283185307179586;
    const double rank = (static_cast<double>(row) * side + static_cast<double>(column) + 0.5) /
                        elements;
    for (int i = 0; i < 2; ++i) {
      const double density = std::exp(-near * near / 2) / std::sqrt(turn);
      near += (rank - 0.5 * std::erfc(-near / std::sqrt(2.0))) / density;
    }
    return near;
  };
  const auto at = [&](int length, bool of_b, bool down) {
    int limit = side;
    if (tensors_ != nullptr) {
      const Tensor& tensor = of_b ? tensors_->b : tensors_->a;
      limit = down ? tensor.rows : tensor.columns;
    }
    if (length > limit) throw std::invalid_argument("a window larger than its matrix");
    return static_cast<std::int64_t>(random.below(limit - length + 1));
  };
  const std::int64_t m0 = at(rows, false, true);
  const std::int64_t k0 = at(k, false, false);
  const std::int64_t n0 = at(columns, true, false);
  Product product;
  for (const bool of_b : {false, true}) {
    auto& vectors = of_b ? product.columns : product.rows;
    for (int v = 0; v < (of_b ? columns : rows); ++v) {
      std::vector<double> vector;
      double near = 0;
      for (int i = 0; i < k; ++i) {
        const std::int64_t row = of_b ? k0 + i : m0 + v;
        const std::int64_t column = of_b ? n0 + v : k0 + i;
        if (tensors_ != nullptr) {
          vector.push_back((of_b ? tensors_->b : tensors_->a)
                               .at(static_cast<int>(row), static_cast<int>(column)));
        } else if (name_ == "sorted") {
          if (i == 0)
            near = normal_quantile(
                (static_cast<double>(row) * side + static_cast<double>(column) + 0.5) / elements);
          vector.push_back(sorted(row, column, near));
        } else {
          vector.push_back(value(of_b, row, column, random));
        }
      }
      vectors.push_back(std::move(vector));
    }
  }
  return product;
}

double Data::largest(bool of_b) const {
  if (tensors_ != nullptr) return largest_of(of_b ? tensors_->b : tensors_->a);
  if (name_ == "constant") return 3.14159274;
  if (name_ == "integers8") return 8;
  if (name_ == "mantissas") return 2;
  if (name_ == "exponents") return 128;
  if (name_ == "normal" || name_ == "sorted" || name_.rfind("sparse", 0) == 0 ||
      name_ == (of_b ? "a_ones_b_normal" : "a_normal_b_ones"))
    return normal_quantile(1 - 0.5 / elements);
  return 1;
}

double Data::factor(Format format, bool of_b) const {
  const FormatTraits format_traits = traits(format);
  if (format_traits.bits > 8 || format_traits.block > 1 || is_literal(name_)) return 1;
  return largest_finite(format) / largest(of_b);
}

Codes encode_vector(Format format, const std::vector<double>& values, double factor,
                    double largest) {
  Codes codes;
  const FormatTraits format_traits = traits(format);
  if (format_traits.block == 1) {
    for (const double value : values)
      codes.elements.push_back(
          encode(format, value * factor, Rounding::nearest_even, Overflow::saturate));
    codes.scales.assign(values.size(), 0);
    return codes;
  }
  BlockOptions options;
  if (format == Format::nvfp4) options.tensor_scale = static_cast<float>(largest / (448.0 * 6.0));
  const BlockVector blocks = quantise(format, values, options);
  codes.elements = blocks.codes;
  for (std::size_t i = 0; i < values.size(); ++i)
    codes.scales.push_back(blocks.scales[i / static_cast<std::size_t>(format_traits.block)]);
  return codes;
}

}  // namespace headroom::rtl_energy
