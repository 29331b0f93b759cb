// headroom gemm, from the outside.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

const std::string product = "gemm -m 48 -n 40 -k 64 --array 16x16 --format bf16";

TEST(Gemm, TheRtlAgreesWithTheGoldenModelAndTheCycleModelWithTheRtl) {
  Json cycles;
  for (const std::string fidelity : {"rtl", "cycle", "analytic"}) {
    const Finished program = headroom_program(product + " --fidelity " + fidelity + " --json -");
    ASSERT_EQ(program.exit_code, 0) << program.err;
    const Json result = Json::parse(program.out);
    for (const char* key :
         {"m", "n", "k", "array", "format", "fidelity", "cycles", "folds", "macs", "utilization",
          "value_mismatches", "seconds", "events"})
      EXPECT_TRUE(result.contains(key)) << key;
    EXPECT_EQ(result["macs"], 48 * 40 * 64);
    EXPECT_EQ(result["folds"], 3 * 4);
    if (fidelity == "rtl") {
      cycles = result["cycles"];
      EXPECT_EQ(result["value_mismatches"], 0);
    }
    EXPECT_EQ(result["cycles"], cycles) << fidelity;
  }
}

TEST(Gemm, WithoutJsonPrintsATable) {
  const Finished program = headroom_program(product + " --fidelity cycle");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  EXPECT_NE(program.out.find("cycles"), std::string::npos);
}

TEST(Gemm, WrongOptionsAreWrongInput) {
  const std::string behind = "\nRun 'headroom gemm --help' for what it takes.\n";
  const Finished format = headroom_program("gemm -m 1 -n 1 -k 1 --array 4x4 --format bf6");
  EXPECT_EQ(format.exit_code, 2);
  EXPECT_EQ(
      format.err,
      "headroom gemm: --format: found 'bf6'; expected one of fp32, tf32, bf16, fp16, fp8_e4m3, "
      "fp8_e5m2, fp6_e3m2, "
      "fp6_e2m3, fp4_e2m1, int8, int4, mxfp8_e4m3, mxfp8_e5m2, mxfp6_e3m2, mxfp6_e2m3, "
      "mxfp4, mxint8, nvfp4; did you mean 'bf16'?" +
          behind);
  const Finished array = headroom_program("gemm -m 1 -n 1 -k 1 --array 4by4");
  EXPECT_EQ(array.exit_code, 2);
  EXPECT_EQ(
      array.err,
      "headroom gemm: --array: found '4by4'; expected ROWSxCOLUMNS, each from 1 to 4096, "
      "such as 16x16" +
          behind);
  const Finished zero = headroom_program("gemm -m 0 -n 1 -k 1 --array 4x4");
  EXPECT_EQ(zero.exit_code, 2);
}

TEST(Gemm, AFidelityThatIsMissingIsWrongInput) {
  const Finished program = headroom_program(product + " --fidelity golden --json -");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
}

}  // namespace
}  // namespace headroom
