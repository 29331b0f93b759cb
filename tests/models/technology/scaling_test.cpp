#include "models/technology/scaling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "tests/models/technology/nodes.h"

namespace headroom::technology {
namespace {

TEST(Scaling, PublishedEndsStayAndClaimsSetTheStepsBetween) {
  const Scaling scaling(made_up_nodes());
  EXPECT_EQ(scaling.reference(), "reference");
  EXPECT_EQ(scaling.energy("old"), 4);
  EXPECT_EQ(scaling.energy("reference"), 1);
  // Half of the way from 4 to 1 by the logarithm of the claims, 0.5 of 0.25.
  EXPECT_NEAR(*scaling.energy("middle"), 2, 1e-12);
  EXPECT_NEAR(*scaling.energy("new"), 0.7, 1e-12) << "beyond the last published node";
  EXPECT_EQ(scaling.energy("silent"), std::nullopt) << "its claim is missing";
  EXPECT_NEAR(*scaling.claimed_energy("new"), 0.5 * 0.5 * 0.7, 1e-12);
  EXPECT_EQ(scaling.chain("new"), (std::vector<std::string>{"new", "reference", "middle", "old"}));
}

TEST(Scaling, EndsThatDisagreeWithTheClaimsStretchTheSteps) {
  auto nodes = made_up_nodes();
  nodes["old"].published_energy = 2;
  EXPECT_NEAR(*Scaling(nodes).energy("middle"), std::sqrt(2), 1e-12);
}

TEST(Scaling, TheCapacitanceIsWithoutTheVoltage) {
  auto nodes = made_up_nodes();
  nodes["new"].supply.nominal_v = 0.6;
  EXPECT_NEAR(*Scaling(nodes).capacitance("new"), 0.7 / (0.8 * 0.8), 1e-12);
}

TEST(Scaling, MemoriesFollowWiresAndTheSideOfTheCell) {
  auto nodes = made_up_nodes();
  nodes["new"].wire_energy = 5e-11, nodes["old"].wire_energy = 1e-10;
  nodes["new"].sram_cell = SquareMetres(1e-14), nodes["old"].sram_cell = SquareMetres(4e-14);
  const Scaling scaling(nodes);
  EXPECT_NEAR(*scaling.memory_energy("new") / *scaling.memory_energy("old"), 0.5 * 0.5, 1e-12);
  EXPECT_EQ(scaling.memory_energy("middle"), std::nullopt);
}

TEST(Scaling, RefusesCirclesStrangersAndNodesWithoutAReference) {
  auto circle = made_up_nodes();
  circle["old"].claims = {"new", 0.1, std::nullopt, std::nullopt};
  EXPECT_THROW(Scaling{circle}, std::invalid_argument);
  auto stranger = made_up_nodes();
  stranger["new"].claims.from = "nobody";
  EXPECT_THROW(Scaling{stranger}, std::invalid_argument);
  auto none = made_up_nodes();
  none["reference"].published_energy.reset();
  EXPECT_THROW(Scaling{none}, std::invalid_argument);
}

}  // namespace
}  // namespace headroom::technology
