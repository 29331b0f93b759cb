// No collective is faster than the links that its bytes must cross. All groups of a plan run at
// once, so every chip belongs to one; the bounds hold for any algorithm.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "models/network/collective_model.h"
#include "tests/models/network/clusters.h"
#include "tests/support/seed.h"

namespace headroom {
namespace {

constexpr double payload = 1e6;

// Bytes that an all-gather must bring into `inside`, over all groups: a group with a rank inside
// needs each shard that lies outside at least once.
double must_enter(const std::vector<bool>& inside, std::int64_t ranks, std::int64_t stride) {
  std::map<std::int64_t, std::int64_t> members;  // of each group that are inside
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const auto chip = static_cast<std::int64_t>(i);
    if (inside[i]) ++members[chip / (ranks * stride) * stride + chip % stride];
  }
  double bytes = 0;
  for (const auto& group : members)
    bytes += payload * static_cast<double>(ranks - group.second) / static_cast<double>(ranks);
  return bytes;
}

// Position of `chip` along each dimension.
std::vector<std::int64_t> position(const ClusterDescription& cluster, std::int64_t chip) {
  std::vector<std::int64_t> result;
  for (const std::int64_t extent : cluster.shape) {
    result.push_back(chip % extent);
    chip /= extent;
  }
  return result;
}

// Links from outside to inside. Two chips in a dimension of two have one link.
double links_into(const ClusterDescription& cluster, const std::vector<bool>& inside) {
  double links = 0;
  std::int64_t inner = 1;
  for (std::size_t d = 0; d < cluster.shape.size(); inner *= cluster.shape[d++]) {
    const std::int64_t extent = cluster.shape[d];
    for (std::int64_t chip = 0; chip < cluster.chips; ++chip) {
      const std::int64_t at = position(cluster, chip)[d];
      if (at + 1 == extent && (!cluster.wrap || extent <= 2)) continue;
      const std::int64_t next = chip + (at + 1 < extent ? inner : inner * (1 - extent));
      links += inside[static_cast<std::size_t>(chip)] != inside[static_cast<std::size_t>(next)];
    }
  }
  return links;
}

// Slabs of the torus at every place of every dimension, and single chips.
std::vector<std::vector<bool>> cuts(const ClusterDescription& cluster) {
  std::vector<std::vector<bool>> result;
  const auto chips = static_cast<std::size_t>(cluster.chips);
  for (std::size_t d = 0; d < cluster.shape.size(); ++d)
    for (std::int64_t from = 0; from < cluster.shape[d]; ++from)
      for (std::int64_t to = from + 1; to <= cluster.shape[d]; ++to) {
        std::vector<bool> inside(chips);
        for (std::size_t chip = 0; chip < chips; ++chip) {
          const std::int64_t at = position(cluster, static_cast<std::int64_t>(chip))[d];
          inside[chip] = from <= at && at < to;
        }
        result.push_back(inside);
      }
  for (std::size_t chip = 0; chip < chips; ++chip) {
    result.emplace_back(chips);
    result.back()[chip] = true;
  }
  return result;
}

void check_torus(const ClusterDescription& cluster) {
  const double link = linked_chip().scale_up.bandwidth.si();
  ChipDescription chip = linked_chip();
  chip.scale_up.count = 2 * static_cast<int>(cluster.shape.size());
  const auto all_cuts = cuts(cluster);
  network::CollectiveModel model(chip, cluster);
  for (std::int64_t ranks = 2; ranks <= cluster.chips; ranks *= 2)
    for (std::int64_t stride = 1; ranks * stride <= cluster.chips; stride *= 2) {
      const Group group = place_group(cluster, ranks, stride);
      const double time = model.cost(Collective::all_gather, Bytes(payload), group).transfer.si();
      for (const std::vector<bool>& inside : all_cuts) {
        const double bytes = must_enter(inside, ranks, stride);
        if (bytes == 0) continue;
        ASSERT_GE(time * (1 + 1e-9), bytes / (links_into(cluster, inside) * link))
            << ranks << " ranks, stride " << stride << " of "
            << testing::PrintToString(cluster.shape) << (cluster.wrap ? " wrapped" : " open");
      }
    }
}

TEST(NetworkBounds, NoCutOfATorusIsBeaten) {
  for (const bool wrap : {true, false})
    for (const std::vector<std::int64_t>& shape : std::vector<std::vector<std::int64_t>>{
             {16}, {4, 4}, {2, 8}, {16, 4}, {2, 2, 2}, {4, 4, 4}, {2, 4, 8}})
      check_torus(torus(shape, wrap));
}

TEST(NetworkBounds, NoNodeTakesInMoreThanItsPorts) {
  const ChipDescription chip = linked_chip();
  for (const std::int64_t node : {1, 2, 4, 8, 72})
    for (const std::int64_t ranks : {2, 4, 6, 8, 9, 16, 24, 64})
      for (const std::int64_t stride : {1, 2, 4, 8, 16}) {
        const ClusterDescription cluster = nodes_of(node, node * (node > 8 ? 8 : 128));
        if (ranks * stride > cluster.chips) continue;
        const Group group = place_group(cluster, ranks, stride);
        ASSERT_EQ(group.nodes() * group.members, ranks);
        ASSERT_LE(group.members, node);
        const double time = collective_cost(
                                Collective::all_gather, Bytes(payload), group, chip, cluster)
                                .transfer.si();
        // What the node's ranks of all groups lack comes through their own ports.
        const auto all = static_cast<double>(ranks), inside = static_cast<double>(group.members);
        const bool exact = node % stride == 0 || stride % node == 0;
        if (exact && node % group.members == 0 && group.nodes() > 1) {
          const double network = payload * (all - inside) / all / inside /
                                 cluster.scale_out.payload_bandwidth().si();
          ASSERT_GE(time * (1 + 1e-9), network) << node << " " << ranks << " " << stride;
        }
        // And no chip takes in more than both of its ports bring.
        const double
            injection = payload * (all - 1) / all /
                        (chip.scale_up.payload_bandwidth() + cluster.scale_out.payload_bandwidth())
                            .si();
        ASSERT_GE(time * (1 + 1e-9), injection) << node << " " << ranks << " " << stride;
      }
}

// Algorithms against bounds that hold for any: bytes that must enter and leave each rank, one step
// at least, and for reductions of more than two ranks through chips log2 of them.
TEST(NetworkBounds, NoAlgorithmBeatsWhatARankMustMove) {
  std::mt19937_64 random(seed());
  const ChipDescription chip = linked_chip();
  int checked = 0;
  for (const auto& [name, cluster] : all_clusters()) {
    network::CollectiveModel model(chip, cluster);
    const double ports = chip.scale_up.payload_bandwidth().si() +
                         cluster.scale_out.payload_bandwidth().si();
    for (int round = 0; round < 40; ++round) {
      network::Request request;
      request.operation = static_cast<Collective>(random() % collective_names.size());
      request.ranks = 2 + static_cast<std::int64_t>(random() % 31);
      request.stride = std::int64_t{1} << random() % 3;
      request.payload = Bytes(std::exp2(static_cast<double>(random() % 31)));
      if (request.ranks * request.stride > cluster.chips) continue;
      const std::vector<network::Estimate> all = model.estimates(request);
      if (all.empty()) continue;
      const network::Estimate best = model.estimate(request);
      const double n = static_cast<double>(request.ranks);
      for (const network::Estimate& e : all) {
        const bool switched = e.algorithm->name() == "in_network";
        double bytes = request.payload.si() * (n - 1) / n;
        if (request.operation == Collective::all_reduce && !switched) bytes *= 2;
        const std::string where = std::string(name) + ": " + std::string(e.algorithm->name()) +
                                  " " + std::string(to_string(request.operation)) + " of " +
                                  std::to_string(request.ranks) + ", stride " +
                                  std::to_string(request.stride) + "; " + replay();
        ASSERT_GE(e.transfer.si() * (1 + 1e-9), bytes / ports) << where;
        const double step = std::min(chip.scale_up.latency.si(), 14e-6);
        const double steps = switched || request.operation != Collective::all_reduce
                                 ? 1
                                 : std::ceil(std::log2(n));
        ASSERT_GE((e.steps + e.start).si() * (1 + 1e-9), steps * step) << where;
        ASSERT_LE(best.time, e.time) << where << ": auto is slower";
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 500);
}

TEST(NetworkBounds, MoreBandwidthIsNeverSlowerAndMoreBytesNeverFaster) {
  std::mt19937_64 random(seed());
  for (const auto& [name, cluster] : all_clusters()) {
    ChipDescription chip = linked_chip(), faster_chip = chip;
    ClusterDescription faster = cluster;
    faster_chip.scale_up.bandwidth *= 1.5;
    faster.scale_out.bandwidth *= 1.5;
    network::CollectiveModel model(chip, cluster), better(faster_chip, faster);
    for (int round = 0; round < 20; ++round) {
      network::Request request;
      request.operation = static_cast<Collective>(random() % collective_names.size());
      request.ranks = 2 + static_cast<std::int64_t>(random() % 15);
      request.payload = Bytes(std::exp2(static_cast<double>(random() % 31)));
      if (request.ranks > cluster.chips || model.estimates(request).empty()) continue;
      const Seconds time = model.estimate(request).time;
      EXPECT_LE(better.estimate(request).time, time) << name << "; " << replay();
      request.payload *= 1.5;
      EXPECT_GE(model.estimate(request).time, time) << name << "; " << replay();
    }
  }
}

// 131,072 chips take as many flows as 16,384: nothing grows with the network but the steps.
TEST(NetworkBounds, SymmetryMakesTheCostConstant) {
  for (const char* name : {"ring", "hierarchical", "halving_doubling"}) {
    const auto flows = [&](std::int64_t chips) {
      const ClusterDescription cluster = nodes_of(8, chips);
      const network::Profile p = network::profile(
          *network::make_topology(linked_chip(), cluster), *network::find_algorithm(name),
          Collective::all_reduce, network::make_team(cluster, chips, 1));
      return static_cast<double>(p.flows) / static_cast<double>(p.stages.size());
    };
    // Recursive halving has three steps more for eight times the ranks.
    EXPECT_LE(flows(131072), 1.3 * flows(16384)) << name;
  }
}

}  // namespace
}  // namespace headroom
