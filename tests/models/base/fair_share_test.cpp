// FairShare on cases done by hand. Amounts and rates have no unit here, times are seconds.
#include "models/base/fair_share.h"

#include <gtest/gtest.h>

#include <vector>

namespace headroom {
namespace {

using Ids = std::vector<FairShare::FlowId>;

// Goes on to the next completion, which must come at `time` and finish `finished`.
void expect_completion(FairShare& share, double time, const Ids& finished) {
  ASSERT_NEAR(share.next_completion(), time, 1e-12);
  EXPECT_EQ(share.advance(share.next_completion()), finished);
}

TEST(FairShare, NothingToDo) {
  FairShare share(10);
  EXPECT_EQ(share.next_completion(), FairShare::no_cap);
  EXPECT_TRUE(share.advance(5).empty());
  EXPECT_EQ(share.busy_seconds(), 0);
}

TEST(FairShare, AloneGetsTheWholeRate) {
  FairShare share(10);
  share.advance(3);
  EXPECT_EQ(share.add(3, 50), 0U);
  expect_completion(share, 8, {0});
  EXPECT_EQ(share.flows(), 0U);
  EXPECT_DOUBLE_EQ(share.busy_seconds(), 5);
  EXPECT_DOUBLE_EQ(share.delivered(), 50);
}

TEST(FairShare, TwoFlows) {
  // 5 each until the shorter ends at 10; the other has 50 left for itself.
  FairShare share(10);
  share.add(0, 100);
  share.add(0, 50);
  expect_completion(share, 10, {1});
  expect_completion(share, 15, {0});
}

TEST(FairShare, LateArrivals) {
  // rate 12: a 60 at 0, b 24 at 2, c 6 at 3
  //   0-2    a 12                 a 36 left
  //   2-3    a 6, b 6             a 30, b 18
  //   3-4.5  4 each               a 24, b 12, c done
  //   4.5-   6 each               b done at 6.5, a 12 left: done at 7.5
  FairShare share(12);
  share.add(0, 60);
  EXPECT_TRUE(share.advance(2).empty());
  share.add(2, 24);
  EXPECT_TRUE(share.advance(3).empty());
  share.add(3, 6);
  expect_completion(share, 4.5, {2});
  expect_completion(share, 6.5, {1});
  expect_completion(share, 7.5, {0});
  EXPECT_DOUBLE_EQ(share.delivered(), 90);
  EXPECT_DOUBLE_EQ(share.delivered(), 12 * share.busy_seconds());
}

TEST(FairShare, ACapLeavesTheRestToTheOthers) {
  // Caps 2, none, none of 10: rates 2, 4, 4.
  FairShare share(10);
  share.add(0, 4, 2);
  share.add(0, 4);
  share.add(0, 4);
  expect_completion(share, 1, {1, 2});
  expect_completion(share, 2, {0});
}

TEST(FairShare, CapsThatOnlyBindAfterOthersDid) {
  // Caps 5.2, 1 and none of 12. The equal share is 4, which only the second is below; then the two
  // others could have 5.5, so that the first is bound too and the third gets 5.8. Amounts of two
  // seconds each: all end together exactly if these are the rates.
  FairShare share(12);
  share.add(0, 10.4, 5.2);
  share.add(0, 2, 1);
  share.add(0, 11.6);
  expect_completion(share, 2, {0, 1, 2});
}

TEST(FairShare, CapsBelowTheRateLeaveItIdle) {
  FairShare share(100);
  share.add(0, 10, 2);
  share.add(0, 10, 5);
  expect_completion(share, 2, {1});
  expect_completion(share, 5, {0});
  EXPECT_DOUBLE_EQ(share.busy_seconds(), 5);
  EXPECT_DOUBLE_EQ(share.delivered(), 20);
}

TEST(FairShare, FlowsThatEndTogetherAreReportedOldestFirst) {
  FairShare share(3);
  for (int i = 0; i < 3; ++i) share.add(0, 7);
  expect_completion(share, 7, {0, 1, 2});
}

TEST(FairShare, CountsAgainAfterIdling) {
  FairShare share(10);
  share.add(0, 10);
  expect_completion(share, 1, {0});
  share.advance(100);
  share.add(100, 20);
  expect_completion(share, 102, {1});
  EXPECT_DOUBLE_EQ(share.busy_seconds(), 3);
}

}  // namespace
}  // namespace headroom
