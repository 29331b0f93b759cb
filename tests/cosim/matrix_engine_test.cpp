// golden, cycle and rtl of the matrix engine on random and ragged products with and without stalls:
// values bit for bit, cycles exactly. HEADROOM_SEED and HEADROOM_CASE replay one case.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "models/matrix_engine/analytic.h"
#include "models/matrix_engine/core.h"
#include "models/matrix_engine/gemm.h"
#include "models/matrix_engine/golden.h"
#include "models/matrix_engine/rtl.h"

namespace headroom::matrix_engine {
namespace {

std::uint64_t environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 0) : otherwise;
}

ArrayParameters array(int edge, Format format, bool double_buffered = true) {
  ArrayParameters parameters;
  parameters.rows = parameters.columns = edge;
  parameters.format = format;
  parameters.double_buffered = double_buffered;
  return parameters;
}

// One case: everything about it follows from its seed.
struct Case {
  ArrayParameters parameters;
  Product product;
  golden::Values values;
  unsigned shut_percent;
  Cycles span;
  std::uint64_t seed;

  Case(int edge, Format format, std::uint64_t case_seed)
      : parameters(array(edge, format)), seed(mix(case_seed)) {
    const auto pick = [this](std::uint64_t salt, int most) {
      return static_cast<std::int64_t>(mix(seed + salt) % static_cast<std::uint64_t>(most)) + 1;
    };
    parameters.double_buffered = pick(0, 4) > 1;
    parameters.accumulator_rows = pick(1, 2) == 1 ? static_cast<int>(pick(2, 2 * edge))
                                                  : rtl_accumulator_rows;
    product = {pick(3, 4 * edge), pick(4, 4 * edge), pick(5, 4 * edge)};
    values = static_cast<golden::Values>(pick(6, 3) - 1);
    shut_percent = static_cast<unsigned>(pick(7, 3) - 1) * 25;  // 0: no stalls
    span = static_cast<Cycles>(pick(8, 12));
  }
};

void check_case(const Case& c) {
  const RandomEdge weights(c.seed + 1, c.shut_percent, c.span),
      activations(c.seed + 2, c.shut_percent, c.span), output(c.seed + 3, c.shut_percent, c.span);
  const Edges edges{weights, activations, output};
  const golden::Operands operands = golden::random_operands(
      c.parameters.format, c.product, c.seed, c.values);
  const RtlRun rtl = run_rtl(c.parameters, operands, edges, c.seed);
  ASSERT_EQ(rtl.values, golden::multiply(c.parameters, operands));

  Core core(c.parameters, c.product, edges);
  while (!core.done()) core.advance();
  ASSERT_EQ(core.cycles(), rtl.cycles);
  if (c.shut_percent == 0) {
    ASSERT_EQ(AnalyticEngine(c.parameters).cycles(c.product), rtl.cycles);
  }
}

void check_cases(int edge, Format format, std::uint64_t count) {
  const std::uint64_t seed = environment("HEADROOM_SEED", 1);
  const std::uint64_t only = environment("HEADROOM_CASE", count);
  for (std::uint64_t i = only < count ? only : 0; i < (only < count ? only + 1 : count); ++i) {
    const Case c(edge, format, seed * 0x100000 + i);
    SCOPED_TRACE(
        "replay with HEADROOM_SEED=" + std::to_string(seed) +
        " HEADROOM_CASE=" + std::to_string(i) + ": m " + std::to_string(c.product.m) + " n " +
        std::to_string(c.product.n) + " k " + std::to_string(c.product.k) + " accumulator rows " +
        std::to_string(c.parameters.accumulator_rows) + " double buffered " +
        std::to_string(c.parameters.double_buffered) + " values " +
        std::to_string(static_cast<int>(c.values)) + " shut " + std::to_string(c.shut_percent) +
        "% span " + std::to_string(c.span));
    check_case(c);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(MatrixEngineCosim, Bf16On4x4) { check_cases(4, Format::bf16, 2000); }
TEST(MatrixEngineCosim, Int8On4x4) { check_cases(4, Format::int8, 2000); }
TEST(MatrixEngineCosim, Bf16On8x8) { check_cases(8, Format::bf16, 400); }
TEST(MatrixEngineCosim, Int8On8x8) { check_cases(8, Format::int8, 400); }
TEST(MatrixEngineCosim, Bf16On16x16) { check_cases(16, Format::bf16, 40); }
TEST(MatrixEngineCosim, Int8On16x16) { check_cases(16, Format::int8, 40); }

// The 4x4 picture of docs/blocks/matrix_engine.md.
TEST(MatrixEngineCosim, HandDrawnCases) {
  for (const Format format : {Format::bf16, Format::int8}) {
    EXPECT_EQ(make_matrix_engine(Fidelity::rtl, array(4, format))->cycles({1, 4, 8}), 17U);
    EXPECT_EQ(make_matrix_engine(Fidelity::rtl, array(4, format))->cycles({6, 4, 8}), 24U);
    EXPECT_EQ(make_matrix_engine(Fidelity::rtl, array(4, format, false))->cycles({6, 4, 8}), 28U);
  }
}

TEST(MatrixEngineCosim, FullAccumulatorBank) {
  // As many rows as the bank has, and one more.
  const auto engine = make_matrix_engine(Fidelity::rtl, array(4, Format::int8));
  const auto analytic = make_matrix_engine(Fidelity::analytic, array(4, Format::int8));
  for (const std::int64_t m :
       {rtl_accumulator_rows - 1, rtl_accumulator_rows, rtl_accumulator_rows + 1})
    EXPECT_EQ(engine->cycles({m, 4, 8}), analytic->cycles({m, 4, 8}));
}

TEST(MatrixEngineCosim, GemmComparesEveryValue) {
  const GemmResult result = run_gemm(Fidelity::rtl, array(16, Format::bf16), {48, 40, 64}, 7);
  EXPECT_TRUE(result.values_verified);
  EXPECT_EQ(result.mismatches, 0);
  EXPECT_EQ(
      result.cycles, run_gemm(Fidelity::analytic, array(16, Format::bf16), {48, 40, 64}, 7).cycles);
  EXPECT_NE(
      result.checksum, run_gemm(Fidelity::rtl, array(16, Format::bf16), {48, 40, 64}, 8).checksum);
}

// An input that is withdrawn before it is taken is the neighbour's fault, and the assertions say
// so.
TEST(MatrixEngineCosim, WithdrawnBeatFiresAnAssertion) {
  const auto misbehave = [] {
    const auto pins = RtlPins::make({4, 4}, 1);
    pins->reset(true, true);
    const std::uint16_t beat[4] = {};
    RtlPins::Inputs inputs;
    inputs.activation_valid = true;  // no weights yet: not ready
    inputs.activations = beat;
    for (int cycle = 0; cycle < 3; ++cycle) {
      (void)pins->settle(inputs);
      pins->clock();
      inputs.activation_valid = false;
    }
  };
  EXPECT_EXIT(misbehave(), testing::KilledBySignal(SIGABRT), "");
}

}  // namespace
}  // namespace headroom::matrix_engine
