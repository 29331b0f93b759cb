// Routes: they begin and end at the right ports, carry the whole flow over every cut, and repeat
// with the period of the network.
#include "models/network/topology.h"

#include <gtest/gtest.h>

#include "tests/models/network/clusters.h"

namespace headroom::network {
namespace {

std::unique_ptr<Topology> network(const ClusterDescription& cluster) {
  return make_topology(linked_chip(), cluster);
}

Route route(const Topology& topology, Endpoint from, Endpoint to) {
  Route result;
  topology.find_route(from, to, result);
  return result;
}

std::vector<std::string> names(const Topology& topology, Endpoint from, Endpoint to) {
  std::vector<std::string> result;
  for (const Hop& hop : route(topology, from, to).hops)
    result.push_back(topology.link_name(hop.link_class, hop.index));
  return result;
}

using Names = std::vector<std::string>;

TEST(Topology, EveryRouteUsesLinksThatExist) {
  for (const auto& [name, cluster] : all_clusters()) {
    const auto topology = network(cluster);
    ASSERT_EQ(topology->endpoints(), cluster.chips);
    for (Endpoint from = 0; from < cluster.chips; ++from)
      for (Endpoint to = 0; to < cluster.chips; ++to) {
        const Route way = route(*topology, from, to);
        ASSERT_EQ(way.hops.empty(), from == to) << name;
        for (const Hop& hop : way.hops) {
          ASSERT_LT(static_cast<std::size_t>(hop.link_class), topology->classes().size()) << name;
          const LinkClass& c = topology->classes()[static_cast<std::size_t>(hop.link_class)];
          ASSERT_GE(hop.index, 0) << name;
          ASSERT_LT(hop.index, c.count) << name;
          ASSERT_GT(hop.share, 0) << name;
          ASSERT_LE(hop.share, 1) << name;
          ASSERT_GT(c.bandwidth.si(), 0) << name;
        }
      }
  }
}

// What leaves the ports of the sender and enters those of the receiver is the whole flow.
TEST(Topology, TheWholeFlowLeavesAndArrives) {
  for (const auto& [name, cluster] : all_clusters()) {
    if (is_torus(cluster.topology) || cluster.topology == headroom::Topology::fully_connected)
      continue;  // their links are no ports of two sides
    const auto topology = network(cluster);
    for (Endpoint from = 0; from < cluster.chips; ++from)
      for (Endpoint to = 0; to < cluster.chips; ++to) {
        if (from == to) continue;
        double left = 0, arrived = 0;
        for (const Hop& hop : route(*topology, from, to).hops) {
          const Port port = topology->port_of(hop.link_class, hop.index);
          if (port.kind == Port::Kind::none) continue;
          if (port.chip == from && port.egress) left += hop.share;
          if (port.chip == to && !port.egress) arrived += hop.share;
        }
        ASSERT_DOUBLE_EQ(left, 1) << name << " " << from << " to " << to;
        ASSERT_DOUBLE_EQ(arrived, 1) << name << " " << from << " to " << to;
      }
  }
}

TEST(Topology, ShiftedByThePeriodRoutesAreTheSame) {
  for (const auto& [name, cluster] : all_clusters()) {
    const auto topology = network(cluster);
    if (is_torus(cluster.topology)) continue;  // those shift by dimension
    const std::int64_t period = topology->period();
    ASSERT_EQ(cluster.chips % period, 0) << name;
    for (Endpoint from = 0; from + period < cluster.chips; ++from)
      for (Endpoint to = 0; to + period < cluster.chips; ++to) {
        const Route here = route(*topology, from, to),
                    there = route(*topology, from + period, to + period);
        ASSERT_EQ(here.hops.size(), there.hops.size()) << name;
        for (std::size_t i = 0; i < here.hops.size(); ++i) {
          const LinkClass&
              c = topology->classes()[static_cast<std::size_t>(here.hops[i].link_class)];
          ASSERT_EQ(here.hops[i].link_class, there.hops[i].link_class) << name;
          ASSERT_EQ((here.hops[i].index + c.per_period) % c.count, there.hops[i].index % c.count)
              << name << " " << from << " to " << to;
        }
      }
  }
}

TEST(Topology, AMessageForAnotherRailCrossesTheNodeFirst) {
  const auto topology = network(nodes_of(8, 32));
  EXPECT_EQ(names(*topology, 1, 11),
            (Names{"scale-up egress of chip 1", "scale-up ingress of chip 3",
                   "network egress of chip 3", "network ingress of chip 11"}));
  EXPECT_EQ(
      names(*topology, 1, 9), (Names{"network egress of chip 1", "network ingress of chip 9"}));
}

TEST(Topology, LeavesPodsAndTheirBandwidths) {
  ClusterDescription cluster = nodes_of(2, 64);
  cluster.levels = 3;
  cluster.leaf_nodes = 4;
  cluster.pod_leaves = 2;
  cluster.oversubscription = 2;
  cluster.core_oversubscription = 3;
  const auto topology = network(cluster);
  EXPECT_EQ(names(*topology, 1, 63),
            (Names{"network egress of chip 1", "leaf 0 rail 1 uplinks", "pod 0 uplinks",
                   "pod 3 downlinks", "leaf 7 rail 1 downlinks", "network ingress of chip 63"}));
  EXPECT_EQ(route(*topology, 0, 2).switches, 1);
  EXPECT_EQ(route(*topology, 0, 8).switches, 3);
  EXPECT_EQ(route(*topology, 0, 16).switches, 5);
  // 4 ports of 50 GB/s, half of it; 16 ports, a sixth of it.
  EXPECT_DOUBLE_EQ(topology->classes()[4].bandwidth.si(), 4 * 50e9 / 2);
  EXPECT_DOUBLE_EQ(topology->classes()[6].bandwidth.si(), 16 * 50e9 / 6);
}

TEST(Topology, ATorusTakesTheShorterWay) {
  const auto topology = network(torus({5, 4}));
  EXPECT_EQ(names(*topology, 0, 4), (Names{"-x link of chip 0"}));
  EXPECT_EQ(names(*topology, 0, 7),
            (Names{"+x link of chip 0", "+x link of chip 1", "+y link of chip 2"}));
  // Half way round: both ways, half of the flow each.
  const Route half = route(*topology, 0, 10);
  ASSERT_EQ(half.hops.size(), 4U);
  for (const Hop& hop : half.hops) EXPECT_EQ(hop.share, 0.5);
  EXPECT_EQ(half.scale_up, 2);
}

TEST(Topology, ADragonflyLeavesOverAllLinksToTheOtherGroup) {
  // 4 groups of 8 chips; 8 global links a group to 3 others: two or more to each.
  const auto topology = network(dragonfly(32));
  for (const Endpoint to : {8, 16, 24}) {
    double global = 0;
    int count = 0;
    for (const Hop& hop : route(*topology, 0, to).hops)
      if (topology->link_name(hop.link_class, hop.index).rfind("global", 0) == 0)
        global += hop.share, ++count;
    EXPECT_NEAR(global, 1, 1e-12);
    EXPECT_GE(count, 2) << to;
  }
}

}  // namespace
}  // namespace headroom::network
