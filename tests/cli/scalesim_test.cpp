// headroom scalesim, from the outside.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const std::string configuration = "configs/scalesim/128x128_ws.cfg";
const std::string resnet = "configs/scalesim/resnet50.csv";

std::string command(const std::string& config, const std::string& topology,
                    const std::string& folder) {
  return "scalesim -c " + config + " -t " + topology + " -p " + folder;
}

std::string written(const std::string& name, const std::string& content) {
  const std::string path = temporary(name);
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Scalesim, WritesThreeReportsOfResNet50) {
  const std::string folder = temporary("out");
  const Finished program = headroom_program(command(configuration, resnet, folder));
  EXPECT_EQ(program.exit_code, 0) << program.err;
  EXPECT_EQ(program.err, "");
  for (const std::string name : {"COMPUTE", "BANDWIDTH", "DETAILED_ACCESS"})
    EXPECT_EQ(lines(file_content(folder + "/128x128_ws/" + name + "_REPORT.csv")), 55U) << name;
  // conv1: 12544 x 147 by 147 x 64, two folds of 12544 + 2 * 128 + 128 - 2 cycles.
  const std::string compute = file_content(folder + "/128x128_ws/COMPUTE_REPORT.csv");
  EXPECT_NE(compute.find(", 25851, 0, "), std::string::npos) << compute.substr(0, 300);
  EXPECT_NE(program.out.find("conv1"), std::string::npos);
  EXPECT_NE(program.out.find("Reports in " + folder + "/128x128_ws\n"), std::string::npos);
  fs::remove_all(folder);
}

TEST(Scalesim, TheDocumentHoldsWhatTheReportsHold) {
  const std::string folder = temporary("out");
  const Finished program = headroom_program(
      command(configuration, "configs/scalesim/gpt3_block.csv", folder) + " -i gemm --json -");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  const Json result = Json::parse(program.out);
  for (const char* key :
       {"schema", "configuration", "topology", "rows", "run_name", "array", "dataflow", "fidelity",
        "interface_bandwidth", "stalls", "reports", "total_cycles", "stall_cycles", "macs",
        "overall_utilization", "seconds", "layers"})
    EXPECT_TRUE(result.contains(key)) << key;
  ASSERT_EQ(result["layers"].size(), 4U);
  const Json& qkv = result["layers"][0];
  EXPECT_EQ(qkv["m"], 2048);
  EXPECT_EQ(qkv["n"], 36864);
  EXPECT_EQ(qkv["k"], 12288);
  EXPECT_EQ(qkv["folds"], 96 * 288);
  EXPECT_EQ(qkv["total_cycles"], 96 * 288 * (2048 + 2 * 128 + 128 - 2) - 1);
  EXPECT_EQ(qkv["sram"]["filter"]["words"], 36864LL * 12288);
  std::int64_t sum = 0;
  for (const Json& layer : result["layers"]) sum += layer["total_cycles"].get<std::int64_t>();
  EXPECT_EQ(result["total_cycles"], sum);
  fs::remove_all(folder);
}

TEST(Scalesim, FidelitiesAgree) {
  const std::string folder = temporary("out");
  std::string first;
  for (const std::string fidelity : {"cycle", "analytic"}) {
    const Finished program = headroom_program(
        command(configuration, resnet, folder) + " --fidelity " + fidelity);
    ASSERT_EQ(program.exit_code, 0) << program.err;
    const std::string report = file_content(folder + "/128x128_ws/COMPUTE_REPORT.csv");
    if (first.empty()) first = report;
    EXPECT_EQ(report, first);
  }
  fs::remove_all(folder);
}

TEST(Scalesim, AGivenBandwidthStallsAndTheReportSaysWhoseStallsTheyAre) {
  const std::string folder = temporary("out");
  std::string text = with(file_content(HEADROOM_SOURCE_DIR "/" + configuration), "CALC", "USER");
  for (int sram = 0; sram < 3; ++sram) text = with(text, "8192", "64");
  const std::string user = written("user.cfg", text);
  const Finished program = headroom_program(command(user, resnet, folder) + " --json -");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  const Json result = Json::parse(program.out);
  EXPECT_GT(result["stall_cycles"], 0);
  EXPECT_NE(
      result["stalls"].get<std::string>().find("Headroom's own memory model"), std::string::npos);
  EXPECT_NE(headroom_program(command(user, resnet, folder)).out.find("own memory model"),
            std::string::npos);
  fs::remove_all(folder);
  fs::remove(user);
}

TEST(Scalesim, WrongFilesLeaveNothingBehind) {
  const std::string folder = temporary("out");
  const std::string topology = written("bad.csv", "Layer,M,N,K,\nfirst,1,2,3,\nsecond,1,two,3,\n");
  const Finished program = headroom_program(command(configuration, topology, folder) + " -i gemm");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(
      program.err,
      topology +
          ":3:10: layer 'second', N: found 'two'; expected a whole number from 1 to "
          "2147483647\n");
  EXPECT_FALSE(fs::exists(folder));
  const Finished missing = headroom_program(command("no.cfg", topology, folder));
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_EQ(missing.err, "no.cfg:1:1: document: found no file; expected a file of SCALE-Sim\n");
  fs::remove(topology);
}

TEST(Scalesim, WhatIsReadPastIsSaid) {
  const std::string folder = temporary("out");
  const std::string topology = written("sparse.csv", "Layer,M,N,K,Sparsity,\na,1,2,3,2:4,\n");
  const Finished program = headroom_program(
      command(configuration, topology, folder) + " -i gemm -l layout.csv -s Y");
  EXPECT_EQ(program.exit_code, 0);
  EXPECT_EQ(
      program.err,
      "headroom: warning: " + topology +
          ":2:9: sparsity ratios are not used: SparsitySupport is off\n"
          "headroom: warning: layout.csv: layouts are not modelled; not read\n"
          "headroom: warning: -s Y: traces of single words are not written\n");
  fs::remove_all(folder);
  fs::remove(topology);
}

TEST(Scalesim, WrongOptionsAreWrongInput) {
  const Finished kind = headroom_program(
      command(configuration, resnet, temporary("out")) + " -i gem");
  EXPECT_EQ(kind.exit_code, 2);
  EXPECT_EQ(kind.err,
            "headroom scalesim: -i: found 'gem'; expected one of conv, gemm; did you mean 'gemm'?\n"
            "Run 'headroom scalesim --help' for what it takes.\n");
  const Finished none = headroom_program("scalesim -c " + configuration);
  EXPECT_EQ(none.exit_code, 2);
}

TEST(Scalesim, AFolderThatCannotBeWrittenFailsTheRun) {
  const Finished program = headroom_program(command(configuration, resnet, "/dev/null/out"));
  EXPECT_EQ(program.exit_code, 1);
  EXPECT_NE(program.err.find("/dev/null/out"), std::string::npos) << program.err;
}

}  // namespace
}  // namespace headroom
