// Collectives that are under way at once: hand-made cases, and properties of random ones.
#include "models/network/link_sharing.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "models/network/collective_model.h"
#include "tests/models/network/clusters.h"
#include "tests/support/seed.h"

namespace headroom::network {
namespace {

constexpr double no_cap = std::numeric_limits<double>::infinity();
using Uses = std::vector<ResourceUse>;

// Links of 100 B/s.
LinkSharing links(std::size_t count) {
  return LinkSharing(std::vector<BytesPerSecond>(count, BytesPerSecond(100)));
}

TEST(LinkSharing, DisjointLinksDoNotSlowEachOther) {
  LinkSharing sharing = links(4);
  const auto a = sharing.add(0, 500, {{0, 1}, {1, 0.5}}, no_cap);
  const auto b = sharing.add(0, 300, {{2, 1}, {3, 1}}, no_cap);
  EXPECT_DOUBLE_EQ(sharing.rate(a), 100);
  EXPECT_DOUBLE_EQ(sharing.rate(b), 100);
  EXPECT_DOUBLE_EQ(sharing.next_completion(), 3);
  EXPECT_EQ(sharing.advance(3), std::vector{b});
  EXPECT_DOUBLE_EQ(sharing.next_completion(), 5);
}

TEST(LinkSharing, EqualBytesOfOneLink) {
  LinkSharing sharing = links(1);
  const auto a = sharing.add(0, 500, {{0, 1}}, no_cap), b = sharing.add(0, 100, {{0, 1}}, no_cap);
  EXPECT_DOUBLE_EQ(sharing.rate(a), 50);
  EXPECT_DOUBLE_EQ(sharing.rate(b), 50);
  EXPECT_EQ(sharing.advance(2), std::vector{b});
  EXPECT_DOUBLE_EQ(sharing.rate(a), 100);
  EXPECT_DOUBLE_EQ(sharing.next_completion(), 6);
}

TEST(LinkSharing, WhatACappedFlowLeavesIsTheOthers) {
  LinkSharing sharing = links(1);
  const auto a = sharing.add(0, 500, {{0, 1}}, 20), b = sharing.add(0, 500, {{0, 1}}, no_cap);
  EXPECT_DOUBLE_EQ(sharing.rate(a), 20);
  EXPECT_DOUBLE_EQ(sharing.rate(b), 80);
}

// Link 1 is the tightest of `a`, and `b` takes half of what it needs most, link 2, for each byte.
TEST(LinkSharing, EachIsMeasuredByTheLinkThatItNeedsMost) {
  LinkSharing sharing = links(3);
  const auto a = sharing.add(0, 500, {{0, 0.5}, {1, 1}}, no_cap);
  const auto b = sharing.add(0, 500, {{1, 0.5}, {2, 1}}, no_cap);
  // Shares s of both: s + s / 2 = 1.
  EXPECT_DOUBLE_EQ(sharing.rate(a), 100 * 2.0 / 3);
  EXPECT_DOUBLE_EQ(sharing.rate(b), 100 * 2.0 / 3);
}

TEST(LinkSharing, NoLinkIsOverfullAndNoFlowCouldBeFaster) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  for (int round = 0; round < 300; ++round) {
    LinkSharing sharing = links(5);
    struct Flow {
      Uses uses;
      double cap;
    };
    std::map<LinkSharing::FlowId, Flow> flows;
    for (std::size_t i = 0; i < 1 + random() % 5; ++i) {
      Flow flow{{}, random() % 3 == 0 ? 10.0 + static_cast<double>(random() % 90) : no_cap};
      for (std::size_t link = 0; link < 5; ++link)
        if (random() % 2 == 0)
          flow.uses.push_back({link, 0.1 + 0.1 * static_cast<double>(random() % 9)});
      if (flow.uses.empty()) continue;
      flows[sharing.add(0, 1e6, flow.uses, flow.cap)] = flow;
    }
    std::vector<double> carried(5);
    for (const auto& [id, flow] : flows)
      for (const ResourceUse& use : flow.uses)
        carried[use.resource] += sharing.rate(id) * use.share;
    for (const double rate : carried) ASSERT_LE(rate, 100 * (1 + 1e-9));
    for (const auto& [id, flow] : flows) {
      bool bound = sharing.rate(id) >= flow.cap * (1 - 1e-9);
      for (const ResourceUse& use : flow.uses)
        bound = bound || carried[use.resource] >= 100 * (1 - 1e-9);
      ASSERT_TRUE(bound) << "a flow with room on all of its links and below its own pace";
    }
  }
}

// What the engine is told of a collective takes, alone, what the model of collectives says.
TEST(LinkSharing, ACollectiveAloneTakesItsTime) {
  for (const auto& [name, cluster] : all_clusters()) {
    CollectiveModel model(linked_chip(), cluster);
    std::vector<BytesPerSecond> rates;
    for (const LinkClass& c : model.topology().classes()) rates.push_back(c.bandwidth);
    for (const std::int64_t ranks : {2, 8, 12})
      for (const std::int64_t stride : {1, 4}) {
        if (ranks * stride > cluster.chips) continue;
        Request request;
        request.ranks = ranks;
        request.stride = stride;
        request.payload = Bytes(1e9);
        const CollectiveCost cost = model.cost(
            request.operation, request.payload, place_group(cluster, ranks, stride));
        const Estimate estimate = model.estimate(request);
        EXPECT_EQ((cost.latency + cost.transfer).si(), estimate.time.si());
        Bytes most;
        for (const Bytes link : cost.links) most = std::max(most, link);
        Uses uses;
        for (std::size_t link = 0; link < cost.links.size(); ++link)
          if (cost.links[link] > Bytes(0)) uses.push_back({link, cost.links[link] / most});
        LinkSharing sharing(rates);
        sharing.add(0, most.si(), uses, (most / cost.transfer).si());
        EXPECT_NEAR(
            sharing.next_completion(), estimate.transfer.si(), 1e-9 * estimate.transfer.si())
            << name << " " << ranks << " " << stride;
      }
  }
}

// A group inside of nodes and one across them share no link of switched nodes, but the links above
// the leaves do not care whose bytes they carry.
TEST(LinkSharing, TensorAndDataGroups) {
  ClusterDescription cluster = nodes_of(8, 1024);
  cluster.oversubscription = 4;
  CollectiveModel model(linked_chip(), cluster);
  const auto shared = [&](std::int64_t ranks, std::int64_t stride, std::int64_t other_ranks,
                          std::int64_t other_stride) {
    const auto cost = [&](std::int64_t n, std::int64_t apart) {
      return model.cost(Collective::all_reduce, Bytes(1e9), place_group(cluster, n, apart)).links;
    };
    const auto a = cost(ranks, stride), b = cost(other_ranks, other_stride);
    std::vector<std::size_t> both;
    for (std::size_t link = 0; link < a.size(); ++link)
      if (a[link] > Bytes(0) && b[link] > Bytes(0)) both.push_back(link);
    return both;
  };
  EXPECT_TRUE(shared(8, 1, 128, 8).empty());
  EXPECT_EQ(shared(512, 1, 2, 512), (std::vector<std::size_t>{2, 3, 4, 5}));
}

}  // namespace
}  // namespace headroom::network
