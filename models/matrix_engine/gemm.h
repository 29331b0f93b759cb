// One product on one array working alone: what `headroom gemm` reports.
#pragma once

#include <cstdint>

#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine {

struct GemmResult {
  Cycles cycles = 0;
  std::int64_t folds = 0;
  double utilization = 0;        // m*n*k / (cycles * rows * columns * dot_length)
  bool values_verified = false;  // rtl only: every value was compared with golden, and none
                                 // differed
  std::int64_t mismatches = 0;   // values that differed
  std::uint64_t checksum = 0;    // of the bits of C; 0 where the fidelity carries no values
  std::uint64_t events = 0;      // kernel activations (cycle), simulated clock cycles (rtl), 0
                                 // (analytic)
  double seconds = 0;            // wall time of the run
};

// The operands are pseudo-random from `seed`. cycle elaborates a SystemC module, so it must be
// called inside sc_main and before any sc_start: once a process. Throws UnavailableFidelity and
// std::invalid_argument.
[[nodiscard]] GemmResult run_gemm(
    Fidelity fidelity, const ArrayParameters& array, const Product& product, std::uint64_t seed);

}  // namespace headroom::matrix_engine
