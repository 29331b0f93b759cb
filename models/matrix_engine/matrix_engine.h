// The matrix engine: one weight-stationary array of rows x columns dot products that computes C = A
// x B.
//
// Contract
//   Fold: rows * dot_length of K by `columns` of N. Its weights (rows beats) load first, then each
//   row of A streams through as one beat. Work order: columns of N in tiles; in each, rows of A in
//   blocks of accumulator_rows; in each block, folds of K ascending. Values (golden): C[m][n]
//   starts from +0; each fold, ascending, is computed from +0 in ascending k with one rounding per
//   step, as C's fmaf on an fp32 accumulator does, and is added to C[m][n] once. int8 accumulates
//   in int32 that wraps. NaN results are 0x7FC00000, subnormals are kept. Ragged K is padded with
//   +0 in both operands; that turns a fold's -0 into +0 at most, and adding the fold to an
//   accumulator that starts from +0 does the same, so C does not depend on the padding. Time
//   (analytic, cycle, rtl): cycles from the first accepted to the last delivered beat, inclusive,
//   of an engine that works alone on operands that are ready; the formula stands in
//   docs/blocks/matrix_engine.md.
#pragma once

#include <cstdint>
#include <memory>

#include "models/base/clock.h"
#include "models/base/fidelity.h"
#include "models/base/unavailable_fidelity.h"
#include "models/numerics/format.h"

namespace headroom::matrix_engine {

struct ArrayParameters {
  int rows = 0;        // multiply-accumulates in the direction of K
  int columns = 0;     // in the direction of N
  int dot_length = 1;  // products that one element sums in a cycle
  Format format = Format::bf16;
  bool double_buffered = true;  // the next fold's weights load behind the current stream
  int accumulator_rows = 1024;  // rows of A whose partial sums are held at once
};

// C (m x n) = A (m x k) x B (k x n).
struct Product {
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
};

class MatrixEngine {
 public:
  explicit MatrixEngine(const ArrayParameters& parameters) : parameters_(parameters) {}
  MatrixEngine(const MatrixEngine&) = delete;
  MatrixEngine& operator=(const MatrixEngine&) = delete;
  virtual ~MatrixEngine() = default;

  // Throws std::invalid_argument unless m, n and k are all at least 1.
  [[nodiscard]] virtual Cycles cycles(const Product& product) = 0;
  [[nodiscard]] virtual Fidelity fidelity() const = 0;
  [[nodiscard]] const ArrayParameters& parameters() const { return parameters_; }

 private:
  ArrayParameters parameters_;
};

// Throws std::invalid_argument with a sentence for parameters or a product that nothing could have.
void check(const ArrayParameters& parameters);
void check(const Product& product);

// An engine at one fidelity; any may be called before, during and after a SystemC simulation. rtl
// runs the Verilated array on pseudo-random data of the shape, throws std::logic_error when a value
// differs from golden, and remembers each shape. Throws UnavailableFidelity when there is no such
// fidelity or variant. Lives in matrix_engine_systemc.
[[nodiscard]] std::unique_ptr<MatrixEngine> make_matrix_engine(
    Fidelity fidelity, const ArrayParameters& parameters);

}  // namespace headroom::matrix_engine
