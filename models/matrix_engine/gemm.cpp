#include "models/matrix_engine/gemm.h"

#include <chrono>
#include <vector>

#include "models/matrix_engine/analytic.h"
#include "models/matrix_engine/cycle.h"
#include "models/matrix_engine/golden.h"
#include "models/matrix_engine/rtl.h"

namespace headroom::matrix_engine {
namespace {

// FNV-1a over the words of C.
std::uint64_t checksum(const std::vector<std::uint32_t>& values) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const std::uint32_t value : values) hash = (hash ^ value) * 0x100000001B3;
  return hash;
}

void simulate(const ArrayParameters& array, const Product& product, GemmResult& result) {
  CycleArray module(
      "matrix_engine", array, product, open_edges(), sc_core::sc_time(1, sc_core::SC_NS));
  sc_core::sc_start();
  result.cycles = module.cycles();
  result.events = module.events();
}

void run_and_compare(const ArrayParameters& array, const Product& product, std::uint64_t seed,
                     GemmResult& result) {
  const golden::Operands operands = golden::random_operands(
      array.format, product, seed, golden::Values::moderate);
  const RtlRun run = run_rtl(array, operands, open_edges(), seed);
  const std::vector<std::uint32_t> expected = golden::multiply(array, operands);
  for (std::size_t i = 0; i < expected.size(); ++i)
    result.mismatches += run.values[i] != expected[i];
  result.values_verified = result.mismatches == 0;
  result.checksum = checksum(run.values);
  result.cycles = run.cycles;
  result.events = run.simulated;
}

}  // namespace

GemmResult run_gemm(Fidelity fidelity, const ArrayParameters& array, const Product& product,
                    std::uint64_t seed) {
  check(array);
  check(product);
  const auto start = std::chrono::steady_clock::now();
  GemmResult result;
  result.folds = Folds(array, product).count();
  if (fidelity == Fidelity::cycle) {
    simulate(array, product, result);
  } else if (fidelity == Fidelity::rtl) {
    check_rtl_variant(array);
    run_and_compare(array, product, seed, result);
  } else {
    result.cycles = make_matrix_engine(fidelity, array)->cycles(product);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.utilization = static_cast<double>(product.m) * static_cast<double>(product.n) *
                       static_cast<double>(product.k) /
                       (static_cast<double>(result.cycles) * array.rows * array.columns *
                        array.dot_length);
  return result;
}

}  // namespace headroom::matrix_engine
