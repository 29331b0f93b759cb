// Groups of up to 131,072 ranks: trees and broadcasts, whose traffic no shift maps onto itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "models/network/collective_model.h"
#include "models/network/simulate.h"
#include "tests/models/network/clusters.h"

namespace headroom::network {
namespace {

Profile profile_of(const ClusterDescription& cluster, const char* algorithm, Collective operation,
                   bool use_symmetry = true) {
  return profile(*make_topology(linked_chip(), cluster), *find_algorithm(algorithm), operation,
                 make_team(cluster, cluster.chips, 1), use_symmetry);
}

TEST(LargeGroups, OneRankOfANodeStandsForTheOthers) {
  for (const std::int64_t chips : {64, 192, 512, 1024}) {
    ClusterDescription rails = nodes_of(8, chips), mixed = rails, deep = rails;
    rails.node_reduction = mixed.node_reduction = true;
    rails.oversubscription = mixed.oversubscription = 3;
    mixed.rails = false;
    deep.levels = 3;
    deep.leaf_nodes = 4;
    deep.pod_leaves = 4;
    deep.core_oversubscription = 2;
    for (const ClusterDescription& cluster : {rails, mixed, deep})
      for (const char* algorithm : {"double_binary_tree", "in_network"}) {
        if (algorithm == std::string("in_network") && !cluster.node_reduction) continue;
        const Profile turned = profile_of(cluster, algorithm, Collective::all_reduce),
                      whole = profile_of(cluster, algorithm, Collective::all_reduce, false);
        EXPECT_EQ(turned.sources * 8, whole.sources);
        const double seconds = whole.seconds_per_byte();
        EXPECT_NEAR(turned.seconds_per_byte(), seconds, 1e-12 * seconds) << algorithm << chips;
        EXPECT_NEAR(turned.network_bytes, whole.network_bytes, 1e-12) << algorithm << chips;
        EXPECT_NEAR(turned.scale_up_bytes, whole.scale_up_bytes, 1e-12) << algorithm << chips;
        EXPECT_NEAR(turned.sent_bytes, whole.sent_bytes, 1e-9 * whole.sent_bytes);
        EXPECT_EQ(turned.stages[0].crossings.network, whole.stages[0].crossings.network);
        EXPECT_EQ(turned.stages[0].crossings.scale_up, whole.stages[0].crossings.scale_up);
      }
  }
}

// What a class of links carries: at most, and all of them together.
std::map<std::int32_t, std::pair<double, double>> by_class(const Profile& p) {
  std::map<std::int32_t, std::pair<double, double>> classes;
  for (const LinkLoad& load : p.loads) {
    auto& [most, sum] = classes[load.link_class];
    most = std::max(most, load.bytes_per_byte);
    sum += load.bytes_per_byte * static_cast<double>(load.alike);
  }
  return classes;
}

void expect_the_same(const Profile& few, const Profile& all, const std::string& where) {
  const double seconds = all.seconds_per_byte(), sent = all.sent_bytes;
  EXPECT_NEAR(few.seconds_per_byte(), seconds, 1e-11 * seconds) << where;
  EXPECT_NEAR(few.network_bytes, all.network_bytes, 1e-11) << where;
  EXPECT_NEAR(few.scale_up_bytes, all.scale_up_bytes, 1e-11) << where;
  EXPECT_NEAR(few.sent_bytes, sent, 1e-9 * sent) << where;
  const auto &some = few.stages[0].crossings, &each = all.stages[0].crossings;
  EXPECT_NEAR(some.network, each.network, 1e-9 * each.network) << where;
  EXPECT_NEAR(some.scale_up, each.scale_up, 1e-9 * each.scale_up) << where;
  EXPECT_NEAR(some.switches, each.switches, 1e-9 * each.switches) << where;
  const auto loads = by_class(few), expected = by_class(all);
  ASSERT_EQ(loads.size(), expected.size()) << where;
  for (const auto& [link_class, most_and_sum] : expected) {
    const auto [most, sum] = most_and_sum;
    EXPECT_NEAR(loads.at(link_class).first, most, 1e-9 * most) << where << ", " << link_class;
    EXPECT_NEAR(loads.at(link_class).second, sum, 1e-9 * sum) << where << ", " << link_class;
  }
}

// Whole networks of thousands of chips, also such as no window divides.
TEST(LargeGroups, OneWindowStandsForTheOthers) {
  ClusterDescription rails = nodes_of(8, 4096), odd = nodes_of(8, 8 * 613),
                     mixed = nodes_of(4, 4096), deep = nodes_of(2, 4096), plain = nodes_of(1, 3000),
                     one = one_node(headroom::Topology::single_switch, 2048);
  rails.node_reduction = odd.node_reduction = mixed.node_reduction = true;
  rails.oversubscription = odd.oversubscription = mixed.oversubscription = 3;
  odd.leaf_nodes = 20;
  mixed.rails = false;
  deep.levels = 3;
  deep.leaf_nodes = 4;
  deep.pod_leaves = 4;
  deep.core_oversubscription = 2;
  int cases = 0, fewer = 0;
  for (const auto& [name, cluster] : std::vector<NamedCluster>{
           {"rails", rails},
           {"odd", odd},
           {"without rails", mixed},
           {"three levels", deep},
           {"nodes of one", plain},
           {"switch", one},
           {"dragonfly", dragonfly(4096)}})
    for (const Collective operation : {Collective::all_reduce, Collective::broadcast})
      for (const char* algorithm :
           {"double_binary_tree", "in_network", "ring", "bidirectional_ring"})
        for (const std::int64_t stride : {1, 8}) {
          const Team team = make_team(cluster, cluster.chips / stride, stride);
          const Algorithm& a = *find_algorithm(algorithm);
          if (cluster.chips % stride != 0 || !a.complaint(operation, team).empty()) continue;
          // Rings that reduce share links step by step, too many at once without symmetry.
          if (a.name() != "double_binary_tree" && a.name() != "in_network" &&
              operation == Collective::all_reduce)
            continue;
          const auto topology = make_topology(linked_chip(), cluster);
          const Profile few = profile(*topology, a, operation, team),
                        all = profile(*topology, a, operation, team, false);
          expect_the_same(
              few, all,
              std::string(name) + ": " + algorithm + " " + std::string(to_string(operation)) +
                  ", stride " + std::to_string(stride));
          ++cases;
          fewer += few.flows < all.flows / 2 ? 1 : 0;
        }
  EXPECT_GT(cases, 30);
  EXPECT_GT(fewer, cases / 2);
}

// Time = bytes over the tightest link + filling, which shrinks with the number of chunks: two
// simulations tell them apart.
double without_filling(const ClusterDescription& cluster, const char* algorithm,
                       Collective operation, int few = 16) {
  constexpr double payload = 1e6;
  const auto seconds = [&](int chunks) {
    return simulate(*make_topology(linked_chip(), cluster), *find_algorithm(algorithm), operation,
                    make_team(cluster, cluster.chips, 1), Bytes(payload), {}, chunks)
        .time.si();
  };
  const int many = 2 * few;
  return (many * seconds(many) - few * seconds(few)) / (many - few) / payload;
}

TEST(LargeGroups, AgreeWithTheSimulationOfEveryTransfer) {
  for (const Collective operation : {Collective::all_reduce, Collective::broadcast})
    for (const auto& [node, chips] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{8, 64}, {1, 64}, {1, 256}}) {
      const ClusterDescription cluster = nodes_of(node, chips);
      const double simulated = without_filling(cluster, "double_binary_tree", operation);
      EXPECT_NEAR(profile_of(cluster, "double_binary_tree", operation).seconds_per_byte(),
                  simulated, 0.01 * simulated)
          << to_string(operation) << " of " << chips << " chips in nodes of " << node;
    }
}

// Deeper trees take more chunks until filling shrinks with their number.
TEST(LargeGroups, TreesOf512And1024RanksTakeTheTimeOfTheSimulation) {
  using Case = std::tuple<Collective, std::int64_t, std::int64_t>;  // chips of a node, chips
  for (const auto& [operation, node, chips] :
       {Case{Collective::all_reduce, 8, 512}, Case{Collective::all_reduce, 1, 1024},
        Case{Collective::broadcast, 1, 512}, Case{Collective::broadcast, 1, 1024}}) {
    const ClusterDescription cluster = nodes_of(node, chips);
    const double simulated = without_filling(cluster, "double_binary_tree", operation, 20);
    EXPECT_NEAR(profile_of(cluster, "double_binary_tree", operation).seconds_per_byte(), simulated,
                1e-3 * simulated)
        << to_string(operation) << " of " << chips << " chips in nodes of " << node;
  }
}

// Also where links above the leaves are the busiest.
TEST(LargeGroups, TheBusiestLinkIsThatOfTheSimulation) {
  for (const Collective operation : {Collective::all_reduce, Collective::broadcast})
    for (const auto& [node, chips] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{8, 512}, {1, 1024}, {8, 1024}}) {
      ClusterDescription cluster = nodes_of(node, chips);
      cluster.oversubscription = 2;
      const auto topology = make_topology(linked_chip(), cluster);
      const Simulation s = simulate(
          *topology, *find_algorithm("double_binary_tree"), operation, make_team(cluster, chips, 1),
          Bytes(1e6), {}, 1);
      double most = 0;
      for (const LinkLoad& load : s.loads)
        most = std::max(
            most,
            load.bytes_per_byte /
                topology->classes()[static_cast<std::size_t>(load.link_class)].bandwidth.si());
      const double closed = profile_of(cluster, "double_binary_tree", operation).seconds_per_byte();
      EXPECT_NEAR(closed * 1e6, most, 1e-9 * most);
      EXPECT_GT(s.time.si(), most);
    }
}

// Sanders, Speck, Traeff 2009: every port carries S up and S down, over all ports of a node, in
// 2 log2(nodes) steps.
TEST(LargeGroups, TreesKeepTheirClosedForm) {
  for (const std::int64_t chips : {1024, 16384, 131072}) {
    const ClusterDescription cluster = nodes_of(8, chips);
    const Profile p = profile_of(cluster, "double_binary_tree", Collective::all_reduce);
    const double port = cluster.scale_out.payload_bandwidth().si();
    EXPECT_NEAR(p.seconds_per_byte(), 2.0 / 8 / port, 0.01 * 2 / 8 / port) << chips;
    double levels = 0;
    for (std::int64_t nodes = chips / 8; nodes > 1; nodes /= 2) ++levels;
    EXPECT_EQ(p.stages[0].crossings.network, 2 * levels);
    EXPECT_EQ(p.stages[0].crossings.scale_up, 2 * 7);
  }
}

TEST(LargeGroups, BroadcastsSendThePayloadOnce) {
  const ClusterDescription cluster = nodes_of(8, 131072);
  const double port = cluster.scale_out.payload_bandwidth().si();
  EXPECT_NEAR(
      profile_of(cluster, "ring", Collective::broadcast).seconds_per_byte(), 1.0 / 8 / port, 1e-15);
  const Profile tree = profile_of(cluster, "double_binary_tree", Collective::broadcast);
  // Rank 0 brings the payload to both roots, over the switch of its node and the ports of all.
  EXPECT_LE(tree.seconds_per_byte() * port, 4.0 / 8);
  EXPECT_GT(tree.stages[0].crossings.network, 14);
  EXPECT_LE(tree.stages[0].crossings.network, 16);
}

TEST(LargeGroups, NotEveryLinkIsListed) {
  const Profile p = profile_of(nodes_of(8, 131072), "double_binary_tree", Collective::all_reduce);
  EXPECT_LT(p.loads.size(), 200);
  std::int64_t ports = 0;
  for (const LinkLoad& load : p.loads)
    if (load.link_class == 2) ports += load.alike;  // out of the chips, into the network
  EXPECT_EQ(ports, 131072);
}

// A ring of 16,384 ranks pays 32,766 steps.
TEST(LargeGroups, AutoTakesATreeForWhatARingIsTooLongFor) {
  ClusterDescription cluster = nodes_of(8, 16384);
  cluster.node_reduction = true;
  cluster.library.id = "library";
  const auto family = [](double start, double up, double network) {
    ProtocolLatencies latencies;
    latencies.simple = {Seconds(start), Seconds(up), Seconds(network)};
    return latencies;
  };
  cluster.library.ring = family(8e-6, 3e-6, 14e-6);
  cluster.library.tree = family(8e-6, 4e-6, 14e-6);
  CollectiveModel model(linked_chip(), cluster);
  Request request;
  request.payload = Bytes(64e6);
  request.ranks = 16384;
  EXPECT_EQ(model.estimate(request).algorithm->name(), "double_binary_tree");
  EXPECT_LT(model.estimate(request).time.si(), 5e-3);
  request.algorithm = "ring";
  EXPECT_GT(model.estimate(request).time.si(), 50e-3);
}

TEST(LargeGroups, ANamedAlgorithmRunsWhateverTheLibraryHas) {
  ClusterDescription with = nodes_of(8, 64), without = with;
  with.library.id = "library";
  with.library.ring.simple = {Seconds(8e-6), Seconds(3e-6), Seconds(14e-6)};
  CollectiveModel library(linked_chip(), with), links(linked_chip(), without);
  Request request;
  request.payload = Bytes(1e9);
  request.ranks = 64;
  for (const char* algorithm : {"hierarchical", "double_binary_tree", "halving_doubling"}) {
    request.algorithm = algorithm;
    EXPECT_FALSE(library.offered(*find_algorithm(algorithm), request.operation));
    EXPECT_EQ(library.estimate(request).time.si(), links.estimate(request).time.si());
    EXPECT_EQ(library.estimate(request).protocol, "");
  }
  request.algorithm = "auto";
  EXPECT_EQ(library.estimate(request).algorithm->name(), "ring");
  request.algorithm = "ring";
  EXPECT_GT(library.estimate(request).time.si(), links.estimate(request).time.si());
}

}  // namespace
}  // namespace headroom::network
