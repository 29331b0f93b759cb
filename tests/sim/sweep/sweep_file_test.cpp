// Sweep files: what they say, and what is said of wrong ones.
#include "sim/sweep/sweep_file.h"

#include <gtest/gtest.h>

#include "tests/sim/sweep/files.h"

namespace headroom::sweep {
namespace {

std::vector<std::string> texts(const Axis& axis) {
  std::vector<std::string> result;
  for (const config::Node& value : axis.values) result.push_back(value.text());
  return result;
}

using Texts = std::vector<std::string>;

TEST(SweepFile, ReadsListsRangesAndGroups) {
  const Sweep sweep = sweep_of(
      "base: llama3-8b_8xh100\nfidelity: analytic\nset: {plan.recompute: full}\naxes:\n"
      "  - chip.power_cap: {from: 400 W, to: 700 W, step: 100 W}\n"
      "  - {plan.data: [8, 4], plan.tensor: [1, 2]}\n"
      "  - chip.kernel_gap: {from: 1 us, to: 100 us, count: 3, log: true}\n"
      "limits: {time: 2 s, memory: 1 GB}\n");
  ASSERT_EQ(sweep.groups.size(), 3U);
  EXPECT_EQ(texts(sweep.groups[0][0]), (Texts{"400 W", "500 W", "600 W", "700 W"}));
  EXPECT_EQ(texts(sweep.groups[1][1]), (Texts{"1", "2"}));
  EXPECT_EQ(texts(sweep.groups[2][0]), (Texts{"1 us", "10 us", "100 us"}));
  EXPECT_EQ(
      sweep.columns(), (Texts{"chip.power_cap", "plan.data", "plan.tensor", "chip.kernel_gap"}));
  EXPECT_EQ(sweep.fixed.size(), 4U);
  EXPECT_EQ(sweep.limits.time.si(), 2);
  EXPECT_EQ(sweep.limits.memory.si(), 1e9);
}

TEST(SweepFile, EndsOfARangeMayHaveOtherUnits) {
  const Sweep sweep = sweep_of(
      "base: llama3-8b_8xh100\naxes:\n"
      "  - chip.links.scale_up.bandwidth: {from: 500 MB/s, to: 1.5 GB/s, step: 500 MB/s}\n");
  EXPECT_EQ(texts(sweep.groups[0][0]), (Texts{"500 MB/s", "1000 MB/s", "1500 MB/s"}));
}

std::string with_axis(const std::string& axis) {
  return "base: llama3-8b_8xh100\naxes:\n  - " + axis + "\n";
}

TEST(SweepFile, RefusesAnAxisThatNamesNoKey) {
  EXPECT_EQ(
      complaint_about(with_axis("plan.tensr: [1, 2]")).substr(0, 88),
      "3:10: plan.tensr: found 'tensr', no key of an experiment; expected one of data, tensor, ");
  EXPECT_NE(
      complaint_about(with_axis("chip.hbm.bandwith: [1 TB/s]")).find("did you mean 'bandwidth'?"),
      std::string::npos);
  EXPECT_NE(
      complaint_about(with_axis("plan.data.more: [1]")).find("expected no key below plan.data"),
      std::string::npos);
}

TEST(SweepFile, RefusesAnEmptyAxis) {
  EXPECT_EQ(complaint_about(with_axis("plan.tensor: []")),
            "3:18: axes[0].plan.tensor: found an axis without values; expected at least one");
  EXPECT_EQ(complaint_about("base: llama3-8b_8xh100\naxes: []\n"),
            "2:7: axes: found no axis; expected at least one: - plan.tensor: [1, 2, 4]");
}

TEST(SweepFile, RefusesARangeThatNeverEnds) {
  for (const char* step : {"0", "-1", "1e-9"}) {
    const std::string said = complaint_about(
        with_axis("plan.tensor: {from: 1, to: 8, step: " + std::string(step) + "}"));
    EXPECT_NE(said.find("with which the range never ends; expected a step that leads from 1 to 8"),
              std::string::npos)
        << said;
  }
  EXPECT_NE(complaint_about(with_axis("plan.tensor: {from: 8, to: 1, step: 1}")).find("never ends"),
            std::string::npos);
  EXPECT_NE(complaint_about(with_axis("plan.tensor: {from: 0, to: 8, count: 3, log: true}"))
                .find("a value above 0, for a range by equal factors"),
            std::string::npos);
  EXPECT_NE(
      complaint_about(with_axis("plan.tensor: {from: 1, to: 8}")).find("a range without steps"),
      std::string::npos);
}

TEST(SweepFile, RefusesValuesThatAreWrongByThemselves) {
  EXPECT_EQ(complaint_about(with_axis("chip.hbm.bandwidth: [3 TB/s, 4 TB]")),
            "3:34: chip.hbm.bandwidth: found '4 TB' (an amount of data); expected a data rate such "
            "as 3.35 TB/s");
  EXPECT_NE(complaint_about(with_axis("cluster.chip: [h100-sxm, h101-sxm]"))
                .find("did you mean 'h100-sxm'?"),
            std::string::npos);
  EXPECT_NE(complaint_about(with_axis("plan.tensor: [1, 2, 1]")).find("'1' a second time"),
            std::string::npos);
  EXPECT_NE(complaint_about(with_axis("{plan.data: [8, 4], plan.tensor: [1]}"))
                .find("found 1 values; expected 2, as many as plan.data has"),
            std::string::npos);
}

TEST(SweepFile, RefusesAKeyTwice) {
  EXPECT_NE(complaint_about(with_axis("plan.data: [8]\n  - plan.data: [4]"))
                .find("found a second value beside 'plan.data'"),
            std::string::npos);
}

TEST(SweepFile, NamesTheNearestKeyOfItsOwn) {
  EXPECT_NE(complaint_about("base: llama3-8b_8xh100\naxis: []\n").find("did you mean 'axes'?"),
            std::string::npos);
}

}  // namespace
}  // namespace headroom::sweep
