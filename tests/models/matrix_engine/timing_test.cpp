// Time of the matrix engine: hand-drawn cases, then analytic against cycle over a grid of shapes.
// The pictures of the hand-drawn cases stand in docs/blocks/matrix_engine.md; tests/cosim holds the
// RTL to the same numbers.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "models/matrix_engine/core.h"
#include "models/matrix_engine/gemm.h"
#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine {
namespace {

ArrayParameters array(int rows, int columns, bool double_buffered = true) {
  ArrayParameters parameters;
  parameters.rows = rows;
  parameters.columns = columns;
  parameters.double_buffered = double_buffered;
  return parameters;
}

void expect_cycles(const ArrayParameters& parameters, const Product& product, Cycles expected) {
  for (const Fidelity fidelity : {Fidelity::analytic, Fidelity::cycle})
    EXPECT_EQ(make_matrix_engine(fidelity, parameters)->cycles(product), expected)
        << to_string(fidelity);
}

TEST(MatrixEngineTiming, OneByOneSingleValue) {
  // cycle 0 weight, 1 activation, 2 its sum reaches the accumulator, 3 output
  expect_cycles(array(1, 1), {1, 1, 1}, 4);
}

TEST(MatrixEngineTiming, OneByOneThreeFolds) {
  // One fold a cycle: weight f+1 enters in the cycle of activation f.
  expect_cycles(array(1, 1), {1, 1, 3}, 6);
  // Single buffered each fold takes two cycles.
  expect_cycles(array(1, 1, false), {1, 1, 3}, 8);
}

TEST(MatrixEngineTiming, TwoByTwoTwoFolds) {
  // weights 0 1 | activations 2 3 4, weights 2 3 | activations 5 6 7 | outputs 9 10 11
  expect_cycles(array(2, 2), {3, 2, 4}, 12);
  // weights 0 1 | activations 2 3 4 | weights 5 6 | activations 7 8 9 | outputs 11 12 13
  expect_cycles(array(2, 2, false), {3, 2, 4}, 14);
}

TEST(MatrixEngineTiming, FourByFourLoadIsExposedWhenRowsAreFew) {
  // One activation beat a fold cannot hide four weight beats: a fold every 4 cycles.
  // weights 0-3 | activation 4, weights 4-7 | activation 8 | output 16
  expect_cycles(array(4, 4), {1, 4, 8}, 17);
}

TEST(MatrixEngineTiming, RowsBeyondTheAccumulatorGoInBlocks) {
  ArrayParameters parameters = array(2, 2);
  parameters.accumulator_rows = 3;
  // 5 rows = blocks of 3 and 2; two folds each: intervals 3 3 2, then 2 beats; fill 2*2 + 2.
  expect_cycles(parameters, {5, 2, 4}, 16);
}

TEST(MatrixEngineTiming, DotLengthDeepensTheFold) {
  ArrayParameters parameters = array(4, 4);
  parameters.dot_length = 8;
  EXPECT_EQ(make_matrix_engine(Fidelity::analytic, parameters)->cycles({16, 4, 64}),
            make_matrix_engine(Fidelity::analytic, array(4, 4))->cycles({16, 4, 8}));
}

TEST(MatrixEngineTiming, AnalyticEqualsCycle) {
  const std::vector<std::int64_t> sizes{1, 2, 3, 5, 7, 8, 9, 13, 16, 17, 31, 64, 127, 129, 257};
  for (const bool double_buffered : {true, false})
    for (const auto& [rows, columns] :
         std::vector<std::pair<int, int>>{{1, 1}, {2, 3}, {8, 8}, {16, 4}, {128, 128}})
      for (const int accumulator_rows : {1, 7, 1024})
        for (const int dot_length : {1, 4}) {
          ArrayParameters parameters = array(rows, columns, double_buffered);
          parameters.accumulator_rows = accumulator_rows;
          parameters.dot_length = dot_length;
          const auto analytic = make_matrix_engine(Fidelity::analytic, parameters);
          const auto cycle = make_matrix_engine(Fidelity::cycle, parameters);
          for (const std::int64_t m : sizes)
            for (const std::int64_t n : sizes)
              for (const std::int64_t k : sizes)
                ASSERT_EQ(analytic->cycles({m, n, k}), cycle->cycles({m, n, k}))
                    << rows << "x" << columns << " m " << m << " n " << n << " k " << k
                    << " accumulator rows " << accumulator_rows << " dot length " << dot_length
                    << " double buffered " << double_buffered;
        }
}

// Long spans of open edges are one event, and give the same time as one event per cycle.
TEST(MatrixEngineTiming, WindowsDoNotChangeTheTime) {
  class OneCycleAtATime final : public Edge {
   public:
    explicit OneCycleAtATime(const Edge& edge) : edge_(edge) {}
    [[nodiscard]] Cycles open_for(Cycles cycle) const override {
      return edge_.open_for(cycle) > 0 ? 1 : 0;
    }

   private:
    const Edge& edge_;
  };
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto pick = [&](std::uint64_t salt, int most) {
      return static_cast<int>(mix(seed * 64 + salt) % static_cast<std::uint64_t>(most)) + 1;
    };
    ArrayParameters parameters = array(pick(0, 9), pick(1, 9), seed % 2 == 0);
    parameters.accumulator_rows = pick(2, 20);
    const Product product{pick(3, 40), pick(4, 20), pick(5, 40)};
    const auto span = static_cast<Cycles>(pick(6, 30));
    const RandomEdge weights(seed * 3, 30, span), activations(seed * 3 + 1, 30, span),
        output(seed * 3 + 2, 30, span);
    const OneCycleAtATime w(weights), a(activations), o(output);
    Core windows(parameters, product, {weights, activations, output});
    Core single(parameters, product, {w, a, o});
    while (!windows.done()) windows.advance();
    while (!single.done()) single.advance();
    ASSERT_EQ(windows.cycles(), single.cycles()) << "seed " << seed;
    ASSERT_GE(windows.cycles(), make_matrix_engine(Fidelity::analytic, parameters)->cycles(product))
        << "seed " << seed;
  }
}

std::string message(Fidelity fidelity, const ArrayParameters& parameters) {
  try {
    (void)make_matrix_engine(fidelity, parameters);
  } catch (const UnavailableFidelity& error) {
    return error.what();
  }
  return "";
}

TEST(MatrixEngineFidelity, MessagesListWhatExists) {
  EXPECT_EQ(message(Fidelity::rtl, array(128, 128)),
            "matrix_engine rtl is built for 4x4, 8x8, 16x16 of bf16, int8; found 128x128");
  ArrayParameters parameters = array(8, 8);
  parameters.format = Format::fp8_e4m3;
  EXPECT_EQ(message(Fidelity::rtl, parameters),
            "matrix_engine rtl is built for 4x4, 8x8, 16x16 of bf16, int8; found 8x8 of fp8_e4m3");
  parameters = array(8, 8);
  parameters.dot_length = 4;
  EXPECT_EQ(
      message(Fidelity::rtl, parameters),
      "matrix_engine rtl is built for 4x4, 8x8, 16x16 of bf16, int8; found 8x8 with dot length 4");
  EXPECT_EQ(message(Fidelity::golden, array(8, 8)),
            "matrix_engine has the fidelities analytic, cycle, rtl for time; found golden");
}

TEST(MatrixEngineFidelity, NonsenseIsRefusedAtEveryFidelity) {
  for (const Fidelity fidelity : {Fidelity::analytic, Fidelity::cycle, Fidelity::rtl}) {
    EXPECT_THROW((void)make_matrix_engine(fidelity, array(0, 4)), std::invalid_argument);
    EXPECT_THROW(
        (void)make_matrix_engine(fidelity, array(4, 4))->cycles({4, 0, 4}), std::invalid_argument);
  }
}

}  // namespace
}  // namespace headroom::matrix_engine
