// Latencies in buckets beside the sorted list.
#include "models/hbm/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/support/seed.h"

namespace headroom::hbm {
namespace {

TEST(Histogram, PercentilesAreThoseOfTheSortedList) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  for (const int bits : {3, 10, 11, 12, 20, 40}) {
    Histogram histogram;
    std::vector<Cycle> values;
    double sum = 0;
    for (int i = 0; i < 5000; ++i) {
      const auto value = static_cast<Cycle>(random() >> (64 - bits));
      histogram.add(value);
      values.push_back(value);
      sum += static_cast<double>(value);
    }
    std::sort(values.begin(), values.end());
    EXPECT_EQ(histogram.max(), static_cast<double>(values.back()));
    EXPECT_NEAR(histogram.mean(), sum / 5000, sum * 1e-12);
    for (const double share : {0.01, 0.5, 0.99, 1.0}) {
      const auto exact = static_cast<double>(
          values[static_cast<std::size_t>(std::max(share * 5000 - 1, 0.0))]);
      EXPECT_LE(histogram.percentile(share), exact);
      EXPECT_GE(histogram.percentile(share), exact - exact / 1024);
      if (exact < 2048) {
        EXPECT_EQ(histogram.percentile(share), exact);
      }
    }
  }
  EXPECT_EQ(Histogram().percentile(0.5), 0);
}

}  // namespace
}  // namespace headroom::hbm
