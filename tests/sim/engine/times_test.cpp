#include "sim/engine/times.h"

#include <gtest/gtest.h>

namespace headroom {
namespace {

TEST(Times, AddUpAndAreTakenApart) {
  Times a;
  EXPECT_EQ(a.total(), 0);
  a[StepCause::ideal] = 3;
  a[StepCause::host] = 1;
  Times b = a;
  b.add(a, 0.5);
  EXPECT_EQ(b[StepCause::ideal], 4.5);
  EXPECT_EQ(b[StepCause::host], 1.5);
  EXPECT_EQ(b.total(), 6);
  EXPECT_EQ(b.since(a).total(), 2);
  EXPECT_EQ(b.since(a)[StepCause::ideal], 1.5);
}

TEST(Times, EveryCauseCountsInTheTotal) {
  Times times;
  for (std::size_t i = 0; i < cause_count; ++i) times[static_cast<StepCause>(i)] = 1;
  EXPECT_EQ(times.total(), cause_count);
  EXPECT_EQ(static_cast<std::size_t>(StepCause::host) + 1, cause_count);
}

TEST(Times, AreCloseWhereEveryCauseIs) {
  Times a, b;
  a[StepCause::ideal] = b[StepCause::ideal] = 1;
  EXPECT_TRUE(a.close_to(b, 0));
  b[StepCause::vector] = 1e-6;
  EXPECT_TRUE(a.close_to(b, 1e-5));
  EXPECT_FALSE(a.close_to(b, 1e-7));
  // Parts that cancel out in the total are still different.
  b = a;
  b[StepCause::ideal] -= 0.1;
  b[StepCause::memory] += 0.1;
  EXPECT_FALSE(a.close_to(b, 1e-3));
}

}  // namespace
}  // namespace headroom
