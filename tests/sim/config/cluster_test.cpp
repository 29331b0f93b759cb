// Clusters: the shape of a torus, and what does not fit.
#include "sim/config/cluster.h"

#include <gtest/gtest.h>

#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

using Shape = std::vector<std::int64_t>;

ClusterSpec ring(const std::string& more) {
  return read_cluster(
      Node::parse("cluster: {type: ring, chip: toy-a, " + more + "}", "c.yaml")["cluster"],
      toy_paths());
}
std::string ring_message(const std::string& more) {
  return message_of([&] { ring(more); });
}

TEST(Torus, NearCubicShape) {
  EXPECT_EQ(near_cubic_shape(1, 3, {}), (Shape{1, 1, 1}));
  EXPECT_EQ(near_cubic_shape(64, 3, {}), (Shape{4, 4, 4}));
  EXPECT_EQ(near_cubic_shape(256, 3, {}), (Shape{4, 8, 8}));
  EXPECT_EQ(near_cubic_shape(8960, 3, {16, 20, 28}), (Shape{16, 20, 28}));
  EXPECT_EQ(near_cubic_shape(7, 3, {}), (Shape{1, 1, 7}));
  EXPECT_EQ(near_cubic_shape(12, 2, {}), (Shape{3, 4}));
  EXPECT_EQ(near_cubic_shape(12, 1, {}), (Shape{12}));
  EXPECT_EQ(near_cubic_shape(2 * 17, 3, {16, 16, 16}), Shape{});
}

TEST(Torus, ShapeIsAProductWithinItsLimitsAndAscending) {
  for (std::int64_t chips = 1; chips <= 600; ++chips) {
    const Shape shape = near_cubic_shape(chips, 3, {6, 9, 12});
    if (shape.empty()) continue;
    EXPECT_EQ(shape[0] * shape[1] * shape[2], chips);
    EXPECT_TRUE(shape[0] <= shape[1] && shape[1] <= shape[2]);
    EXPECT_TRUE(shape[0] <= 6 && shape[1] <= 9 && shape[2] <= 12);
  }
}

TEST(Torus, ReadsOrChoosesItsShape) {
  EXPECT_EQ(ring("chips: 128").cluster.shape, (Shape{4, 4, 8}));
  EXPECT_EQ(ring("chips: 128, shape: [2, 4, 16]").cluster.shape, (Shape{2, 4, 16}));
  EXPECT_EQ(ring("chips: 128, shape: [8, 4, 4]").cluster.shape, (Shape{8, 4, 4}))
      << "the order is the user's";
}

TEST(Torus, RingsCloseInWholeCubesOnly) {
  EXPECT_TRUE(ring("chips: 128").cluster.wrap);
  EXPECT_FALSE(ring("chips: 128, shape: [2, 8, 8]").cluster.wrap);
  EXPECT_FALSE(ring("chips: 128, wrap: false").cluster.wrap);
}

TEST(Torus, Mistakes) {
  EXPECT_EQ(
      ring_message("chips: 128, shape: [4, 4, 4]"),
      "c.yaml:1:55: cluster.shape: found 4 x 4 x 4 = 64 chips; expected the 128 of cluster.chips");
  EXPECT_EQ(ring_message("chips: 16, shape: [4, 4]"),
            "c.yaml:1:54: cluster.shape: found 4 x 4; expected 3 dimensions");
  EXPECT_EQ(ring_message("chips: 32, shape: [1, 1, 32]"),
            "c.yaml:1:54: cluster.shape: found 1 x 1 x 32; expected at most 8 x 8 x 16");
  EXPECT_EQ(
      ring_message("chips: 34"),
      "c.yaml:1:43: cluster.chips: found '34'; expected a number of chips that makes a slice "
      "of 3 dimensions "
      "within 8 x 8 x 16");
  EXPECT_EQ(
      ring_message("chips: 32, node_size: 4"),
      "c.yaml:1:58: cluster.node_size: found '4'; expected no such key: the cluster is a torus");
}

TEST(ClusterFile, Mistakes) {
  const auto message = [](const std::string& text) {
    ClusterSpec spec;
    return message_of([&] { read_cluster_file(Node::parse(text, "f.yaml"), toy_paths(), spec); });
  };
  EXPECT_EQ(message("{name: x}"),
            "f.yaml:1:1: topology: found nothing; expected one of switched_nodes, torus, "
            "fat_tree, ring, fully_connected, single_switch, dragonfly");
  EXPECT_EQ(message("{topology: tours}"),
            "f.yaml:1:12: topology: found 'tours'; expected one of switched_nodes, torus, "
            "fat_tree, ring, fully_connected, single_switch, dragonfly");
  EXPECT_EQ(message("{topology: torus, dimensions: 4, wrap: true}"),
            "f.yaml:1:31: dimensions: found '4'; expected a whole number from 1 to 3");
  EXPECT_EQ(
      message("{topology: torus, dimensions: 3, wrap: true, max_shape: [4, 4]}"),
      "f.yaml:1:57: max_shape: found a list; expected a list of 3 numbers, one per dimension");
  EXPECT_EQ(
      message("{topology: torus, dimensions: 3, wrap: true, node_size: 4}"),
      "f.yaml:1:46: node_size: found the unknown key 'node_size'; expected one of topology, "
      "max_chips, host_time, host, dimensions, wrap, wrap_multiple, max_shape, name, library, "
      "usual_chip");
  EXPECT_EQ(message("{topology: switched_nodes, node_size: 8}"),
            "f.yaml:1:1: scale_out.kind: found nothing; expected text");
}

}  // namespace
}  // namespace headroom::config
