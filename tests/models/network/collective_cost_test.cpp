// Collectives against the closed forms of the ring algorithms.
#include <gtest/gtest.h>

#include "models/network/collective.h"
#include "tests/models/network/clusters.h"

namespace headroom {
namespace {

constexpr double mb = 1e6, us = 1e-6;

CollectiveCost cost(Collective operation, const ClusterDescription& cluster, std::int64_t ranks,
                    std::int64_t stride, double bytes = mb) {
  return collective_cost(
      operation, Bytes(bytes), place_group(cluster, ranks, stride), linked_chip(), cluster);
}

void expect_bytes(const CollectiveCost& cost, double scale_up, double scale_out, double hbm) {
  EXPECT_NEAR(cost.scale_up.si(), scale_up, 1e-6);
  EXPECT_NEAR(cost.scale_out.si(), scale_out, 1e-6);
  EXPECT_NEAR(cost.hbm_read.si(), hbm, 1e-6);
  EXPECT_NEAR(cost.hbm_write.si(), hbm, 1e-6);
}

constexpr Collective all_collectives[] = {
    Collective::all_gather, Collective::reduce_scatter, Collective::all_reduce, Collective::send};

TEST(CollectiveCost, AGroupOfOneCostsNothing) {
  for (const Collective operation : all_collectives)
    for (const ClusterDescription& cluster : {nodes_of(8), torus({4, 4, 4})}) {
      const CollectiveCost none = cost(operation, cluster, 1, 1);
      expect_bytes(none, 0, 0, 0);
      EXPECT_EQ(none.latency.si(), 0);
    }
}

TEST(CollectiveCost, RingInsideANode) {
  // S (n-1) / n through the port, and the same out of HBM and into it.
  for (const std::int64_t n : {2, 3, 4, 7, 8}) {
    const auto ranks = static_cast<double>(n);
    const double once = mb * (ranks - 1) / ranks;
    expect_bytes(cost(Collective::all_gather, nodes_of(8), n, 1), once, 0, once);
    expect_bytes(cost(Collective::reduce_scatter, nodes_of(8), n, 1), once, 0, once);
    expect_bytes(cost(Collective::all_reduce, nodes_of(8), n, 1), 2 * once, 0, 2 * once);
  }
}

TEST(CollectiveCost, RingAcrossNodes) {
  // One rank a node: S (nodes-1) / nodes through its NIC, nothing inside.
  expect_bytes(cost(Collective::all_gather, nodes_of(8), 16, 8), 0, mb * 15 / 16, mb * 15 / 16);
  // Whole nodes of 8, four of them: each of 8 NICs carries an eighth of S (4-1) / 4.
  expect_bytes(
      cost(Collective::all_gather, nodes_of(8), 32, 1), mb * 7 / 8, mb * 3 / (4 * 8), mb * 31 / 32);
  // Two members a node.
  expect_bytes(
      cost(Collective::reduce_scatter, nodes_of(8), 8, 4), mb / 2, mb * 3 / (4 * 2), mb * 7 / 8);
}

TEST(CollectiveCost, Torus) {
  const CollectiveCost whole = cost(Collective::all_gather, torus({4, 4, 4}), 64, 1);
  expect_bytes(whole, mb * 63 / 64, 0, mb * 63 / 64);
  EXPECT_DOUBLE_EQ(whole.scale_up_share, 1);
  const CollectiveCost ring = cost(Collective::all_gather, torus({4, 4, 4}), 4, 4);
  expect_bytes(ring, mb * 3 / 4, 0, mb * 3 / 4);
  EXPECT_DOUBLE_EQ(ring.scale_up_share, 1.0 / 3);
}

TEST(CollectiveCost, AllReduceIsReduceScatterAndAllGather) {
  for (const ClusterDescription& cluster : {nodes_of(8), nodes_of(4), torus({4, 8, 2})})
    for (const std::int64_t ranks : {2, 4, 8, 16, 64})
      for (const std::int64_t stride : {1, 2, 4}) {
        const CollectiveCost gather = cost(Collective::all_gather, cluster, ranks, stride),
                             scatter = cost(Collective::reduce_scatter, cluster, ranks, stride),
                             reduce = cost(Collective::all_reduce, cluster, ranks, stride);
        EXPECT_DOUBLE_EQ(reduce.scale_up.si(), (gather.scale_up + scatter.scale_up).si());
        EXPECT_DOUBLE_EQ(reduce.scale_out.si(), (gather.scale_out + scatter.scale_out).si());
        EXPECT_DOUBLE_EQ(reduce.hbm_read.si(), (gather.hbm_read + scatter.hbm_read).si());
        EXPECT_DOUBLE_EQ(reduce.hbm_write.si(), (gather.hbm_write + scatter.hbm_write).si());
        EXPECT_EQ(reduce.scale_up_share, gather.scale_up_share);
      }
}

TEST(CollectiveCost, LatencyCountsSteps) {
  // Start-up and one step per other rank of the ring, twice for an all-reduce.
  EXPECT_NEAR(cost(Collective::all_gather, nodes_of(8), 8, 1).latency.si(), (3 + 7) * us, 1e-15);
  EXPECT_NEAR(cost(Collective::all_reduce, nodes_of(8), 8, 1).latency.si(), (3 + 14) * us, 1e-15);
  // Start-up of the network, 7 steps inside and 3 outside.
  EXPECT_NEAR(
      cost(Collective::all_gather, nodes_of(8), 32, 1).latency.si(), (8 + 7 + 3 * 14) * us, 1e-15);
  // Half way round each ring.
  EXPECT_NEAR(cost(Collective::all_gather, torus({4, 4, 8}), 128, 1).latency.si(),
              (3 + 2 + 2 + 4) * us, 1e-15);
}

TEST(CollectiveCost, SendGoesOverOneKindOfLink) {
  const CollectiveCost inside = cost(Collective::send, nodes_of(8), 4, 1);
  expect_bytes(inside, mb, 0, mb);
  EXPECT_NEAR(inside.latency.si(), us, 1e-15);
  const CollectiveCost outside = cost(Collective::send, nodes_of(8), 4, 8);
  expect_bytes(outside, 0, mb, mb);
  EXPECT_NEAR(outside.latency.si(), 14 * us, 1e-15);
}

TEST(CollectiveCost, SendOnATorusPassesTheHopsToTheNextRank) {
  const CollectiveCost next = cost(Collective::send, torus({4, 4, 16}), 4, 16);
  expect_bytes(next, mb, 0, mb);
  EXPECT_NEAR(next.latency.si(), us, 1e-15);
  // Ranks four apart in the third dimension.
  const CollectiveCost apart = cost(Collective::send, torus({4, 4, 16}), 4, 64);
  EXPECT_NEAR(apart.latency.si(), 4 * us, 1e-15);
}

TEST(CollectiveCost, GrowsWithThePayloadAndTheGroup) {
  for (const ClusterDescription& cluster : {nodes_of(8), torus({4, 4, 4})})
    for (const Collective operation : all_collectives) {
      const CollectiveCost once = cost(operation, cluster, 16, 1, mb),
                           twice = cost(operation, cluster, 16, 1, 2 * mb),
                           larger = cost(operation, cluster, 64, 1, mb);
      EXPECT_DOUBLE_EQ(twice.scale_up.si(), 2 * once.scale_up.si());
      EXPECT_DOUBLE_EQ(twice.scale_out.si(), 2 * once.scale_out.si());
      EXPECT_EQ(twice.latency, once.latency);
      EXPECT_GE(larger.latency, once.latency);
      EXPECT_GE(larger.scale_up + larger.scale_out, once.scale_up + once.scale_out);
    }
}

}  // namespace
}  // namespace headroom
