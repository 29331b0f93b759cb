// Costs of algorithms: the symmetric way equals the whole network, both equal the event-driven
// simulation of every transfer, bytes are conserved, closed forms hold.
#include "models/network/profile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "models/network/simulate.h"
#include "tests/models/network/clusters.h"

namespace headroom::network {
namespace {

constexpr double payload = 1e6;
const StepTimes no_latency{};

struct Case {
  std::string where;
  std::unique_ptr<Topology> topology;
  const Algorithm* algorithm;
  Collective operation;
  Team team;
};

// Calls `check` for each cluster, aligned group and algorithm that fit.
template <class Check>
void for_all(const Check& check) {
  for (const auto& [name, cluster] : all_clusters())
    for (const std::int64_t ranks : {2, 3, 4, 8, 12, 16, 64})
      for (const std::int64_t stride : {1, 4, 8}) {
        if (ranks * stride > cluster.chips || cluster.chips % (ranks * stride) != 0) continue;
        const Team team = make_team(cluster, ranks, stride);
        for (std::size_t o = 0; o < collective_names.size(); ++o)
          for (const auto& algorithm : algorithms()) {
            const auto operation = static_cast<Collective>(o);
            if (!algorithm->complaint(operation, team).empty()) continue;
            check(Case{
                std::string(name) + ": " + std::string(algorithm->name()) + " " +
                    std::string(to_string(operation)) + " of " + std::to_string(ranks) +
                    " ranks, stride " + std::to_string(stride),
                make_topology(linked_chip(), cluster), algorithm.get(), operation, team});
          }
      }
}

TEST(Profile, TheSymmetricWayIsTheWholeNetworkFolded) {
  int cases = 0, folded = 0;
  for_all([&](const Case& c) {
    const Profile fold = profile(*c.topology, *c.algorithm, c.operation, c.team),
                  whole = profile(*c.topology, *c.algorithm, c.operation, c.team, false);
    ASSERT_NEAR(fold.seconds_per_byte(), whole.seconds_per_byte(), 1e-9 * whole.seconds_per_byte())
        << c.where;
    ASSERT_NEAR(fold.scale_up_bytes, whole.scale_up_bytes, 1e-9) << c.where;
    ASSERT_NEAR(fold.network_bytes, whole.network_bytes, 1e-9) << c.where;
    for (std::size_t s = 0; s < whole.stages.size(); ++s) {
      ASSERT_NEAR(fold.stages[s].crossings.network, whole.stages[s].crossings.network, 1e-9)
          << c.where;
      ASSERT_NEAR(fold.stages[s].crossings.scale_up, whole.stages[s].crossings.scale_up, 1e-9)
          << c.where;
    }
    ++cases;
    folded += fold.sources < whole.sources ? 1 : 0;
  });
  EXPECT_GT(cases, 200);
  EXPECT_GT(folded, 60) << "symmetry was hardly ever found";
}

TEST(Profile, BandwidthAgreesWithTheSimulationOfEveryTransfer) {
  for_all([](const Case& c) {
    const Profile p = profile(*c.topology, *c.algorithm, c.operation, c.team);
    const double closed = p.seconds_per_byte() * payload;
    const bool pipelined = p.coupling == Phase::Coupling::pipelined;
    const bool torus = p.coupling == Phase::Coupling::concurrent;
    const int chunks = pipelined ? 8 : 1;
    const double time = simulate(*c.topology, *c.algorithm, c.operation, c.team, Bytes(payload),
                                 no_latency, chunks)
                            .time.si();
    if (pipelined) {
      // Never faster than the tightest link; filled and drained within the depth of the pipeline.
      const double steps = static_cast<double>(p.stages.front().steps);
      ASSERT_GE(time, closed * (1 - 1e-9)) << c.where;
      ASSERT_LE(time, closed * (chunks + steps - 1) / chunks * 1.3) << c.where;
    } else if (torus) {
      // Unequal dimensions are taken to overlap perfectly; equal ones do.
      ASSERT_GE(time, closed * (1 - 1e-9)) << c.where;
      ASSERT_LE(time, closed * 2) << c.where;
      if (c.team.dimensions.size() == 1 || c.team.ranks == 64) {
        ASSERT_NEAR(time, closed, 0.01 * closed) << c.where;
      }
    } else {
      ASSERT_NEAR(time, closed, 0.01 * closed) << c.where;
    }
  });
}

// Every byte that leaves a chip arrives at one, on every path, and switches keep none.
TEST(Profile, BytesAreConserved) {
  for_all([](const Case& c) {
    const Simulation s = simulate(
        *c.topology, *c.algorithm, c.operation, c.team, Bytes(payload), no_latency);
    const Profile whole = profile(*c.topology, *c.algorithm, c.operation, c.team, false);
    std::map<std::pair<std::int32_t, std::int64_t>, double> bytes;
    for (const LinkLoad& load : whole.loads)
      bytes[{load.link_class, load.index}] = load.bytes_per_byte * payload;
    double out = 0, in = 0;
    for (const LinkLoad& load : s.loads) {
      ASSERT_NEAR(load.bytes_per_byte, (bytes[{load.link_class, load.index}]), 1e-6 * payload)
          << c.where << ", " << c.topology->link_name(load.link_class, load.index);
      const Port port = c.topology->port_of(load.link_class, load.index);
      if (port.kind != Port::Kind::none) (port.egress ? out : in) += load.bytes_per_byte;
    }
    ASSERT_EQ(s.loads.size(), whole.loads.size()) << c.where;
    // Links from chip to chip are counted once, as the sender's.
    const bool two_sided = in > 0;
    const bool switched = c.algorithm->name() == "in_network";
    if (two_sided && !switched) {
      ASSERT_NEAR(out, in, 1e-6 * out) << c.where;
    }
  });
}

// Thakur, Rabenseifner, Gropp 2005 (IJHPCA 19), section 4: ring and recursive halving and doubling
// with start-up a and b seconds per byte. Sanders, Speck, Traeff 2009: two trees, S up and S down.
TEST(Profile, ClosedFormsWithoutContention) {
  const ClusterDescription cluster = one_node(headroom::Topology::single_switch, 64);
  const double b = 1 / linked_chip().scale_up.payload_bandwidth().si();
  for (const std::int64_t ranks : {2, 4, 8, 32, 64}) {
    const double n = static_cast<double>(ranks), pass = (n - 1) / n * b;
    const auto topology = make_topology(linked_chip(), cluster);
    const Team team = make_team(cluster, ranks, 1);
    const auto expect = [&](const char* name, Collective operation, double seconds, double steps) {
      const Profile p = profile(*topology, *find_algorithm(name), operation, team);
      EXPECT_NEAR(p.seconds_per_byte(), seconds, 0.01 * seconds) << name << " " << ranks;
      EXPECT_NEAR(p.stages.front().crossings.scale_up, steps, 0.01 * steps) << name << " " << ranks;
    };
    expect("ring", Collective::all_gather, pass, n - 1);
    expect("ring", Collective::all_reduce, 2 * pass, 2 * (n - 1));
    expect("direct", Collective::all_to_all, pass, 1);
    expect("direct", Collective::send, b, 1);
    double seconds = 0, steps = 0;
    for (const Stage& stage :
         profile(*topology, *find_algorithm("halving_doubling"), Collective::all_reduce, team)
             .stages) {
      seconds += stage.seconds_per_byte;
      steps += stage.crossings.scale_up;
    }
    EXPECT_NEAR(seconds, 2 * pass, 0.01 * 2 * pass) << ranks;
    EXPECT_NEAR(steps, 2 * std::log2(n), 1e-9) << ranks;
  }
}

TEST(Profile, TorusUsesAllLinks) {
  // Every chip sends S (n-1)/n each way of an all-reduce over its six links.
  const ClusterDescription cube = torus({4, 4, 4});
  const Profile p = profile(
      *make_topology(linked_chip(), cube), *find_algorithm("torus"), Collective::all_reduce,
      make_team(cube, 64, 1));
  EXPECT_NEAR(p.seconds_per_byte(), 2 * 63.0 / 64 / 600e9, 1e-15);
  EXPECT_EQ(p.stages.front().crossings.scale_up, 2 * 3 * 2);
  // Unequal dimensions: the parts are chosen so that all end together.
  const ClusterDescription box = torus({4, 8, 16});
  const Profile q = profile(
      *make_topology(linked_chip(), box), *find_algorithm("torus"), Collective::all_gather,
      make_team(box, 512, 1));
  EXPECT_NEAR(q.seconds_per_byte(), 511.0 / 512 / 600e9, 1e-15);
}

TEST(Profile, InNetworkReductionSendsOnceAndItsShard) {
  ClusterDescription cluster = one_node(headroom::Topology::single_switch, 8);
  cluster.node_reduction = true;
  const Profile p = profile(
      *make_topology(linked_chip(), cluster), *find_algorithm("in_network"), Collective::all_reduce,
      make_team(cluster, 8, 1));
  EXPECT_NEAR(p.seconds_per_byte() * 600e9, 1 + 1.0 / 8, 1e-9);
}

TEST(Profile, OversubscriptionSlowsWhatCrossesIt) {
  ClusterDescription narrow = nodes_of(8, 512), wide = nodes_of(8, 512);
  narrow.oversubscription = 4;
  for (const auto& [ranks, stride, factor] :
       std::vector<std::tuple<std::int64_t, std::int64_t, double>>{{32, 8, 1}, {2, 256, 4}}) {
    const Team team = make_team(wide, ranks, stride);
    const auto time = [&](const ClusterDescription& cluster) {
      return profile(*make_topology(linked_chip(), cluster), *find_algorithm("ring"),
                     Collective::all_reduce, team)
          .seconds_per_byte();
    };
    EXPECT_NEAR(time(narrow) / time(wide), factor, 1e-9) << stride;
  }
}

}  // namespace
}  // namespace headroom::network
