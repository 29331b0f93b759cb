#include "sim/validation/constants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace headroom::validation {
namespace {

TEST(Constants, AreListedWithRangeAndSource) {
  const config::ConfigPaths paths;
  const std::vector<Constant> all = constants(paths, config::read_run_tables(paths));
  const auto gap = std::find_if(all.begin(), all.end(), [](const Constant& constant) {
    return constant.file == "chips/h100-sxm" && constant.key == "kernel_gap";
  });
  ASSERT_NE(gap, all.end());
  EXPECT_EQ(gap->value, "1 us");
  EXPECT_EQ(gap->low, "500 ns");
  EXPECT_EQ(gap->high, "1.5 us");
  EXPECT_NE(gap->source.find("estimate"), std::string::npos);
  EXPECT_NE(text(all).find("chips/h100-sxm"), std::string::npos);
}

// What reductions in switches reach is a constant of NCCL's source for each generation, no measured
// row.
TEST(Constants, ReductionSharesAreThoseOfTheLibrary) {
  const config::ConfigPaths paths;
  std::map<std::string, std::string> shares;
  for (const Constant& constant : constants(paths, config::read_run_tables(paths)))
    if (constant.key == "reduction_share") {
      shares[constant.file] = constant.value;
      EXPECT_NE(constant.source.find("NVIDIA/nccl src/graph/tuning.cc"), std::string::npos);
      EXPECT_EQ(constant.low, "0.74");
      EXPECT_EQ(constant.high, "0.85");
    }
  EXPECT_EQ(
      shares,
      (std::map<std::string, std::string>{{"links/nvlink4", "0.85"}, {"links/nvlink5", "0.74"}}));
}

// Issue 6: at most four constants per chip.
TEST(Constants, AreAtMostFourPerChip) {
  const config::ConfigPaths paths;
  std::map<std::string, int> count;
  for (const Constant& constant : constants(paths, config::read_run_tables(paths)))
    if (constant.file.rfind("chips/", 0) == 0) {
      EXPECT_LE(++count[constant.file], 4) << constant.file;
    }
}

}  // namespace
}  // namespace headroom::validation
