// Fronts by hand, and against the definition.
#include "sim/sweep/pareto.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/seed.h"

namespace headroom::sweep {
namespace {

std::vector<std::pair<double, double>> pairs(const std::vector<Candidate>& front) {
  std::vector<std::pair<double, double>> result;
  for (const Candidate& point : front) result.emplace_back(point.x, point.y);
  return result;
}

TEST(Pareto, LeastAndMost) {
  const std::vector<Candidate> points{
      {1, 1, {}}, {2, 3, {}}, {2, 2, {}}, {3, 3, {}}, {4, 5, {}}, {2, 3, {}}};
  EXPECT_EQ(pairs(front_of(points, Goal::least, Goal::most)),
            (std::vector<std::pair<double, double>>{{1, 1}, {2, 3}, {2, 3}, {4, 5}}));
  EXPECT_EQ(pairs(front_of(points, Goal::most, Goal::most)),
            (std::vector<std::pair<double, double>>{{4, 5}}));
}

TEST(Pareto, NoOneOnTheFrontIsBeaten) {
  std::mt19937_64 generator(seed());
  for (int round = 0; round < 50; ++round) {
    std::vector<Candidate> points;
    for (int i = 0; i < 60; ++i)
      points.push_back(
          {static_cast<double>(generator() % 20), static_cast<double>(generator() % 20), {}});
    const auto front = front_of(points, Goal::least, Goal::most);
    std::size_t unbeaten = 0;
    for (const Candidate& a : points) {
      bool beaten = false;
      for (const Candidate& b : points)
        beaten = beaten || (b.x <= a.x && b.y >= a.y && (b.x < a.x || b.y > a.y));
      unbeaten += beaten ? 0U : 1U;
    }
    EXPECT_EQ(front.size(), unbeaten) << replay();
  }
}

}  // namespace
}  // namespace headroom::sweep
