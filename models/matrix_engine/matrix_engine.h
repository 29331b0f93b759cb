// The matrix engine: one systolic array of rows x columns dot products that computes C = A x B.
//
// Contract
//   Weight-stationary: a fold is rows * dot_length of K by `columns` of N. Its weights (rows beats)
//   load first, then each row of A streams through as one beat. Work order: columns of N in tiles;
//   in each, rows of A in blocks of accumulator_rows; in each block, folds of K ascending.
//   Input-stationary: the same on the transposed product (C^T = B^T x A^T): A is held, columns of B
//   stream. Output-stationary: element (r, c) holds one sum of a tile of rows of M by `columns` of
//   N; rows of B and columns of A stream, dot_length of K a beat; the tile is one fold.
//   Values (golden): C[m][n] starts from +0; each fold, ascending, is computed from +0 in ascending
//   k with one rounding per step (models/numerics/dot.h), and is added to C[m][n] once; with
//   chain_folds it goes on from C[m][n] instead. Ragged K is padded with +0 in both operands, under
//   the scale of the block they fall in, scale code 0 where there is none.
//   Time (analytic, cycle, rtl): cycles from the first accepted to the last delivered beat,
//   inclusive, of an engine that works alone on operands that are ready; the formula stands in
//   docs/blocks/matrix_engine.md.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "models/base/clock.h"
#include "models/base/fidelity.h"
#include "models/base/unavailable_fidelity.h"
#include "models/numerics/format.h"

namespace headroom::matrix_engine {

// What stays in the array while the rest passes through.
enum class Dataflow { weight_stationary, output_stationary, input_stationary };

inline constexpr std::array<std::string_view, 3> dataflow_names{
    "weight_stationary", "output_stationary", "input_stationary"};

[[nodiscard]] constexpr std::string_view to_string(Dataflow dataflow) {
  return dataflow_names[static_cast<std::size_t>(dataflow)];
}

struct ArrayParameters {
  int rows = 0;        // of elements: along K; output-stationary: along M
  int columns = 0;     // of elements: along N; input-stationary: along M
  int dot_length = 1;  // products that one element sums in a cycle
  Format format = Format::bf16;
  Dataflow dataflow = Dataflow::weight_stationary;
  // Stationary operand: the next fold's loads behind the current stream. Output-stationary: a drain
  // register, so that the next tile streams while the sums of the last one leave.
  bool double_buffered = true;
  int accumulator_rows = 1024;  // partial sums held at once beside each column; unused by
                                // output-stationary, which holds them in the elements
  // Arithmetic, which time does not depend on; see models/numerics/dot.h.
  int align_bits = default_align;  // default_align: default_align_bits(format, dot_length)
  bool saturate = false;
  bool chain_folds = false;  // a fold starts from the accumulator's value instead of +0

  static constexpr int default_align = -1;
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
// Only golden chains folds, unless the dataflow does so by nature: throws UnavailableFidelity.
void refuse_chained_folds(const ArrayParameters& parameters, const char* fidelity);

// An engine at one fidelity; any may be called before, during and after a SystemC simulation. rtl
// runs the Verilated array on pseudo-random data of the shape, throws std::logic_error when a value
// differs from golden, and remembers each shape. Throws UnavailableFidelity when there is no such
// fidelity or variant. Lives in matrix_engine_systemc.
[[nodiscard]] std::unique_ptr<MatrixEngine> make_matrix_engine(
    Fidelity fidelity, const ArrayParameters& parameters);

}  // namespace headroom::matrix_engine
