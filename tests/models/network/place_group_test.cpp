// Where the ranks of a group sit, on cases done by hand.
#include <gtest/gtest.h>

#include "models/network/collective.h"
#include "tests/models/network/clusters.h"

namespace headroom {
namespace {

void expect_nodes(std::int64_t node_size, std::int64_t ranks, std::int64_t stride,
                  std::int64_t members, std::int64_t nodes) {
  const Group group = place_group(nodes_of(node_size), ranks, stride);
  EXPECT_EQ(group.ranks, ranks);
  EXPECT_EQ(group.members, members) << ranks << " ranks, stride " << stride;
  EXPECT_EQ(group.nodes(), nodes) << ranks << " ranks, stride " << stride;
}

TEST(PlaceGroup, TensorGroupsInsideANode) {
  expect_nodes(8, 1, 1, 1, 1);
  expect_nodes(8, 2, 1, 2, 1);
  expect_nodes(8, 8, 1, 8, 1);
}

TEST(PlaceGroup, DataGroupsAcrossNodes) {
  expect_nodes(8, 64, 8, 1, 64);  // one rank a node: the rail
  expect_nodes(8, 64, 4, 2, 32);  // chips 0 and 4 of each node
  expect_nodes(8, 64, 2, 4, 16);
  expect_nodes(8, 64, 1, 8, 8);   // whole nodes
  expect_nodes(8, 4, 64, 1, 4);   // pipeline ranks, several nodes apart
  expect_nodes(4, 16, 8, 1, 16);  // a tensor group of 8 spans two nodes of 4
}

TEST(PlaceGroup, AGroupSmallerThanItsNode) {
  expect_nodes(8, 2, 4, 2, 1);
  expect_nodes(8, 2, 2, 2, 1);
  expect_nodes(72, 64, 1, 64, 1);
}

TEST(PlaceGroup, WhatDoesNotDivideTheNodeHoldsTheCommonPart) {
  expect_nodes(8, 12, 1, 4, 3);
  expect_nodes(8, 6, 3, 2, 3);
  expect_nodes(8, 5, 3, 1, 5);
}

void expect_torus(const ClusterDescription& cluster, std::int64_t ranks, std::int64_t stride,
                  double links, std::int64_t hops) {
  const Group group = place_group(cluster, ranks, stride);
  EXPECT_DOUBLE_EQ(group.torus_share * 2 * static_cast<double>(cluster.shape.size()), links)
      << ranks << " ranks, stride " << stride;
  EXPECT_EQ(group.torus_hops, hops) << ranks << " ranks, stride " << stride;
  EXPECT_EQ(group.ranks, ranks);
  EXPECT_EQ(group.nodes(), 1);
}

TEST(PlaceGroup, TorusFullDimensions) {
  const ClusterDescription cluster = torus({4, 4, 8});
  expect_torus(cluster, 4, 1, 2, 2);
  expect_torus(cluster, 16, 1, 4, 4);
  expect_torus(cluster, 128, 1, 6, 8);
  expect_torus(cluster, 4, 4, 2, 2);   // the second dimension
  expect_torus(cluster, 8, 16, 2, 4);  // the third
  expect_torus(cluster, 32, 4, 4, 6);  // second and third
}

TEST(PlaceGroup, TorusWithoutWrapIsLines) {
  const ClusterDescription cluster = torus({4, 4, 8}, false);
  expect_torus(cluster, 4, 1, 1, 3);
  expect_torus(cluster, 128, 1, 3, 3 + 3 + 7);
}

TEST(PlaceGroup, TorusPartOfADimensionIsALine) {
  const ClusterDescription cluster = torus({4, 4, 8});
  expect_torus(cluster, 2, 1, 1, 1);
  expect_torus(cluster, 4, 16, 1, 3);          // half of the third dimension
  expect_torus(cluster, 8, 1, 3, 3);           // the first, and two of the second
  expect_torus(torus({2, 2, 2}), 8, 1, 3, 3);  // two chips have one way between them
}

TEST(PlaceGroup, TorusStrideInsideADimensionSharesItsLinks) {
  // Groups that lie between each other use the same links.
  expect_torus(torus({16, 4}), 8, 2, 1, 8);     // every other chip of a ring, two groups
  expect_torus(torus({16, 4}), 4, 4, 0.5, 8);   // every fourth, four groups
  expect_torus(torus({16, 4}), 2, 4, 0.25, 4);  // a line inside that ring
  expect_torus(torus({4, 4}), 8, 2, 3, 4);      // half of a ring's links, the whole other ring
}

}  // namespace
}  // namespace headroom
