// Random cases of the matrix engine at every fidelity, as GoogleTest assertions. HEADROOM_SEED and
// HEADROOM_CASE replay one.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "models/matrix_engine/cosim.h"
#include "tests/support/seed.h"

namespace headroom::matrix_engine {

inline constexpr std::array<Dataflow, 3> dataflows{
    Dataflow::weight_stationary, Dataflow::output_stationary, Dataflow::input_stationary};

inline ArrayParameters array(
    int edge, Format format, Dataflow dataflow = Dataflow::weight_stationary,
    bool double_buffered = true) {
  ArrayParameters parameters;
  parameters.rows = parameters.columns = edge;
  parameters.format = format;
  parameters.dataflow = dataflow;
  parameters.double_buffered = double_buffered;
  return parameters;
}

inline void check_case(const cosim::Options& options, std::uint64_t number) {
  const cosim::Case one = cosim::draw(options, number);
  const cosim::Outcome outcome = cosim::run(one, options.stalls);
  const Product& p = one.product;
  SCOPED_TRACE(
      std::string(to_string(one.array.format)) + " " + std::string(to_string(one.array.dataflow)) +
      ", " + replay() + " HEADROOM_CASE=" + std::to_string(number) + ": m " + std::to_string(p.m) +
      " n " + std::to_string(p.n) + " k " + std::to_string(p.k) + " accumulator rows " +
      std::to_string(one.array.accumulator_rows) + " double buffered " +
      std::to_string(one.array.double_buffered) + " values " +
      std::to_string(static_cast<int>(one.values)));
  ASSERT_EQ(outcome.rtl.values, outcome.expected);
  ASSERT_EQ(outcome.cycle_cycles, outcome.rtl.cycles);
  if (!options.stalls) {
    ASSERT_EQ(outcome.analytic_cycles, outcome.rtl.cycles);
  }
}

// `count` cases for each format of the datapath and each dataflow, half of them without stalls;
// variants that this build lacks (a sanitizer build has the small ones only) are skipped.
inline void check_cases(Datapath datapath, int edge, int dot_length, std::uint64_t count) {
  const auto& built = RtlPins::built();
  if (std::find(built.begin(), built.end(), RtlPins::Variant{datapath, edge, edge, dot_length}) ==
      built.end())
    GTEST_SKIP() << "not in HEADROOM_MATRIX_ENGINE_VARIANTS";
  const char* only = std::getenv("HEADROOM_CASE");
  for (std::size_t f = 0; f < format_names.size(); ++f) {
    const auto format = static_cast<Format>(f);
    if (datapath_of(format) != datapath) continue;
    for (const Dataflow dataflow : dataflows)
      for (const bool stalls : {true, false}) {
        cosim::Options options;
        options.array = array(edge, format, dataflow);
        options.array.dot_length = dot_length;
        options.seed = seed();
        options.stalls = stalls;
        const std::uint64_t first = only ? std::strtoull(only, nullptr, 0) : 0;
        for (std::uint64_t i = first; i < (only ? first + 1 : count); ++i) {
          check_case(options, i);
          if (testing::Test::HasFatalFailure()) return;
        }
      }
  }
}

}  // namespace headroom::matrix_engine
