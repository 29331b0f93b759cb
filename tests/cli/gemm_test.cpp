// headroom gemm, from the outside.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

const std::string product = "gemm -m 48 -n 40 -k 64 --array 4x4 --format bf16";

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
    EXPECT_EQ(result["folds"], 10 * 16);
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

const std::string on_chip = "gemm --chip a100-80gb-sxm --format fp16 -m 1024 -n 512 -k 2048 ";

TEST(GemmOnAChip, WritesWhatItFound) {
  for (const std::string fidelity : {"analytic", "cycle"}) {
    const Finished program = headroom_program(on_chip + "--fidelity " + fidelity + " --json -");
    ASSERT_EQ(program.exit_code, 0) << program.err;
    const Json result = Json::parse(program.out);
    for (const char* key :
         {"schema", "inputs", "time_s", "cycles", "tflops", "utilization", "bound_by", "tiles",
          "mapping", "hbm_bytes", "sram_bytes", "events", "seconds"})
      EXPECT_TRUE(result.contains(key)) << key;
    const double time = result["time_s"], rate = result["tflops"];
    EXPECT_NEAR(rate * 1e12 * time, 2.0 * 1024 * 512 * 2048, 1);
    EXPECT_NEAR(result["utilization"].get<double>(), rate / 312, 1e-3);
    EXPECT_GE(result["hbm_bytes"].get<double>(), 2.0 * (1024 * 2048 + 512 * 2048 + 1024 * 512));
    EXPECT_EQ(result["events"] > 0, fidelity == "cycle");
  }
}

TEST(GemmOnAChip, TakesTheMappingThatItIsGiven) {
  const Finished program = headroom_program(
      on_chip + "--tile 128x64x32 --order m_inner --split-k 2 --json -");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  const Json mapping = Json::parse(program.out)["mapping"];
  EXPECT_EQ(mapping["tile_m"], 128);
  EXPECT_EQ(mapping["tile_n"], 64);
  EXPECT_EQ(mapping["tile_k"], 32);
  EXPECT_EQ(mapping["order"], "m_inner");
  EXPECT_EQ(mapping["split_k"], 2);
}

// A batch is as many products of the shape, groups are products of each height.
TEST(GemmOnAChip, BatchesAndGroupsAddUp) {
  const auto run = [](const std::string& arguments) {
    const Finished program = headroom_program(
        "gemm --chip tpu-v5p --format bf16 --json - " + arguments);
    EXPECT_EQ(program.exit_code, 0) << program.err;
    return Json::parse(program.out);
  };
  const Json batch = run("-m 300 -n 256 -k 512 --batch 6");
  const Json groups = run("--groups 300,300,0,300,300,300,300 -n 256 -k 512");
  EXPECT_EQ(batch["time_s"], groups["time_s"]);
  EXPECT_EQ(batch["hbm_bytes"], groups["hbm_bytes"]);
  EXPECT_NEAR(batch["tflops"].get<double>() * 1e12 * batch["time_s"].get<double>(),
              6 * 2.0 * 300 * 256 * 512, 1);
}

TEST(GemmOnAChip, SetReplacesAValueOfTheChip) {
  const std::string bound = "gemm --chip a100-80gb-sxm --format fp16 -m 64 -n 12288 -k 12288 ";
  const auto time = [&](const std::string& set) {
    const Finished program = headroom_program(bound + set + " --json -");
    EXPECT_EQ(program.exit_code, 0) << program.err;
    return Json::parse(program.out)["time_s"].get<double>();
  };
  EXPECT_LT(time("--set 'hbm.bandwidth=4 TB/s'"), 0.6 * time(""));
}

TEST(GemmOnAChip, DataAddsPowerAndTheClockThatTheCapLeaves) {
  const auto run = [](const std::string& arguments) {
    const Finished program = headroom_program(
        "gemm --chip a100-80gb-sxm -m 4096 -n 4096 -k 4096 --json - " + arguments);
    EXPECT_EQ(program.exit_code, 0) << program.err;
    return program.exit_code == 0 ? Json::parse(program.out) : Json();
  };
  const Json normal = run("--data normal --power-cap 330W --fidelity analytic"),
             zeros = run("--data zeros --fidelity analytic");
  for (const char* key :
       {"power_w", "clock_hz", "energy_j", "energy_per_flop_j", "throttled", "power_breakdown_w"})
    EXPECT_TRUE(normal.contains(key)) << key;
  EXPECT_LE(normal["power_w"], 330);
  EXPECT_EQ(normal["throttled"], true);
  EXPECT_EQ(zeros["throttled"], false);
  EXPECT_LT(normal["tflops"], zeros["tflops"]);
  double sum = 0;
  for (const auto& [name, watts] : normal["power_breakdown_w"].items()) sum += watts.get<double>();
  EXPECT_NEAR(sum, normal["power_w"].get<double>(), 1e-3 * sum);
  EXPECT_NEAR(normal["energy_j"].get<double>(), sum * normal["time_s"].get<double>(), 1e-3);
  EXPECT_FALSE(run("").contains("power_w")) << "not asked for";
  const Json cycle = run("--data normal --power-cap 330W");
  EXPECT_NEAR(cycle["tflops"].get<double>() / normal["tflops"].get<double>(), 1, 0.05);
}

TEST(GemmOnAChip, WrongOptionsAreWrongInput) {
  const auto complaint = [](const std::string& arguments) {
    const Finished program = headroom_program("gemm " + arguments);
    EXPECT_EQ(program.exit_code, 2) << arguments;
    EXPECT_EQ(program.out, "");
    return program.err;
  };
  const auto expect = [&](const std::string& arguments, const std::string& text) {
    EXPECT_NE(complaint(arguments).find(text), std::string::npos)
        << arguments << "\n"
        << complaint(arguments);
  };
  const std::string one = "-m 1 -n 1 -k 1 ";
  expect(one, "found neither --chip nor --array");
  expect(one + "--chip h100-sxm --array 4x4", "found both --chip and --array");
  expect(one + "--chip h100", "did you mean 'h100-sxm'?");
  expect(one + "--chip h100-sxm --format int4",
         "found 'int4', which h100-sxm has no rate for; expected one of tf32, bf16, fp16, "
         "fp8_e4m3, fp8_e5m2, int8; did you mean 'int8'?");
  expect(one + "--chip h100-sxm --fidelity rtl", "analytic, cycle; found rtl");
  expect(one + "--chip h100-sxm --tile 100x128", "64, 128, 192, 256");
  expect(one + "--chip h100-sxm --tile 256x256", "too large for a core");
  expect(one + "--chip h100-sxm --tile 128", "expected MxN or MxNxK");
  expect(one + "--chip tpu-v5p --tile 128x128x100", "expected a multiple of 128");
  expect(one + "--chip h100-sxm --split-k 0", "from 1 to 64");
  expect(one + "--chip h100-sxm --order k_inner", "n_inner, m_inner");
  expect(one + "--chip h100-sxm --seed 2", "expected --array");
  expect(one + "--chip h100-sxm --data norml", "did you mean 'normal'?");
  expect(one + "--chip h100-sxm --power-cap 300W", "found without --data");
  expect(one + "--chip h100-sxm --data normal --power-cap 300",
         "--power-cap: found '300' without a unit");
  expect(one + "--chip h100-sxm --data normal --power-cap 60W",
         "--power-cap: found 60 W; expected at least");
  expect(one + "--chip tpu-v5e --data normal", "tpu-v5e: power: found nothing");
  expect(one + "--array 4x4 --data normal", "expected --chip");
  expect(one + "--array 4x4 --batch 2", "expected --chip");
  expect(one + "--chip h100-sxm --groups 1,2", "found both -m and --groups");
  expect("-n 1 -k 1 --chip h100-sxm", "found neither -m nor --groups");
  expect("-n 1 -k 1 --chip h100-sxm --groups 0,0", "at least one group with rows");
  expect("-m 0 -n 1 -k 1 --chip h100-sxm", "-m");
  expect(one + "--chip h100-sxm --set hbm.bandwidht=1TB/s", "did you mean 'bandwidth'?");
}

}  // namespace
}  // namespace headroom
