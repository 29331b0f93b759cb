// headroom memory, from the outside.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

Json measured(const std::string& arguments) {
  return json_document("memory --device hbm3 " + arguments);
}

TEST(Memory, ReportsWhatTrafficReaches) {
  for (const std::string pattern : {"stream", "random", "strided", "mixed"}) {
    const Json result = measured("--pattern " + pattern + " --requests 50000");
    for (const char* key :
         {"bandwidth_gb_s", "peak_gb_s", "efficiency", "latency_ns", "row_hit_rate",
          "refresh_share", "requests", "events", "seconds"})
      ASSERT_TRUE(result.contains(key)) << key;
    for (const char* key : {"mean", "p50", "p99", "max"})
      EXPECT_GE(result["latency_ns"][key], 12.5) << pattern << ' ' << key;
    EXPECT_EQ(result["pattern"], pattern);
    EXPECT_EQ(result["requests"], 50000);
    EXPECT_DOUBLE_EQ(result["peak_gb_s"], 819.2);
    const double bandwidth = result["bandwidth_gb_s"];
    EXPECT_DOUBLE_EQ(result["efficiency"], bandwidth / 819.2);
    const double ns = result["simulated_ns"];
    EXPECT_DOUBLE_EQ(bandwidth, 50000 * 64 / ns);
    EXPECT_GT(result["efficiency"], 0.4) << pattern;
    EXPECT_LE(result["efficiency"], 1.0) << pattern;
  }
}

TEST(Memory, ALoneRequestTakesTheClosedFormsTime) {
  const Json result = measured("--pattern random --requests 1 --outstanding 1");
  // tRCDRD + tCL + burst and a second burst tCCD_L later, in clocks of 0.625 ns.
  EXPECT_DOUBLE_EQ(result["latency_ns"]["max"], (31 + 20 + 2 + 4) * 0.625);
}

TEST(Memory, MoreStacksHaveMoreBandwidth) {
  const Json one = measured("--pattern stream --requests 100000"),
             five = measured("--pattern stream --requests 500000 --stacks 5");
  EXPECT_NEAR(five["bandwidth_gb_s"].get<double>() / one["bandwidth_gb_s"].get<double>(), 5, 0.1);
}

TEST(Memory, WhatItWritesIsLegal) {
  for (const std::string refresh : {"per_bank", "all_bank"}) {
    const std::string file = temporary("commands_" + refresh + ".csv");
    const Finished run = headroom_program(
        "memory --device hbm3 --pattern mixed --requests 20000 --refresh " + refresh +
        " --commands " + file);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(file_content(file).substr(0, 16), "time_ps,stack,ch");
    const Finished check = headroom_program(
        "memory --device hbm3 --check-commands " + file + " --refresh " + refresh + " --json");
    ASSERT_EQ(check.exit_code, 0) << check.out << check.err;
    const Finished other = headroom_program("memory --device hbm2 --check-commands " + file);
    EXPECT_NE(other.exit_code, 0) << "another device has other rules";
  }
}

TEST(Memory, RunsATrace) {
  const std::string file = temporary("trace.txt");
  std::ofstream(file) << "LD 0x40\nST 0x1000\nLD 0x40\n";
  const Json result = measured("--trace " + file);
  EXPECT_EQ(result["requests"], 3);
  EXPECT_NEAR(result["read_share"].get<double>(), 2.0 / 3, 1e-12);
  std::ofstream(file) << "LD 0x40\nLOAD 0x80\n";
  const Finished wrong = headroom_program("memory --device hbm3 --trace " + file);
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_EQ(wrong.err.find(file + ":2:1: "), 0U) << wrong.err;
  std::ofstream(file) << "LD 0x400000000\n";  // 16 GiB
  const Finished beyond = headroom_program("memory --device hbm3 --trace " + file);
  EXPECT_EQ(beyond.exit_code, 2) << beyond.err;
  std::ofstream(file).flush();
  const Finished empty = headroom_program("memory --device hbm3 --trace " + file);
  EXPECT_EQ(empty.exit_code, 2);
  EXPECT_NE(empty.err.find("--trace: found no request in"), std::string::npos) << empty.err;
}

TEST(Memory, WrongOptionsAreWrongInput) {
  const auto expect_wrong = [](const std::string& arguments, const std::string& text) {
    const Finished program = headroom_program("memory " + arguments);
    EXPECT_EQ(program.exit_code, 2) << arguments;
    EXPECT_NE(program.err.find(text), std::string::npos) << program.err;
  };
  expect_wrong("--pattern stream", "--device is required");
  expect_wrong("--device hbm5 --pattern stream", "did you mean 'hbm");
  expect_wrong("--device hbm3", "found 0 tasks; expected one of --pattern PATTERN");
  expect_wrong("--device hbm3 --pattern stream --describe", "found 2 tasks");
  expect_wrong("--device hbm3 --pattern streem", "did you mean 'stream'?");
  expect_wrong("--device hbm3 --pattern stream --requests 0", "--requests");
  expect_wrong("--device hbm3 --pattern stream --stacks -1", "--stacks");
  expect_wrong("--device hbm3 --pattern stream --read-share 1.5", "--read-share");
  expect_wrong("--device hbm3 --pattern strided --stride 0", "--stride");
  expect_wrong("--device hbm3 --pattern stream --interleave 64",
               "--interleave: found '64'; expected bytes such as 32B, 64B or 1KiB");
  expect_wrong("--device hbm3 --pattern stream --interleave 16B",
               "found 16 B; expected a power of two from a burst (32 B) to a row (1024 B)");
  expect_wrong("--device hbm3 --pattern stream --refresh none",
               "--refresh: found 'none', which only --check-commands takes");
  expect_wrong("--device hbm3 --pattern stream --write-high 8",
               "found 16 and 8; expected the low one below the high one");
  expect_wrong("--device hbm3 --trace x --seed 2", "--seed: found without --pattern");
}

}  // namespace
}  // namespace headroom
