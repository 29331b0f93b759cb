// The precision scaling law against figures that were worked out apart from it
// (../shared/reference/precision.csv, rows "derived").
#include "sim/quality/law.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "sim/quality/published.h"

namespace headroom::quality {
namespace {

const PrecisionLaw& law() {
  static const PrecisionLaw shipped = load_published_quality(config::ConfigPaths()).law;
  return shipped;
}

TEST(Law, ShareOfParametersThatCounts) {
  for (const auto& [bits, share] :
       {std::pair{4.0, 0.191},
        {5.0, 0.4271},
        {6.0, 0.6113},
        {7.0, 0.7404},
        {8.0, 0.8278},
        {10.0, 0.9246},
        {12.0, 0.9671},
        {16.0, 0.9937}})
    EXPECT_NEAR(law().effective_share(bits), share, 1e-4) << bits;
  EXPECT_NEAR(law().weights.share(4), 0.6964, 1e-4);
  EXPECT_NEAR(law().activations.share(4), 0.3314, 1e-4);
  EXPECT_NEAR(law().keys_values.share(4), 0.8276, 1e-4);
}

// The paper: most is got out of a bit at 7 to 8.
TEST(Law, BestPrecisionIsSevenBits) {
  int best = 0;
  for (int bits = 3; bits <= 16; ++bits)
    if (best == 0 || law().effective_share(bits) / bits > law().effective_share(best) / best)
      best = bits;
  EXPECT_EQ(best, 7);
}

TEST(Law, LossFallsWithEachOfItsThree) {
  const TrainingSize size{1e9, 20e9};
  for (int bits = 4; bits < 16; ++bits) {
    EXPECT_GT(law().loss(size, bits), law().loss(size, bits + 1));
    EXPECT_GT(law().effective_share(bits + 1), law().effective_share(bits));
  }
  EXPECT_GT(law().loss(size, 8), law().loss({2e9, 20e9}, 8));
  EXPECT_GT(law().loss(size, 8), law().loss({1e9, 40e9}, 8));
}

// What a factor says, put back into the law, gives the loss that it was asked for.
TEST(Law, FactorsGiveEqualLoss) {
  const TrainingSize size{1e9, 20e9};
  const double wanted = law().loss(size, 16);
  const double parameters = law().parameters_for(8, 16);
  EXPECT_NEAR(law().loss({size.parameters * parameters, size.tokens}, 8), wanted, 1e-12);
  const auto tokens = law().tokens_for(size, 8, 16);
  ASSERT_TRUE(tokens);
  EXPECT_NEAR(law().loss({size.parameters, size.tokens * *tokens}, 8), wanted, 1e-12);
  // A gap of the law's own size is worth what the law says.
  const double gap = law().loss(size, 8) / wanted - 1;
  EXPECT_NEAR(*law().parameters_for_gap(size, gap, 16), parameters, 1e-9);
}

TEST(Law, NoGapCostsNothingAndALargeOneMoreThanAllTokens) {
  const TrainingSize size{1e9, 20e9};
  EXPECT_DOUBLE_EQ(*law().tokens_for_gap(size, 0, 16), 1);
  EXPECT_DOUBLE_EQ(*law().parameters_for_gap(size, 0, 16), 1);
  EXPECT_FALSE(law().tokens_for_gap(size, 0.2, 16));
}

TEST(Law, SharesAreNeverBelowZero) {
  EXPECT_EQ((Sensitivity{2.0, 1.5}.share(1)), 0);
  EXPECT_NEAR((Sensitivity{2.0, 0.0}.share(2)), 1 - std::exp(-1), 1e-12);
}

}  // namespace
}  // namespace headroom::quality
