// Time of the matrix engine: hand-drawn cases, then analytic against cycle over a grid of shapes.
// The pictures of the hand-drawn cases stand in docs/blocks/matrix_engine.md; tests/cosim holds the
// RTL to the same numbers.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "models/matrix_engine/analytic.h"
#include "models/matrix_engine/core.h"
#include "models/matrix_engine/fold_time.h"

namespace headroom::matrix_engine {
namespace {

constexpr std::array<Dataflow, 3> dataflows{
    Dataflow::weight_stationary, Dataflow::output_stationary, Dataflow::input_stationary};

ArrayParameters array(int rows, int columns, bool double_buffered = true,
                      Dataflow dataflow = Dataflow::weight_stationary) {
  ArrayParameters parameters;
  parameters.dataflow = dataflow;
  parameters.rows = rows;
  parameters.columns = columns;
  parameters.double_buffered = double_buffered;
  return parameters;
}

Cycles analytic_cycles(const ArrayParameters& parameters, const Product& product) {
  return AnalyticEngine(parameters).cycles(product);
}

Cycles core_cycles(const ArrayParameters& parameters, const Product& product) {
  Core core(parameters, product, open_edges());
  while (!core.done()) core.advance();
  return core.cycles();
}

void expect_cycles(const ArrayParameters& parameters, const Product& product, Cycles expected) {
  EXPECT_EQ(analytic_cycles(parameters, product), expected);
  EXPECT_EQ(core_cycles(parameters, product), expected);
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
  EXPECT_EQ(analytic_cycles(parameters, {16, 4, 64}), analytic_cycles(array(4, 4), {16, 4, 8}));
}

TEST(MatrixEngineTiming, InputStationaryIsTheTransposedProduct) {
  for (const bool double_buffered : {true, false})
    expect_cycles(array(4, 3, double_buffered, Dataflow::input_stationary), {5, 11, 9},
                  analytic_cycles(array(4, 3, double_buffered), {11, 5, 9}));
}

TEST(MatrixEngineTiming, OutputStationaryOneByOne) {
  const auto os = [](bool double_buffered) {
    return array(1, 1, double_buffered, Dataflow::output_stationary);
  };
  // cycle 0 beat, 1 its sum stands in the drain register, 2 output
  expect_cycles(os(true), {1, 1, 1}, 3);
  expect_cycles(os(true), {1, 1, 3}, 5);
  expect_cycles(os(true), {3, 1, 1}, 5);   // a tile a cycle
  expect_cycles(os(false), {3, 1, 1}, 7);  // a tile in two
}

TEST(MatrixEngineTiming, OutputStationaryTwoByTwo) {
  const auto os = [](bool double_buffered) {
    return array(2, 2, double_buffered, Dataflow::output_stationary);
  };
  // beats 0 1 2 | 3 4 5 | outputs 6 7 and 9 10
  expect_cycles(os(true), {4, 2, 3}, 11);
  // beats 0 1 2 | 5 6 7 | outputs 6 7 and 11 12
  expect_cycles(os(false), {4, 2, 3}, 13);
}

TEST(MatrixEngineTiming, OutputStationaryDrainIsExposedWhenKIsShort) {
  const auto os = [](bool double_buffered) {
    return array(4, 4, double_buffered, Dataflow::output_stationary);
  };
  // One beat a tile: at 0 and 4; outputs 8 to 11 and 12 to 15.
  expect_cycles(os(true), {8, 4, 1}, 16);
  // At 0 and 5; outputs 8 to 11 and 13 to 16.
  expect_cycles(os(false), {8, 4, 1}, 17);
}

// What `headroom scalesim` composes: load + stream + skew of every fold, nothing overlapped.
TEST(MatrixEngineTiming, PhasesOfAFoldAlone) {
  const ArrayParameters ws = array(4, 3);
  EXPECT_EQ(
      fold_time(ws, 7).load + fold_time(ws, 7).stream + fold_time(ws, 7).skew, 7 + 2 * 4 + 3 - 2);
  const ArrayParameters os = array(4, 3, true, Dataflow::output_stationary);
  EXPECT_EQ(fold_time(os, 7).load + fold_time(os, 7).stream + fold_time(os, 7).skew, 7 + 4 + 3 - 2);
  // One fold: the tile's rows and columns, and what streams.
  expect_cycles(ws, {7, 3, 4}, static_cast<Cycles>(fold_time(ws, 7).alone()));
  expect_cycles(os, {4, 3, 7}, static_cast<Cycles>(fold_time(os, 7).alone()));
}

TEST(MatrixEngineTiming, AnalyticEqualsCycle) {
  const std::vector<std::int64_t> sizes{1, 2, 3, 5, 7, 8, 9, 13, 16, 17, 31, 64, 127, 129, 257};
  for (const auto& [dataflow, double_buffered] : std::vector<std::pair<Dataflow, bool>>{
           {Dataflow::weight_stationary, true},
           {Dataflow::weight_stationary, false},
           {Dataflow::output_stationary, true},
           {Dataflow::output_stationary, false},
           {Dataflow::input_stationary, true},
           {Dataflow::input_stationary, false}})
    for (const auto& [rows, columns] :
         std::vector<std::pair<int, int>>{{1, 1}, {2, 3}, {8, 8}, {16, 4}, {128, 128}})
      for (const int accumulator_rows : {1, 7, 1024})
        for (const int dot_length : {1, 4}) {
          ArrayParameters parameters = array(rows, columns, double_buffered, dataflow);
          parameters.accumulator_rows = accumulator_rows;
          parameters.dot_length = dot_length;
          for (const std::int64_t m : sizes)
            for (const std::int64_t n : sizes)
              for (const std::int64_t k : sizes)
                ASSERT_EQ(
                    analytic_cycles(parameters, {m, n, k}), core_cycles(parameters, {m, n, k}))
                    << rows << "x" << columns << " m " << m << " n " << n << " k " << k
                    << " accumulator rows " << accumulator_rows << " dot length " << dot_length
                    << " double buffered " << double_buffered << " " << to_string(dataflow);
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
  for (std::uint64_t seed = 1; seed <= 900; ++seed) {
    const auto pick = [&](std::uint64_t salt, int most) {
      return static_cast<int>(mix(seed * 64 + salt) % static_cast<std::uint64_t>(most)) + 1;
    };
    ArrayParameters parameters = array(pick(0, 9), pick(1, 9), seed % 2 == 0, dataflows[seed % 3]);
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
    ASSERT_GE(windows.cycles(), analytic_cycles(parameters, product)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace headroom::matrix_engine
