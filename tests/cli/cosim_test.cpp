// headroom cosim, from the outside.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "models/matrix_engine/golden.h"
#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

const std::string cosim = "cosim --block matrix_engine ";

TEST(Cosim, ReportsEveryKeyAndNoDifference) {
  for (const std::string stalls : {"none", "random"}) {
    const Finished program = headroom_program(
        cosim + "--format all --dataflow all --cases 2 --json - --stalls " + stalls);
    ASSERT_EQ(program.exit_code, 0) << program.err;
    const Json result = Json::parse(program.out);
    for (const char* key :
         {"cases", "value_mismatches", "cycle_mismatches", "max_cycle_error", "rtl_cycles",
          "cycle_cycles", "analytic_cycles", "rtl_seconds", "cycle_seconds", "first_failure"})
      EXPECT_TRUE(result.contains(key)) << key;
    EXPECT_EQ(result["cases"], 18 * 3 * 2);
    EXPECT_EQ(result["value_mismatches"], 0);
    EXPECT_EQ(result["cycle_mismatches"], 0);
    EXPECT_EQ(result["max_cycle_error"], 0);
    EXPECT_TRUE(result["first_failure"].is_null());
    EXPECT_EQ(result["cycle_cycles"], result["rtl_cycles"]);
    if (stalls == "none") {
      EXPECT_EQ(result["analytic_cycles"], result["rtl_cycles"]);
    } else {
      EXPECT_LT(result["analytic_cycles"], result["rtl_cycles"]);
    }
  }
}

// The dump holds all that is needed to compute the results again.
TEST(Cosim, DumpCanBeRecomputed) {
  const std::string file = temporary("cosim.jsonl");
  const Finished program = headroom_program(
      cosim + "--format nvfp4 --dataflow output_stationary --dot 4 --cases 12 --seed 5 " +
      "--json /dev/null --dump " + file);
  ASSERT_EQ(program.exit_code, 0) << program.err;
  std::istringstream lines(file_content(file));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json one = Json::parse(line);
    EXPECT_EQ(one["case"], count);
    EXPECT_EQ(one["array"], "4x4");
    matrix_engine::ArrayParameters array;
    array.rows = array.columns = 4;
    array.dot_length = one["dot_length"];
    array.format = Format::nvfp4;
    array.dataflow = matrix_engine::Dataflow::output_stationary;
    array.align_bits = one["align_bits"];
    array.saturate = one["saturate"];
    array.double_buffered = one["double_buffered"];
    array.accumulator_rows = one["accumulator_rows"];
    const matrix_engine::golden::Operands operands{
        {one["m"], one["n"], one["k"]}, one["a"], one["b"], one["a_scales"], one["b_scales"]};
    EXPECT_EQ(one["c"].get<std::vector<std::uint32_t>>(),
              matrix_engine::golden::multiply(array, operands));
    EXPECT_GT(one["cycles"], 0);
  }
  EXPECT_EQ(count, 12);
}

TEST(Cosim, SameSeedSameCasesOtherSeedOthers) {
  const auto cycles = [](const std::string& options) {
    return Json::parse(headroom_program(cosim + "--cases 5 --json - " + options).out)["rtl_cycles"];
  };
  EXPECT_EQ(cycles("--seed 3"), cycles("--seed 3"));
  EXPECT_NE(cycles("--seed 3"), cycles("--seed 4"));
}

TEST(Cosim, WithoutJsonPrintsATable) {
  const Finished program = headroom_program(
      cosim + "--format all --dot 4 --cases 1 --align-bits 14");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  EXPECT_NE(program.out.find("value mismatches   0\n"), std::string::npos) << program.out;
  EXPECT_NE(program.out.find("not built          fp32\n"), std::string::npos) << program.out;
}

TEST(Cosim, LinkReportsEveryKeyAndNoDifference) {
  for (const std::string flit : {"64", "128", "256"})
    for (const std::string disturbed : {"none", "random"}) {
      const Finished program = headroom_program(
          "cosim --block link --cases 10 --json - --flit-bits " + flit + " --stalls " + disturbed +
          " --bit-errors " + disturbed);
      ASSERT_EQ(program.exit_code, 0) << program.err;
      const Json result = Json::parse(program.out);
      EXPECT_EQ(result["cases"], 10);
      EXPECT_EQ(result["value_mismatches"], 0);
      EXPECT_EQ(result["cycle_mismatches"], 0);
      EXPECT_EQ(result["max_cycle_error"], 0);
      EXPECT_EQ(result["cycle_cycles"], result["rtl_cycles"]);
      EXPECT_TRUE(result["first_failure"].is_null());
      EXPECT_EQ(result["flit_bits"], std::stoi(flit));
      EXPECT_EQ(result["bit_errors"], disturbed);
    }
}

TEST(Cosim, LinkDumpHoldsEveryFlitOnce) {
  const std::string file = temporary("link.jsonl");
  const Finished program = headroom_program(
      "cosim --block link --cases 5 --json /dev/null --dump " + file);
  ASSERT_EQ(program.exit_code, 0) << program.err;
  std::istringstream lines(file_content(file));
  for (std::string line; std::getline(lines, line);) {
    const Json one = Json::parse(line);
    const auto messages = one["messages"].get<std::vector<std::size_t>>();
    std::size_t number = 0;
    for (const std::size_t flits : messages)
      for (std::size_t i = 0; i < flits; ++i, ++number) {
        ASSERT_LT(number, one["flits"].size());
        EXPECT_EQ(one["flits"][number]["last"], i == flits - 1);
      }
    EXPECT_EQ(number, one["flits"].size());
  }
}

TEST(Cosim, ALinkThatCannotGoOnNamesWhoWaitsForWhom) {
  const Finished program = headroom_program("cosim --block link --cases 1 --shut-sink --json -");
  EXPECT_EQ(program.exit_code, 1);
  EXPECT_NE(program.err.find("link stands still: nothing has moved for"), std::string::npos)
      << program.err;
  EXPECT_NE(program.err.find("the receiver waits for the sink"), std::string::npos) << program.err;
}

TEST(Cosim, LinkThatWasNotBuiltListsThoseThatWere) {
  const Finished program = headroom_program("cosim --block link --flit-bits 192");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_NE(program.err.find("link rtl is built for flits of 64 bits"), std::string::npos)
      << program.err;
}

TEST(Cosim, WrongOptionsAreWrongInput) {
  const auto complaint = [](const std::string& options) {
    const Finished program = headroom_program("cosim " + options);
    EXPECT_EQ(program.exit_code, 2) << options;
    EXPECT_EQ(program.out, "") << options;
    return program.err;
  };
  const std::string nearest = complaint("--block matrix_engin");
  EXPECT_NE(nearest.find(
                "--block: found 'matrix_engin'; expected one of matrix_engine, scratchpad, link"),
            std::string::npos);
  EXPECT_NE(nearest.find("; did you mean 'matrix_engine'?"), std::string::npos);
  EXPECT_NE(complaint("--block matrix_engine --array 5x5").find("found half 5x5 (bf16)"),
            std::string::npos);
  EXPECT_NE(
      complaint("--block matrix_engine --align-bits 7").find("align_bits"), std::string::npos);
  EXPECT_NE(
      complaint("--block matrix_engine --dump -").find("give --json a file"), std::string::npos);
  EXPECT_NE(complaint("--block matrix_engine --stalls some").find("expected one of none, random"),
            std::string::npos);
}

}  // namespace
}  // namespace headroom
