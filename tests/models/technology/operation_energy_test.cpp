#include "models/technology/operation_energy.h"

#include <gtest/gtest.h>

#include "tests/models/technology/nodes.h"

namespace headroom::technology {
namespace {

PublishedEnergy figure(const std::string& node, double joules, const std::string& kind) {
  return {"multiply",           "fp32", node,  Joules(joules), Joules(joules * 0.5),
          Joules(joules * 2.0), kind,   "test"};
}

TEST(OperationEnergy, IsAsPublishedOnTheNodeItself) {
  const Scaling scaling(made_up_nodes());
  const auto energy = energy_of(
      {figure("old", 3, "arithmetic"), figure("reference", 1, "arithmetic")}, scaling, "multiply",
      "fp32", "old");
  ASSERT_TRUE(energy);
  EXPECT_EQ(energy->energy.si(), 3);
  EXPECT_EQ(energy->scale, 1);
}

TEST(OperationEnergy, ScalesFromTheNearestNode) {
  const Scaling scaling(made_up_nodes());
  const auto energy = energy_of(
      {figure("old", 3, "arithmetic"), figure("reference", 1, "arithmetic")}, scaling, "multiply",
      "fp32", "new");
  ASSERT_TRUE(energy);
  EXPECT_EQ(energy->from.node, "reference");
  EXPECT_NEAR(energy->energy.si(), 0.7, 1e-12);
  EXPECT_NEAR(energy->low.si(), 0.35, 1e-12);
  EXPECT_NEAR(energy->high.si(), 1.4, 1e-12);
}

TEST(OperationEnergy, LiesBetweenAnOlderAndANewerFigure) {
  const Scaling scaling(made_up_nodes());  // middle: halfway of the logarithms
  const std::vector<PublishedEnergy> published{
      figure("old", 9, "arithmetic"), figure("reference", 1, "arithmetic")};
  const auto energy = energy_of(published, scaling, "multiply", "fp32", "middle");
  ASSERT_TRUE(energy);
  EXPECT_NEAR(energy->energy.si(), 3, 1e-12);
  EXPECT_NEAR(energy->scale, energy->energy / energy->from.energy, 1e-12);
  EXPECT_FALSE(energy->between.empty());
}

TEST(OperationEnergy, IsNotKnownRatherThanInvented) {
  const Scaling scaling(made_up_nodes());
  const std::vector<PublishedEnergy> published{figure("reference", 1, "arithmetic")};
  EXPECT_FALSE(energy_of(published, scaling, "multiply", "fp8_e4m3", "new"));
  EXPECT_FALSE(energy_of(published, scaling, "add", "fp32", "new"));
  EXPECT_FALSE(energy_of(published, scaling, "multiply", "fp32", "silent"));
  EXPECT_FALSE(energy_of(published, scaling, "multiply", "fp32", "new", "measured"));
}

}  // namespace
}  // namespace headroom::technology
