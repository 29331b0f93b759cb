// What a collective costs a chip: hand-made cases of the bytes, shares and latencies that its
// engine is given.
#include <gtest/gtest.h>

#include "models/network/collective_model.h"
#include "tests/models/network/clusters.h"

namespace headroom {
namespace {

constexpr double mb = 1e6, us = 1e-6;

CollectiveCost cost(Collective operation, const ClusterDescription& cluster, std::int64_t ranks,
                    std::int64_t stride, double bytes = 64 * mb) {
  return collective_cost(
      operation, Bytes(bytes), place_group(cluster, ranks, stride), linked_chip(), cluster);
}

// Classes of links of switched nodes.
enum { scale_up_egress = 0, network_egress = 2 };

double through(const CollectiveCost& cost, std::size_t links) { return cost.links[links].si(); }

TEST(CollectiveCost, AGroupOfOneCostsNothing) {
  for (const ClusterDescription& cluster : {nodes_of(8, 64), torus({4, 4, 4})}) {
    const CollectiveCost none = cost(Collective::all_gather, cluster, 1, 1);
    EXPECT_TRUE(none.links.empty());
    EXPECT_EQ(none.transfer.si() + none.hbm_read.si(), 0);
    EXPECT_EQ(none.latency.si(), 0);
  }
}

TEST(CollectiveCost, InsideANode) {
  for (const std::int64_t n : {2, 3, 4, 7, 8}) {
    const double once = 64 * mb * static_cast<double>(n - 1) / static_cast<double>(n);
    const CollectiveCost gather = cost(Collective::all_gather, nodes_of(8, 8), n, 1);
    EXPECT_NEAR(through(gather, scale_up_egress), once, 1);
    EXPECT_EQ(through(gather, network_egress), 0);
    EXPECT_NEAR(gather.hbm_read.si(), once, 1);
    EXPECT_NEAR(gather.hbm_write.si(), once, 1);
    EXPECT_NEAR(gather.transfer.si(), once / 600e9, 1e-9 * once / 600e9);
    EXPECT_NEAR(cost(Collective::all_reduce, nodes_of(8, 8), n, 1).hbm_read.si(), 2 * once, 1);
  }
}

TEST(CollectiveCost, AcrossNodesOneRankANode) {
  const CollectiveCost gather = cost(Collective::all_gather, nodes_of(8, 128), 16, 8);
  EXPECT_EQ(through(gather, scale_up_egress), 0);
  EXPECT_NEAR(through(gather, network_egress), 64 * mb * 15 / 16, 1);
  EXPECT_NEAR(gather.transfer.si(), 64 * mb * 15 / 16 / 50e9, 1e-9);
  // Recursive doubling needs four steps; a ring would need 15.
  EXPECT_NEAR(gather.latency.si(), (8 + 4 * 14) * us, 1e-12);
}

TEST(CollectiveCost, WholeNodesShareTheWorkOverTheirPorts) {
  // At least each port's eighth of what a node lacks.
  const CollectiveCost reduce = cost(Collective::all_reduce, nodes_of(8, 32), 32, 1, 1e9);
  EXPECT_GE(through(reduce, network_egress), 2 * 1e9 * 3 / 4 / 8 * (1 - 1e-9));
  EXPECT_LE(through(reduce, network_egress), 2 * 1e9 / 8 * (1 + 1e-9));
  EXPECT_GE(reduce.transfer.si(), 2 * 1e9 * 3 / 4 / 8 / 50e9 * (1 - 1e-9));
}

TEST(CollectiveCost, ATorusUsesTheLinksOfItsDimensions) {
  const CollectiveCost whole = cost(Collective::all_gather, torus({4, 4, 4}), 64, 1);
  EXPECT_NEAR(whole.transfer.si(), 64 * mb * 63 / 64 / 600e9, 1e-12);
  for (const Bytes link : whole.links) EXPECT_NEAR((link / whole.transfer).si(), 100e9, 1);
  // One dimension: two of six links.
  const CollectiveCost ring = cost(Collective::all_gather, torus({4, 4, 4}), 4, 4);
  EXPECT_NEAR(ring.transfer.si(), 64 * mb * 3 / 4 / 200e9, 1e-12);
  // Two steps each way round every ring.
  EXPECT_NEAR(whole.latency.si(), (3 + 6) * us, 1e-12);
}

TEST(CollectiveCost, SendGoesOverOneKindOfLink) {
  const CollectiveCost inside = cost(Collective::send, nodes_of(8, 64), 4, 1, mb);
  EXPECT_NEAR(through(inside, scale_up_egress), mb, 1);
  EXPECT_EQ(through(inside, network_egress), 0);
  EXPECT_NEAR(inside.latency.si(), (3 + 1) * us, 1e-12);
  const CollectiveCost outside = cost(Collective::send, nodes_of(8, 64), 4, 8, mb);
  EXPECT_EQ(through(outside, scale_up_egress), 0);
  EXPECT_NEAR(through(outside, network_egress), mb, 1);
  EXPECT_NEAR(outside.latency.si(), (8 + 14) * us, 1e-12);
}

// Two stages of four chips a node: the next stage is in the node for one of them, outside for the
// other.
TEST(CollectiveCost, AMessageTakesTheRouteBetweenItsStages) {
  const ClusterDescription cluster = nodes_of(8, 64);
  network::CollectiveModel model(linked_chip(), cluster);
  const Group group = place_group(cluster, 4, 4);
  const CollectiveCost inside = model.message(Bytes(mb), group, 0, 1),
                       outside = model.message(Bytes(mb), group, 1, 2),
                       back = model.message(Bytes(mb), group, 1, 0);
  EXPECT_EQ(through(inside, network_egress), 0);
  EXPECT_GT(through(inside, scale_up_egress), 0);
  EXPECT_NEAR(inside.latency.si(), (3 + 1) * us, 1e-12);
  EXPECT_GE(through(outside, network_egress), mb);
  EXPECT_NEAR(outside.latency.si(), (8 + 14) * us, 1e-12);
  EXPECT_LT(inside.transfer, outside.transfer);
  EXPECT_TRUE(back == inside);
  EXPECT_TRUE(model.message(Bytes(mb), group, 2, 2).links.empty());
  // One stage a node or more: as a send of all.
  const Group apart = place_group(cluster, 4, 8);
  EXPECT_TRUE(
      model.message(Bytes(mb), apart, 1, 2) == model.cost(Collective::send, Bytes(mb), apart));
}

TEST(CollectiveCost, GrowsWithThePayloadAndTheGroup) {
  for (const ClusterDescription& cluster : {nodes_of(8, 64), torus({4, 4, 4})})
    for (const Collective operation :
         {Collective::all_gather, Collective::reduce_scatter, Collective::all_reduce}) {
      const auto time = [&](std::int64_t ranks, double bytes) {
        const CollectiveCost c = cost(operation, cluster, ranks, 1, bytes);
        return c.transfer.si() + c.latency.si();
      };
      EXPECT_GT(time(16, 2e9), time(16, 1e9));
      EXPECT_GE(time(64, 1e9) * (1 + 1e-9), time(16, 1e9) * (cluster.shape.empty() ? 1 : 0));
    }
}

}  // namespace
}  // namespace headroom
