// What the operands of a matrix product may hold, by the names that `headroom gemm --data` uses.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "examples/rtl_energy/random.h"
#include "models/numerics/format.h"

namespace headroom::rtl_energy {

// Both operands of a product, as vectors along k: rows of A, columns of B.
struct Product {
  std::vector<std::vector<double>> rows, columns;
};

// A matrix of a training run, row by row.
struct Tensor {
  int rows = 0, columns = 0;
  std::vector<double> values;

  [[nodiscard]] double at(int row, int column) const {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                  static_cast<std::size_t>(column)];
  }
};

struct TensorProduct {
  Tensor a, b;  // b: k x n
};

class Data {
 public:
  // Square matrices of this side, of which a product is a window; tensors have their own.
  static constexpr int side = 8192;

  Data(std::string name, const TensorProduct* tensors = nullptr);

  [[nodiscard]] const std::string& name() const { return name_; }
  // A window at a random place.
  [[nodiscard]] Product draw(int rows, int columns, int k, Random& random) const;
  // Formats of 8 bits or fewer without block scales hold value * this: the largest magnitude of the
  // matrix becomes the format's. Data that are numbers of their own (ones, signs, small integers,
  // a constant) stay as they are.
  [[nodiscard]] double factor(Format format, bool of_b) const;
  [[nodiscard]] double largest(bool of_b) const;

 private:
  [[nodiscard]] double value(
      bool of_b, std::int64_t row, std::int64_t column, Random& random) const;

  std::string name_;
  const TensorProduct* tensors_;
};

// The ones that stand for workloads, and those that take one kind of bit at a time.
[[nodiscard]] const std::vector<std::string>& workload_data();
[[nodiscard]] const std::vector<std::string>& pattern_data();

// x with P(normal < x) = probability.
[[nodiscard]] double normal_quantile(double probability);

// The elements of a vector as codes, with the scale of each one's block (0 where there is none).
struct Codes {
  std::vector<std::uint32_t> elements, scales;
};
[[nodiscard]] Codes encode_vector(
    Format format, const std::vector<double>& values, double factor, double largest);

}  // namespace headroom::rtl_energy
