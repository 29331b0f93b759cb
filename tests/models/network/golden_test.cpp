// The data really moves: every algorithm's schedule is run on numbers, and every rank must hold
// what the operation promises.
#include "models/network/golden.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/models/network/clusters.h"
#include "tests/support/seed.h"

namespace headroom::network {
namespace {

using Data = std::vector<std::vector<std::int64_t>>;

std::string fmt_where(const std::string& cluster, std::string_view algorithm,
                      std::string_view operation, std::int64_t ranks, std::int64_t stride) {
  return cluster + ": " + std::string(algorithm) + " " + std::string(operation) + " of " +
         std::to_string(ranks) + " ranks, stride " + std::to_string(stride) + "; " + replay();
}

void expect_right(const Algorithm& algorithm, Collective operation, const Team& team,
                  const Data& before, const Data& after, const std::string& where) {
  const std::int64_t units = algorithm.units(operation, team);
  for (std::int64_t r = 0; r < team.ranks; ++r)
    for (std::int64_t u = 0; u < units; ++u) {
      const auto rank = static_cast<std::size_t>(r), unit = static_cast<std::size_t>(u);
      const std::int64_t owner = algorithm.owner(operation, team, u);
      std::int64_t wanted = after[rank][unit];
      std::int64_t sum = 0;
      for (const auto& row : before) sum += row[unit];
      switch (operation) {
        case Collective::all_reduce: wanted = sum; break;
        case Collective::reduce_scatter:
          if (owner == r) wanted = sum;
          break;
        case Collective::all_gather:
        case Collective::broadcast: wanted = before[static_cast<std::size_t>(owner)][unit]; break;
        case Collective::all_to_all:
          if (u % team.ranks == r) wanted = before[static_cast<std::size_t>(owner)][unit];
          break;
        case Collective::send:
          if (owner == (r + team.ranks - 1) % team.ranks)
            wanted = before[static_cast<std::size_t>(owner)][unit];
          break;
      }
      ASSERT_EQ(after[rank][unit], wanted) << where << ", rank " << r << ", unit " << u;
    }
}

TEST(NetworkGolden, EveryRankEndsWithTheRightData) {
  std::mt19937_64 random(seed());
  int runs = 0;
  for (const auto& [name, cluster] : all_clusters())
    for (std::int64_t ranks = 2; ranks <= std::min<std::int64_t>(cluster.chips, 32); ++ranks)
      for (std::int64_t stride = 1; stride <= 4 && ranks * stride <= cluster.chips; stride *= 2) {
        const Team team = make_team(cluster, ranks, stride);
        for (std::size_t o = 0; o < collective_names.size(); ++o)
          for (const auto& algorithm : algorithms()) {
            const auto operation = static_cast<Collective>(o);
            if (!algorithm->complaint(operation, team).empty()) continue;
            Data data(static_cast<std::size_t>(ranks),
                      std::vector<std::int64_t>(
                          static_cast<std::size_t>(algorithm->units(operation, team))));
            for (auto& row : data)
              for (auto& value : row) value = static_cast<std::int64_t>(random() % 1000);
            const std::string where = fmt_where(
                name, algorithm->name(), to_string(operation), ranks, stride);
            expect_right(*algorithm, operation, team, data,
                         move_data(*algorithm, operation, team, data), where);
            ++runs;
          }
      }
  EXPECT_GT(runs, 1000);
}

// Every algorithm appears, so that none is forgotten.
TEST(NetworkGolden, EveryAlgorithmFitsSomewhere) {
  std::map<std::string, int> seen;
  for (const auto& [name, cluster] : all_clusters())
    for (const std::int64_t ranks : {4, 8, 16, 32})
      for (std::size_t o = 0; ranks <= cluster.chips && o < collective_names.size(); ++o)
        for (const std::string& fits :
             fitting(static_cast<Collective>(o), make_team(cluster, ranks, 1)))
          ++seen[fits];
  for (const std::string& name : algorithm_names()) EXPECT_GT(seen[name], 0) << name;
}

}  // namespace
}  // namespace headroom::network
