// The SystemC module inside the kernel. One test is one process.
#include <gtest/gtest.h>

#include "models/matrix_engine/cycle.h"
#include "models/matrix_engine/gemm.h"

namespace headroom::matrix_engine {
namespace {

ArrayParameters array(int edge) {
  ArrayParameters parameters;
  parameters.rows = parameters.columns = edge;
  return parameters;
}

TEST(MatrixEngineKernel, UnstalledProductIsOneEvent) {
  const GemmResult result = run_gemm(Fidelity::cycle, array(16), {48, 40, 64}, 1);
  EXPECT_EQ(result.cycles, make_matrix_engine(Fidelity::analytic, array(16))->cycles({48, 40, 64}));
  EXPECT_EQ(result.folds, 3 * 4);
  EXPECT_EQ(result.events, 1U);
  EXPECT_DOUBLE_EQ(result.utilization, 48.0 * 40 * 64 / (static_cast<double>(result.cycles) * 256));
}

TEST(MatrixEngineKernel, TwoStalledArraysSideBySide) {
  const RandomEdge weights(1, 20, 3), activations(2, 20, 5), output(3, 20, 2);
  const Edges edges{weights, activations, output};
  const sc_core::sc_time period(1, sc_core::SC_NS);
  CycleArray first("first", array(4), {10, 9, 21}, edges, period);
  CycleArray second("second", array(8), {30, 9, 21}, edges, 2 * period);
  sc_core::sc_start();
  Core alone(array(4), {10, 9, 21}, edges);
  while (!alone.done()) alone.advance();
  EXPECT_TRUE(first.done());
  EXPECT_EQ(first.cycles(), alone.cycles());
  EXPECT_GT(second.cycles(), make_matrix_engine(Fidelity::analytic, array(8))->cycles({30, 9, 21}));
  // cycles() elaborates nothing, so it works after the simulation too.
  EXPECT_EQ(make_matrix_engine(Fidelity::cycle, array(1))->cycles({1, 1, 1}), 4U);
}

TEST(MatrixEngineKernel, GemmComparesEveryValue) {
  const GemmResult result = run_gemm(Fidelity::rtl, array(4), {11, 10, 17}, 7);
  EXPECT_TRUE(result.values_verified);
  EXPECT_EQ(result.mismatches, 0);
  EXPECT_EQ(result.cycles, run_gemm(Fidelity::analytic, array(4), {11, 10, 17}, 7).cycles);
  EXPECT_NE(result.checksum, run_gemm(Fidelity::rtl, array(4), {11, 10, 17}, 8).checksum);
}

}  // namespace
}  // namespace headroom::matrix_engine
