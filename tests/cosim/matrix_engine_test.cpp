// golden, cycle, analytic and rtl of the matrix engine on random ragged products with and without
// stalls: values bit for bit, cycles exactly. HEADROOM_SEED and HEADROOM_CASE replay one case.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "models/matrix_engine/analytic.h"
#include "models/matrix_engine/rtl.h"
#include "tests/cosim/matrix_engine_cases.h"

namespace headroom::matrix_engine {
namespace {

TEST(MatrixEngineCosim, IntegerOn4x4) { check_cases(Datapath::integer, 4, 1, 300); }
TEST(MatrixEngineCosim, IntegerOn4x4Dot4) { check_cases(Datapath::integer, 4, 4, 200); }
TEST(MatrixEngineCosim, IntegerOn8x8) { check_cases(Datapath::integer, 8, 1, 40); }
TEST(MatrixEngineCosim, IntegerOn16x16) { check_cases(Datapath::integer, 16, 1, 6); }
TEST(MatrixEngineCosim, NarrowOn4x4) { check_cases(Datapath::narrow, 4, 1, 150); }
TEST(MatrixEngineCosim, NarrowOn4x4Dot4) { check_cases(Datapath::narrow, 4, 4, 100); }
TEST(MatrixEngineCosim, NarrowOn8x8) { check_cases(Datapath::narrow, 8, 1, 15); }
TEST(MatrixEngineCosim, NarrowOn16x16) { check_cases(Datapath::narrow, 16, 1, 2); }
TEST(MatrixEngineCosim, HalfOn4x4) { check_cases(Datapath::half, 4, 1, 250); }
TEST(MatrixEngineCosim, HalfOn4x4Dot4) { check_cases(Datapath::half, 4, 4, 150); }
TEST(MatrixEngineCosim, HalfOn8x8) { check_cases(Datapath::half, 8, 1, 30); }
TEST(MatrixEngineCosim, HalfOn16x16) { check_cases(Datapath::half, 16, 1, 4); }
TEST(MatrixEngineCosim, SingleOn4x4) { check_cases(Datapath::single, 4, 1, 250); }

// Truncated sums: the bits kept are chosen at run time.
TEST(MatrixEngineCosim, AlignBits) {
  for (const Format format : {Format::bf16, Format::tf32, Format::fp8_e4m3, Format::fp4_e2m1})
    for (const int bits : {1, 7, 14, 25, 30})
      for (const Dataflow dataflow : dataflows)
        for (std::uint64_t i = 0; i < 15; ++i) {
          cosim::Options options;
          options.array = array(4, format, dataflow);
          options.array.dot_length = 4;
          options.array.align_bits = bits;
          check_case(options, i);
          if (testing::Test::HasFatalFailure()) return;
        }
}

// Sums that leave the range of int32, in the elements and in the accumulator; both signs.
TEST(MatrixEngineCosim, WrapsAndSaturates) {
  const std::int64_t k = (std::int64_t{1} << 17) + 4101;
  const auto codes = [](std::int64_t count, std::uint32_t code) {
    return std::vector<std::uint32_t>(static_cast<std::size_t>(count), code);
  };
  for (const Dataflow dataflow : dataflows)
    for (const bool saturate : {false, true})
      for (const std::uint32_t factor : {0x80U, 0x7FU}) {
        ArrayParameters parameters = array(4, Format::int8, dataflow);
        parameters.dot_length = 4;
        parameters.saturate = saturate;
        golden::Operands operands{{2, 1, k}, codes(2 * k, 0x80), codes(k, factor), {}, {}};
        std::fill(operands.a.begin(), operands.a.begin() + k, 0x7F);  // one sum up, one down
        const RtlRun run = run_rtl(parameters, operands, open_edges());
        EXPECT_EQ(run.values, golden::multiply(parameters, operands));
        const std::vector<std::uint32_t> clamped{
            factor == 0x7F ? 0x7FFFFFFFU : 0x80000000U, factor == 0x7F ? 0x80000000U : 0x7FFFFFFFU};
        EXPECT_EQ(run.values == clamped, saturate);
      }
}

// The pictures of docs/blocks/matrix_engine.md; tests/models holds analytic and cycle to the same.
Cycles rtl_cycles(int edge, Dataflow dataflow, bool double_buffered, const Product& product) {
  return RtlEngine(array(edge, Format::int8, dataflow, double_buffered)).cycles(product);
}

TEST(MatrixEngineCosim, HandDrawnWeightStationary) {
  const auto ws = Dataflow::weight_stationary;
  EXPECT_EQ(rtl_cycles(1, ws, true, {1, 1, 1}), 4U);
  EXPECT_EQ(rtl_cycles(1, ws, true, {1, 1, 3}), 6U);
  EXPECT_EQ(rtl_cycles(1, ws, false, {1, 1, 3}), 8U);
  EXPECT_EQ(rtl_cycles(2, ws, true, {3, 2, 4}), 12U);
  EXPECT_EQ(rtl_cycles(2, ws, false, {3, 2, 4}), 14U);
  EXPECT_EQ(rtl_cycles(4, ws, true, {1, 4, 8}), 17U);
}

TEST(MatrixEngineCosim, HandDrawnInputStationary) {
  const auto is = Dataflow::input_stationary;
  EXPECT_EQ(rtl_cycles(1, is, true, {1, 1, 3}), 6U);
  EXPECT_EQ(rtl_cycles(2, is, true, {2, 3, 4}), 12U);
  EXPECT_EQ(rtl_cycles(2, is, false, {2, 3, 4}), 14U);
  EXPECT_EQ(rtl_cycles(4, is, true, {4, 1, 8}), 17U);
}

TEST(MatrixEngineCosim, HandDrawnOutputStationary) {
  const auto os = Dataflow::output_stationary;
  EXPECT_EQ(rtl_cycles(1, os, true, {1, 1, 1}), 3U);
  EXPECT_EQ(rtl_cycles(1, os, true, {1, 1, 3}), 5U);
  EXPECT_EQ(rtl_cycles(1, os, true, {3, 1, 1}), 5U);
  EXPECT_EQ(rtl_cycles(1, os, false, {3, 1, 1}), 7U);
  EXPECT_EQ(rtl_cycles(2, os, true, {4, 2, 3}), 11U);
  EXPECT_EQ(rtl_cycles(2, os, false, {4, 2, 3}), 13U);
  EXPECT_EQ(rtl_cycles(4, os, true, {8, 4, 1}), 16U);
  EXPECT_EQ(rtl_cycles(4, os, false, {8, 4, 1}), 17U);
}

TEST(MatrixEngineCosim, FullAccumulatorBank) {
  // As many rows as the bank has, one less and one more.
  RtlEngine engine(array(4, Format::int8));
  AnalyticEngine analytic(array(4, Format::int8));
  for (const std::int64_t m :
       {rtl_accumulator_rows - 1, rtl_accumulator_rows, rtl_accumulator_rows + 1})
    EXPECT_EQ(engine.cycles({m, 4, 8}), analytic.cycles({m, 4, 8}));
}

// An input that is withdrawn before it is taken is the neighbour's fault, and the assertions say
// so.
TEST(MatrixEngineCosim, WithdrawnBeatFiresAnAssertion) {
  const auto misbehave = [](bool output_stationary) {
    const auto pins = RtlPins::make({Datapath::integer, 4, 4, 1}, 1);
    pins->reset({Format::int8, false, 0, output_stationary, true});
    const std::uint32_t beat[2] = {};
    RtlPins::Inputs inputs;
    inputs.activation_valid = true;  // no weights yet: not ready
    inputs.activations = beat;
    for (int cycle = 0; cycle < 3; ++cycle) {
      (void)pins->settle(inputs);
      pins->clock();
      inputs.activation_valid = false;
    }
  };
  EXPECT_EXIT(misbehave(false), testing::KilledBySignal(SIGABRT), "");
  EXPECT_EXIT(misbehave(true), testing::KilledBySignal(SIGABRT), "");
}

}  // namespace
}  // namespace headroom::matrix_engine
