// Samples: the same for the same seed, and in a hypercube one in every interval.
#include "sim/sweep/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace headroom::sweep {
namespace {

TEST(Draw, LatinHypercubeHasOnePointInEveryInterval) {
  for (const std::int64_t count : {1, 2, 7, 100}) {
    const std::vector<double> shares = draw_shares({Method::latin_hypercube, count, 5}, 3);
    ASSERT_EQ(shares.size(), static_cast<std::size_t>(3 * count));
    for (std::size_t d = 0; d < 3; ++d) {
      std::vector<std::int64_t> intervals;
      for (std::size_t i = d; i < shares.size(); i += 3)
        intervals.push_back(static_cast<std::int64_t>(shares[i] * static_cast<double>(count)));
      std::sort(intervals.begin(), intervals.end());
      for (std::int64_t i = 0; i < count; ++i) EXPECT_EQ(intervals[static_cast<std::size_t>(i)], i);
    }
  }
}

TEST(Draw, TheSeedDecides) {
  for (const Method method : {Method::random, Method::latin_hypercube}) {
    EXPECT_EQ(draw_shares({method, 50, 1}, 2), draw_shares({method, 50, 1}, 2));
    EXPECT_NE(draw_shares({method, 50, 1}, 2), draw_shares({method, 50, 2}, 2));
  }
}

// The generator is defined by the standard; by hand from its first output under seed 1.
TEST(Draw, IsTheSameOnEveryMachine) {
  const std::vector<double> shares = draw_shares({Method::random, 1, 1}, 1);
  EXPECT_NEAR(shares[0], std::ldexp(2469588189546311528.0, -64), 1e-15);
}

TEST(Draw, RandomIsUniform) {
  const std::vector<double> shares = draw_shares({Method::random, 10'000, 3}, 1);
  double sum = 0;
  for (const double share : shares) {
    EXPECT_GE(share, 0);
    EXPECT_LT(share, 1);
    sum += share;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 4 * 0.2887 / 100);  // four standard errors
}

}  // namespace
}  // namespace headroom::sweep
