// Points in their order, with conditions, limits and samples.
#include "sim/sweep/space.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/sweep/files.h"

namespace headroom::sweep {
namespace {

const std::string base = "base: llama3-8b_8xh100\n";

std::string words(const Point& point) {
  std::string text;
  for (const Cell& cell : point.cells) text += to_text(cell) + " ";
  return text;
}

TEST(Space, TheLastAxisVariesFastest) {
  const Sweep sweep = sweep_of(
      base +
      "axes:\n  - {plan.data: [8, 4], plan.tensor: [1, 2]}\n"
      "  - plan.micro_batch: [1, 2, 4]\n");
  const Space space(sweep, config::ConfigPaths());
  ASSERT_EQ(space.size(), 6U);
  EXPECT_EQ(words(space[0]), "8 1 1 ");
  EXPECT_EQ(words(space[1]), "8 1 2 ");
  EXPECT_EQ(words(space[5]), "4 2 4 ");
  EXPECT_EQ(space[4].assignments[1].path, "plan.tensor");
  EXPECT_EQ(space[4].assignments[1].value.text(), "2");
}

TEST(Space, ConditionsTakeAxesAndTheBase) {
  const Sweep sweep = sweep_of(
      base +
      "axes:\n  - plan.data: [1, 2, 4, 8]\n  - plan.tensor: [1, 2, 4]\n"
      "where:\n  - plan.data * plan.tensor == cluster.chips\n");
  const Space space(sweep, config::ConfigPaths());
  ASSERT_EQ(space.size(), 3U);
  EXPECT_EQ(words(space[0]), "2 4 ");
  EXPECT_EQ(words(space[2]), "8 1 ");
  EXPECT_EQ(Space(sweep, config::ConfigPaths(), 2).size(), 2U);
}

TEST(Space, AConditionOnNothingIsRefused) {
  const Sweep sweep = sweep_of(base + "axes:\n  - plan.data: [1, 2]\nwhere:\n  - plan.date == 4\n");
  try {
    const Space space(sweep, config::ConfigPaths());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'plan.data'?"), std::string::npos)
        << error.what();
  }
}

TEST(Space, AProductAboveTheLimitNeedsOne) {
  const Sweep sweep = sweep_of(
      base +
      "axes:\n  - chip.power_cap: {from: 1 W, to: 2000 W, step: 1 W}\n"
      "  - chip.kernel_gap: {from: 1 us, to: 1000 us, step: 1 us}\n");
  try {
    const Space space(sweep, config::ConfigPaths());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what())
                  .find("axes: found 2,000,000 points; expected at most 1,000,000, or --limit N"),
              std::string::npos)
        << error.what();
  }
  const Space few(sweep, config::ConfigPaths(), 10);
  EXPECT_EQ(few.size(), 10U);
  EXPECT_EQ(words(few[9]), "1 1e-05 ");
}

TEST(Space, ASampleFillsTheRanges) {
  const Sweep sweep = sweep_of(
      base +
      "axes:\n  - chip.power_cap: {from: 300 W, to: 700 W}\n"
      "  - chip.kernel_gap: {from: 1 us, to: 100 us, log: true}\n"
      "  - plan.global_batch: {from: 16, to: 32}\n  - plan.micro_batch: [1, 2]\n"
      "sample: {method: latin_hypercube, count: 200, seed: 7}\n");
  const Space space(sweep, config::ConfigPaths()), again(sweep, config::ConfigPaths());
  ASSERT_EQ(space.size(), 200U);
  int low_gap = 0, first = 0;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const Point point = space[i];
    EXPECT_EQ(words(point), words(again[i]));
    const double cap = std::get<double>(point.cells[0]), gap = std::get<double>(point.cells[1]),
                 batch = std::get<double>(point.cells[2]);
    EXPECT_GE(cap, 300);
    EXPECT_LT(cap, 700.001);
    EXPECT_EQ(batch, std::round(batch));
    low_gap += gap < 10e-6 ? 1 : 0;
    first += std::get<double>(point.cells[3]) == 1 ? 1 : 0;
  }
  EXPECT_EQ(low_gap, 100);  // half of the decades
  EXPECT_EQ(first, 100);
}

}  // namespace
}  // namespace headroom::sweep
