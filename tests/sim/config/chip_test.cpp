// Chips and memories whose numbers contradict each other do not load.
#include "sim/config/chip.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/config/memory.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

// Reads the toy chip with `changes` in its own file; the place of the message is cut off.
std::string chip_message(const std::vector<std::string>& changes) {
  Node file = Node::load(toy_folder() / "chips" / "toy-a.yaml");
  for (const std::string& change : changes) file = set(file, change);
  try {
    static_cast<void>(read_chip(file, file["no changes"], toy_paths()));
  } catch (const InputError& error) {
    const Position& at = error.position();
    return std::string(error.what())
        .substr(fmt::format("{}:{}:{}: ", at.file, at.line, at.column).size());
  }
  return "no error";
}

TEST(Chip, Loads) { EXPECT_EQ(chip_message({}), "no error"); }

TEST(Chip, PublishedPeakMustFollowFromTheParts) {
  EXPECT_EQ(chip_message({"published_peak.bf16=129 GFLOP/s"}), "no error") << "0.8 % off";
  EXPECT_EQ(
      chip_message({"published_peak.bf16=130 GFLOP/s"}),
      "published_peak.bf16: found '130 GFLOP/s'; expected 0.128 TFLOP/s within 1 %, which "
      "the parts give at "
      "clock.nameplate");
  EXPECT_EQ(
      chip_message({"clock.nameplate=1020 MHz"}),
      "published_peak.bf16: found '128 GFLOP/s'; expected 0.1306 TFLOP/s within 1 %, which "
      "the parts give at "
      "clock.nameplate");
  EXPECT_EQ(
      chip_message({"published_peak.int8=128 TOP/s"}),
      "published_peak.int8: found '128 TOP/s'; expected only formats of matrix_engines.rate: "
      "one of bf16, fp16, "
      "fp8_e4m3");
  EXPECT_EQ(
      chip_message({"published_peak.bf61=128 TOP/s"}),
      "published_peak.bf61: found the unknown key 'bf61'; expected one of fp32, tf32, bf16, "
      "fp16, fp8_e4m3, "
      "fp8_e5m2, fp6_e3m2, "
      "fp6_e2m3, fp4_e2m1, int8, int4, mxfp8_e4m3, mxfp8_e5m2, mxfp6_e3m2, mxfp6_e2m3, "
      "mxfp4, mxint8, nvfp4");
}

TEST(Chip, PartsMustAgree) {
  EXPECT_EQ(chip_message({"clock.max=999 MHz"}),
            "clock.max: found '999 MHz'; expected at least clock.nameplate, 1 GHz");
  EXPECT_EQ(chip_message({"clock.sustained_matmul=1.3 GHz"}),
            "clock.sustained_matmul: found '1.3 GHz'; expected at most clock.max, 1200 MHz");
  EXPECT_EQ(chip_message({"cores=3"}),
            "matrix_engines.count: found '4'; expected a multiple of cores, 3");
  EXPECT_EQ(chip_message({"matrix_engines.rate={}"}), "no error")
      << "an empty mapping changes nothing";
  EXPECT_EQ(chip_message({"matrix_engines.rate.bf16=-1"}),
            "matrix_engines.rate.bf16: found '-1'; expected a number above 0");
  EXPECT_EQ(chip_message({"matrix_engines.rows=0"}),
            "matrix_engines.rows: found '0'; expected a whole number of at least 1");
  EXPECT_EQ(chip_message({"hbm.timing.trfc=4 us"}),
            "hbm.timing.trfc: found '4 us'; expected trefi above trfc, 4000 ns");
  EXPECT_EQ(chip_message({"hbm.timing.trefi=0.1 us"}),
            "hbm.timing.trefi: found '0.1 us'; expected trefi above trfc, 350 ns");
  EXPECT_EQ(
      chip_message({"hbm.timing.tck=1 ns"}).substr(0, 88),
      "hbm.timing.tck: found the unknown key 'tck'; expected one of trcd_rd, trcd_wr, trp, tras")
      << "the bandwidth gives the clock";
  EXPECT_EQ(chip_message({"hbm.bandwidth=1 PB/s"}),
            "hbm.bandwidth: found '1 PB/s' with the unknown unit 'PB/s'; expected a data rate such "
            "as 3.35 TB/s; did you mean 'B/s'?");
  EXPECT_EQ(chip_message({"hbm.bandwidth=1000 TB/s"}),
            "hbm.bandwidth: found '1000 TB/s'; expected 0.064 to 128000 GB/s, or the clock of 1 x "
            "fast is no whole number of picoseconds");
  EXPECT_EQ(chip_message({"hbm.bandwidth=70 MB/s"}),
            "hbm.bandwidth: found '70 MB/s'; expected a faster clock than the 1 MT/s of 1 x fast, "
            "at which refresh leaves no time for work");
  EXPECT_EQ(chip_message({"hbm.bandwidth={value: 120 GB/s, range: [90 GB/s, 110 GB/s]}"}),
            "hbm.bandwidth.value: found '120 GB/s'; expected a value within its own range: 90 GB/s "
            "to 110 GB/s");
  EXPECT_EQ(chip_message({"links.scale_up.library_share=1.1"}),
            "links.scale_up.library_share: found '1.1'; expected a number above 0 and at most 1");
  EXPECT_EQ(chip_message({"power_cap=700"}),
            "power_cap: found '700' without a unit; expected a power such as 700 W");
}

TEST(Chip, MissingPartsAreNamed) {
  const Node file = Node::parse("{name: x, vendor: y, cores: 1}", "c.yaml");
  EXPECT_EQ(message_of([&] { static_cast<void>(read_chip(file, file["none"], toy_paths())); }),
            "c.yaml:1:1: clock.nameplate: found nothing; expected a frequency such as 1.83 GHz");
}

}  // namespace
}  // namespace headroom::config
