// What a narrower format changes, in shipped experiments.
#include "sim/quality/format_effects.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/power/area.h"
#include "tests/support/experiments.h"

namespace headroom::quality {
namespace {

const config::ConfigPaths& paths() {
  static const config::ConfigPaths shipped;
  return shipped;
}

TEST(FormatEffects, EachLeverFollowsTheWidth) {
  const FormatExplanation all = explain_format(shipped_experiment("claim-c3-formats"), paths());
  ASSERT_EQ(all.formats.size(), 4U);
  const FormatEffects &bf16 = all.formats[0], &fp8 = all.formats[1], &nvfp4 = all.formats[3];
  EXPECT_EQ(*bf16.area, 1);
  EXPECT_EQ(bf16.wide_share, 1);
  EXPECT_EQ(bf16.by_law, 1);
  for (const FormatEffects& e : all.formats) {
    ASSERT_TRUE(e.supported && e.area && e.energy_j) << to_string(e.format);
    // A narrower format never takes more gates, energy or bytes than bf16, and loses no peak.
    EXPECT_LE(*e.area, 1) << to_string(e.format);
    EXPECT_LE(*e.energy_j, *bf16.energy_j) << to_string(e.format);
    EXPECT_LE(e.scratchpad_bytes, bf16.scratchpad_bytes) << to_string(e.format);
    EXPECT_LE(e.hbm_bytes, bf16.hbm_bytes) << to_string(e.format);
    EXPECT_EQ(e.memory_bytes, bf16.memory_bytes) << to_string(e.format);
    EXPECT_GE(e.rate, 1) << to_string(e.format);
    EXPECT_NEAR(e.peak, e.rate * bf16.peak, 1e-6 * e.peak) << to_string(e.format);
    // Throughput gains less than the peak.
    EXPECT_LE(e.tokens_per_s / bf16.tokens_per_s, e.rate) << to_string(e.format);
  }
  EXPECT_LT(*nvfp4.area, *fp8.area);
  EXPECT_LT(nvfp4.operand_bytes, fp8.operand_bytes);
  EXPECT_GT(nvfp4.tokens_per_s, fp8.tokens_per_s);
  EXPECT_LT(nvfp4.by_law, fp8.by_law);
  EXPECT_LT(*nvfp4.by_gap, *fp8.by_gap);
  EXPECT_GT(fp8.wide_share, 0);
  EXPECT_LT(fp8.wide_share, 0.5);
}

// The row of the step itself is that of a run in that format.
TEST(FormatEffects, StepsAreThoseOfRunsInThatFormat) {
  const Experiment narrow = shipped_experiment("claim-c3-formats", {"plan.format=fp8_e4m3"});
  const Experiment as_it_is = shipped_experiment("claim-c3-formats");
  EXPECT_EQ(explain_format(narrow, paths()).formats[1].time_s,
            explain_format(as_it_is, paths()).formats[1].time_s);
}

TEST(FormatEffects, AFormatThatTheChipLacksIsSaid) {
  const Experiment experiment = shipped_experiment("llama3-8b_8xh100");
  const FormatExplanation all = explain_format(experiment, paths());
  EXPECT_FALSE(all.formats[3].supported);
  EXPECT_EQ(all.formats[3].tokens_per_s, 0);
  EXPECT_TRUE(all.formats[3].area);
  EXPECT_NE(text(all, experiment).find("nvfp4: the matrix engines of h100-sxm do not have it"),
            std::string::npos);
}

TEST(AreaTable, RelativeToTheSameElementInBf16) {
  const AreaTable table = AreaTable::load(paths());
  // 8965 of 15595 gates for four products, 3197.5 of 5365.5 for one (mac_area.csv).
  EXPECT_NEAR(*table.over_bf16(Format::fp8_e4m3, 4), 8965 / 15595.0, 1e-3);
  EXPECT_NEAR(*table.over_bf16(Format::fp8_e4m3, 1), 3197.5 / 5365.5, 1e-3);
  EXPECT_EQ(table.over_bf16(Format::fp8_e4m3, 3), table.over_bf16(Format::fp8_e4m3, 1));
  EXPECT_FALSE(AreaTable::load(config::ConfigPaths::only({})).over_bf16(Format::bf16, 1));
}

}  // namespace
}  // namespace headroom::quality
