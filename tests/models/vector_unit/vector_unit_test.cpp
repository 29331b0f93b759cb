// Cycles of the vector unit on cases done by hand.
#include "models/vector_unit/vector_unit.h"

#include <gtest/gtest.h>

namespace headroom {
namespace {

const VectorUnitDescription unit{128, 16};

TEST(VectorUnit, NothingTakesNoTime) { EXPECT_EQ(vector_cycles(unit, 4, {}), 0U); }

TEST(VectorUnit, WorkIsSpreadOverLanesAndCores) {
  EXPECT_EQ(vector_cycles(unit, 1, {1280, 0}), 10U);
  EXPECT_EQ(vector_cycles(unit, 2, {1280, 0}), 5U);
  EXPECT_EQ(vector_cycles(unit, 1, {0, 160}), 10U);
}

TEST(VectorUnit, ThePipesIssueInTurn) {
  EXPECT_EQ(vector_cycles(unit, 1, {1280, 160}), 20U);
  EXPECT_EQ(vector_cycles(unit, 4, {1280, 160}), 5U);
}

TEST(VectorUnit, ABegunCycleCounts) {
  EXPECT_EQ(vector_cycles(unit, 1, {1, 0}), 1U);
  EXPECT_EQ(vector_cycles(unit, 1, {129, 0}), 2U);
  EXPECT_EQ(vector_cycles(unit, 132, {1, 1}), 1U);
  // Half a cycle of each pipe is one cycle, not two.
  EXPECT_EQ(vector_cycles(unit, 1, {64, 8}), 1U);
}

TEST(VectorUnit, MoreLanesOrCoresAreNeverSlower) {
  const VectorWork work{123457, 6789};
  for (int cores = 1; cores < 40; ++cores)
    EXPECT_LE(vector_cycles(unit, cores + 1, work), vector_cycles(unit, cores, work));
  EXPECT_LE(vector_cycles({256, 16}, 3, work), vector_cycles(unit, 3, work));
  EXPECT_LE(vector_cycles({128, 32}, 3, work), vector_cycles(unit, 3, work));
}

}  // namespace
}  // namespace headroom
