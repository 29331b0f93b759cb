// What a library makes of an algorithm: its latencies, its protocols by size, its pipelines.
#include <gtest/gtest.h>

#include "models/network/collective_model.h"
#include "tests/models/network/clusters.h"

namespace headroom::network {
namespace {

constexpr double us = 1e-6;

LibraryDescription library() {
  LibraryDescription l;
  l.id = "made up";
  l.ring.low_latency = {Seconds(6 * us), Seconds(1 * us), Seconds(3 * us)};
  l.ring.simple = {Seconds(8 * us), Seconds(3 * us), Seconds(14 * us)};
  l.tree.simple = {Seconds(8 * us), Seconds(4 * us), Seconds(14 * us)};
  l.in_network.simple = {Seconds(0), Seconds(25 * us), Seconds(18 * us)};
  l.low_latency_share = 0.5;
  l.channels = 16;
  l.slices = 2;
  l.smallest_slice = Bytes(32768);
  l.chunk = Bytes(524288);
  l.reduction_chunk = Bytes(131072);
  l.reduction_channels = 16;
  return l;
}

Request all_reduce(std::int64_t ranks, double bytes, const std::string& algorithm = "auto") {
  Request request;
  request.payload = Bytes(bytes);
  request.ranks = ranks;
  request.algorithm = algorithm;
  return request;
}

// The time model of NCCL's tuner: start-up and 2 (n - 1) steps, of which 2 (nodes - 1) leave a
// node.
TEST(Protocol, RingLatencyIsTheTuners) {
  ClusterDescription cluster = nodes_of(8, 64);
  cluster.library = library();
  CollectiveModel model(linked_chip(), cluster);
  const Estimate inside = model.estimate(all_reduce(8, 8, "ring"));
  EXPECT_EQ(inside.protocol, "ll");
  EXPECT_NEAR((inside.start + inside.steps).si(), (6 + 14 * 1) * us, 1e-12);
  // Around eight nodes: eight ways out of 64 hops; the tuner counts seven.
  const Estimate across = model.estimate(all_reduce(64, 8, "ring"));
  EXPECT_NEAR((across.start + across.steps).si(), (6 + 2 * (55 * 1 + 8 * 3)) * us, 1e-12);
}

TEST(Protocol, LowLatencyForSmallPayloadsAndSimpleForLarge) {
  ClusterDescription cluster = nodes_of(8, 8);
  cluster.library = library();
  ChipDescription chip = linked_chip();
  CollectiveModel model(chip, cluster);
  EXPECT_EQ(model.estimate(all_reduce(8, 1024)).protocol, "ll");
  EXPECT_EQ(model.estimate(all_reduce(8, 1e9)).protocol, "simple");
  // The rate of the low-latency protocol is that of half the bytes, or its own limit.
  const auto transfer = [](CollectiveModel& m) {
    return m.estimates(all_reduce(8, 1e6, "ring"), true).front().transfer.si();
  };
  const double half = transfer(model);
  EXPECT_NEAR(half, 2 * 1e6 * 2 * 7 / 8 / 600e9, 1e-12);
  chip.scale_up.low_latency_rate = BytesPerSecond(100e9);
  CollectiveModel limited(chip, cluster);
  EXPECT_NEAR(transfer(limited), 1e6 * 2 * 7 / 8 / 100e9, 1e-12);
}

TEST(Protocol, SlicesHandOverOneByOne) {
  ClusterDescription cluster = nodes_of(8, 8);
  cluster.library = library();
  CollectiveModel model(linked_chip(), cluster);
  const auto fill = [&](double bytes) {
    const Estimate e = model.estimates(all_reduce(8, bytes, "ring"), true).back();
    EXPECT_EQ(e.protocol, "simple");
    return e.fill - e.transfer * (1.0 / 2 / 14);
  };
  // Chunks of 8 KiB are one slice, of 64 KiB and more two: the latency of every step once more.
  EXPECT_NEAR(fill(8192.0 * 8 * 16).si(), 0, 1e-12);
  EXPECT_NEAR(fill(65536.0 * 8 * 16).si(), 14 * 3 * us, 1e-12);
  EXPECT_NEAR(fill(1e10).si(), 14 * 3 * us, 1e-12);
}

TEST(Protocol, InNetworkReductionWinsWhereItPays) {
  ClusterDescription cluster = nodes_of(8, 8);
  cluster.library = library();
  cluster.node_reduction = true;
  CollectiveModel model(linked_chip(), cluster);
  const Estimate large = model.estimate(all_reduce(8, 1e10));
  EXPECT_EQ(large.algorithm->name(), "in_network");
  EXPECT_NEAR(large.steps.si(), 25 * us, 1e-12);
  // Two waves of 128 KiB a channel and rank.
  EXPECT_NEAR(large.fill / large.transfer, 2 * 16 * 8 * 131072.0 / 1e10, 1e-9);
  EXPECT_NE(model.estimate(all_reduce(8, 1024)).algorithm->name(), "in_network");
}

TEST(Protocol, AnAlgorithmSaysWhyItDoesNotFit) {
  const Team team = make_team(nodes_of(8, 64), 12, 1);
  EXPECT_EQ(find_algorithm("halving_doubling")->complaint(Collective::all_reduce, team),
            "needs a power of two of ranks");
  EXPECT_EQ(find_algorithm("torus")->complaint(Collective::all_reduce, team),
            "needs a group that is a box of a torus");
  EXPECT_EQ(fitting(Collective::all_reduce, team),
            (std::vector<std::string>{
                "ring", "bidirectional_ring", "double_binary_tree", "hierarchical"}));
  EXPECT_EQ(find_algorithm("star"), nullptr);
}

}  // namespace
}  // namespace headroom::network
