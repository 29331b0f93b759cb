// RTL, cycle, analytic and golden of the matrix engine on the same random products: values bit for
// bit, cycles exactly.
#pragma once

#include <cstdint>
#include <optional>

#include "models/matrix_engine/golden.h"
#include "models/matrix_engine/matrix_engine.h"
#include "models/matrix_engine/rtl.h"

namespace headroom::matrix_engine::cosim {

struct Options {
  ArrayParameters array;  // its double_buffered and accumulator_rows are drawn for each case
  std::uint64_t seed = 1;
  bool stalls = true;  // at random; else analytic is compared too
};

// Everything about a case follows from the options and its number: a ragged product of 1 to 4 times
// the array in each dimension (block formats: now and then deep enough for two blocks), buffering,
// accumulator depth, kind of values, stalls.
struct Case {
  ArrayParameters array;
  Product product;
  golden::Values values;
  std::uint64_t seed;
  unsigned shut_percent[3];  // of weights, activations, output; 0: never stalls
  Cycles span;               // cycles for which an edge stays as it is
};

[[nodiscard]] Case draw(const Options& options, std::uint64_t number);

struct Outcome {
  golden::Operands operands;
  RtlRun rtl;
  std::int64_t value_mismatches = 0;
  std::optional<std::size_t> first_wrong;  // index into C
  std::vector<std::uint32_t> expected;
  Cycles cycle_cycles = 0, analytic_cycles = 0;
  std::uint64_t cycle_error = 0;  // the largest difference from rtl of what is compared
  double rtl_seconds = 0, cycle_seconds = 0;

  [[nodiscard]] bool agrees() const { return value_mismatches == 0 && cycle_error == 0; }
};

// Throws UnavailableFidelity and std::invalid_argument as run_rtl does. An assertion of the RTL
// that fails ends the process.
[[nodiscard]] Outcome run(const Case& one, bool stalls);

}  // namespace headroom::matrix_engine::cosim
