// headroom memory --describe and --check-commands, from the outside.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> result;
  for (const auto& [key, value] : object.items()) result.push_back(key);
  return result;
}

Json described(const std::string& device) {
  const Finished program = headroom_program("memory --device " + device + " --describe --json");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  return Json::parse(program.out);
}

TEST(MemoryDescribe, HasOrganisationAndEveryTiming) {
  const Json memory = described("hbm3 --stacks 5");
  EXPECT_EQ(
      keys(memory["organisation"]),
      (std::vector<std::string>{
          "stacks", "channels", "pseudo_channels", "stack_ids", "bank_groups", "banks_per_group",
          "rows", "columns", "bus_bits", "burst_length", "data_rate_mt_s"}));
  EXPECT_EQ(
      memory["organisation"].dump(),
      R"({"stacks":5,"channels":16,"pseudo_channels":2,"stack_ids":2,"bank_groups":4,)"
      R"("banks_per_group":4,"rows":16384,"columns":32,"bus_bits":32,"burst_length":8,)"
      R"("data_rate_mt_s":6400})");
  EXPECT_EQ(
      memory["timing_ns"].dump(),
      R"({"tck":0.625,"trcd_rd":19.375,"trcd_wr":9.375,"trp":16.25,"tras":28.125,"trc":45.0,)"
      R"("tcl":12.5,"tcwl":6.25,"tccd_s":1.25,"tccd_l":2.5,"trrd_s":2.5,"trrd_l":3.125,)"
      R"("tfaw":15.0,"twr":20.625,"twtr_s":4.375,"twtr_l":6.25,"trtp":5.625,"trtw":12.5,)"
      R"("tccd_r":1.875,"trrefd":5.0,"trefi":3900.0,"trefipb":243.75,"trfc":350.0,)"
      R"("trfcpb":200.0,"burst":1.25})");
  EXPECT_EQ(memory["capacity_bytes"], 5 * (std::int64_t{16} << 30));
  EXPECT_DOUBLE_EQ(memory["peak_gb_s"].get<double>(), 5 * 819.2);
}

TEST(MemoryDescribe, WhatAStandardLacksIsNull) {
  EXPECT_TRUE(described("hbm2")["timing_ns"]["tccd_r"].is_null());
  EXPECT_EQ(described("hbm2")["timing_ns"]["trfcpb"], 160.0);
}

TEST(MemoryDescribe, TimesAreWholeClocks) {
  for (const char* device : {"hbm2", "hbm2e", "hbm3", "hbm3e", "hbm4"}) {
    const Json timing = described(device)["timing_ns"];
    const double tck = timing["tck"].get<double>();
    for (const auto& [key, value] : timing.items()) {
      if (value.is_null()) continue;
      EXPECT_NEAR(std::remainder(value.get<double>(), tck), 0, 1e-9) << device << ' ' << key;
    }
    EXPECT_GE(
        timing["trc"].get<double>(), timing["tras"].get<double>() + timing["trp"].get<double>())
        << device;
  }
}

TEST(MemoryDescribe, PrintsATable) {
  const Finished program = headroom_program("memory --device hbm2 --describe");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  EXPECT_EQ(program.out.rfind("HBM2: 1 stack of 8 GiB, together 256 GB/s at 2000 MT/s\n", 0), 0u)
      << program.out;
  EXPECT_NE(program.out.find("  trc          48.000      48  ACT to ACT of the bank\n"),
            std::string::npos)
      << program.out;
  EXPECT_NE(program.out.find("  tccd_r            -       -  "), std::string::npos);
}

const std::string
    header = "time_ps,stack,channel,pseudo_channel,stack_id,bank_group,bank,command,row,column\n";

Finished checked(const std::string& lines, const std::string& options = "") {
  const std::string file = temporary("commands.csv");
  std::ofstream(file) << lines;
  Finished program = headroom_program("memory --device hbm3 --check-commands " + file + options);
  std::remove(file.c_str());
  for (std::string* text : {&program.out, &program.err})
    for (std::size_t at = 0; (at = text->find(file, at)) != std::string::npos;)
      text->replace(at, file.size(), "FILE");
  return program;
}

TEST(MemoryCheckCommands, LegalCommandsPass) {
  const Finished program = checked(
      header + "0,0,0,0,0,0,0,ACT,5,\n19375,0,0,0,0,0,0,RD,,3\n28125,0,0,0,0,0,0,PRE,,\n");
  EXPECT_EQ(program.exit_code, 0) << program.out << program.err;
  EXPECT_NE(
      program.out.find("3 commands of 1 x HBM3 in 0.028 us of memory time"), std::string::npos);
  EXPECT_NE(program.out.find("  ACT 1 RD 1 PRE 1\nNo rule is violated.\n"), std::string::npos)
      << program.out;
}

TEST(MemoryCheckCommands, ViolationsAreNamedWithTheirLines) {
  const std::string
      early = header + "0,0,0,0,0,0,0,ACT,5,\n18750,0,0,0,0,0,0,RD,,3\n27500,0,0,0,0,0,0,PRE,,\n";
  const Finished program = checked(early);
  EXPECT_EQ(program.exit_code, 1);
  EXPECT_NE(
      program.out.find(
          "2 violations: tRAS 1 tRCD_RD 1\n"
          "FILE:3: tRCD_RD: RD to stack 0, channel 0, pseudo-channel 0, stack id "
          "0, bank group 0, bank 0, column 3 at 18750 ps: found 30 clocks; "
          "expected at least 31 after ACT to stack 0, channel 0, pseudo-channel "
          "0, stack id 0, bank group 0, bank 0, row 5 at 0 ps\nFILE:4: tRAS: "),
      std::string::npos)
      << program.out;
  const Json document = Json::parse(checked(early, " --json").out);
  EXPECT_EQ(document["violations"], 2);
  EXPECT_EQ(document["rules"].dump(), R"({"tRAS":1,"tRCD_RD":1})");
  EXPECT_EQ(document["first"][0]["line"], 3);
  EXPECT_EQ(document["counts"]["ACT"], 1);
}

TEST(MemoryCheckCommands, RefreshThatIsMissingIsAViolation) {
  const std::string late = header + "40000000,0,0,0,0,0,0,PRE,,\n";
  const Finished program = checked(late, " --refresh all_bank --json");
  EXPECT_EQ(program.exit_code, 1);
  EXPECT_EQ(Json::parse(program.out)["rules"]["tREFI"], 64)
      << "16 channels, 2 pseudo-channels, 2 stack ids";
  EXPECT_EQ(checked(late, " --refresh none").exit_code, 0);
  EXPECT_EQ(
      Json::parse(checked(late, " --refresh per_bank --json").out)["rules"]["tREFIpb"], 64 * 16);
}

TEST(MemoryCheckCommands, LinesThatAreNoCommandAreWrongInput) {
  const Finished program = checked(header + "0,0,0,0,0,0,0,ACT,5,\n625,0,0,0,0,0,0,ACTT,5,\n");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(program.err,
            "FILE:3:17: command: found 'ACTT'; expected one of ACT, RD, WR, RDA, WRA, PRE, PREA, "
            "REFab, REFpb; did you mean 'ACT'?\n");
}

TEST(MemoryDevice, ContradictionsAreWrongInputWithTheirPlace) {
  std::string text = file_content(HEADROOM_SOURCE_DIR "/configs/memories/hbm3.yaml");
  const std::string trc = "trc: 45 ns";
  ASSERT_NE(text.find(trc), std::string::npos);
  text.replace(text.find(trc), trc.size(), "trc: 44 ns");
  const std::string file = temporary("wrong.yaml");
  std::ofstream(file) << text;
  const Finished program = headroom_program("memory --describe --device " + file);
  std::remove(file.c_str());
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.err.rfind(file + ":", 0), 0u) << program.err;
  EXPECT_NE(program.err.find(":8: timing.trc: found '44 ns'; expected trc at least tras + trp, "
                             "28.125 ns + 16.25 ns\n"),
            std::string::npos)
      << program.err;
}

TEST(MemoryDevice, UnknownNamesGetTheNearest) {
  const Finished program = headroom_program("memory --describe --device hbm5");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_NE(program.err.find("--device hbm5: found"), std::string::npos) << program.err;
  EXPECT_NE(program.err.find("did you mean 'hbm"), std::string::npos) << program.err;
}

TEST(MemoryDevice, StacksAreCounted) {
  for (const char* stacks : {"0", "-1", "two", "65"})
    EXPECT_EQ(headroom_program(std::string("memory --device hbm3 --describe --stacks ") + stacks)
                  .exit_code,
              2)
        << stacks;
}

}  // namespace
}  // namespace headroom
