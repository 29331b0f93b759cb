// A link port at its fidelities. 4 links of 25 GB/s at 80 % payload: 80 kB take a microsecond.
#include "models/link/link_port.h"

#include <random>

#include "tests/support/seed.h"
#include "tests/support/transfers.h"

namespace headroom {
namespace {

constexpr double us = 1e-6, kb = 1e3, latency = 700e-9;

LinkDescription description(int count = 4) {
  LinkDescription link;
  link.count = count;
  link.bandwidth = BytesPerSecond(25e9);
  link.payload_share = 0.8;
  link.latency = Seconds(latency);
  return link;
}

using LinkPortTest = Transfers;

TEST_F(LinkPortTest, AllLinksTogetherLessTheProtocol) {
  LinkPort cycle("cycle", description(), Fidelity::cycle);
  LinkPort analytic("analytic", description(), Fidelity::analytic);
  EXPECT_DOUBLE_EQ(cycle.rate().si(), 80e9);
  EXPECT_DOUBLE_EQ(analytic.rate().si(), 80e9);
}

TEST_F(LinkPortTest, UnloadedTransfer) {
  LinkPort cycle("cycle", description(), Fidelity::cycle);
  LinkPort analytic("analytic", description(), Fidelity::analytic);
  send(cycle, us, 160 * kb);
  send(analytic, us, 160 * kb);
  run();
  for (const End& end : ends_) {
    EXPECT_NEAR(end.time, 3 * us, time_tolerance);
    EXPECT_NEAR(end.latency, latency, time_tolerance);
  }
  EXPECT_NEAR(cycle.busy().si(), 2 * us, time_tolerance);
  EXPECT_NEAR(analytic.busy().si(), 2 * us, time_tolerance);
}

TEST_F(LinkPortTest, TwoTransfersShare) {
  LinkPort cycle("cycle", description(), Fidelity::cycle);
  const std::size_t longer = send(cycle, 0, 160 * kb), shorter = send(cycle, 0, 40 * kb);
  run();
  expect_end(shorter, us);
  expect_end(longer, 2.5 * us);
}

TEST_F(LinkPortTest, TwoTransfersQueueWhereAnalytic) {
  LinkPort analytic("analytic", description(), Fidelity::analytic);
  const std::size_t first = send(analytic, 0, 160 * kb), second = send(analytic, 0.1 * us, 40 * kb);
  run();
  expect_end(first, 2 * us);
  expect_end(second, 2.5 * us);
}

TEST_F(LinkPortTest, AGroupThatUsesOneLinkLeavesTheOthers) {
  LinkPort cycle("cycle", description(), Fidelity::cycle);
  // One of 4 links: 20 GB/s; the other transfer has the remaining 60.
  send(cycle, 0, 20 * kb, 20e9);
  send(cycle, 0, 60 * kb);
  run();
  expect_end(0, us);
  expect_end(1, us);
}

TEST_F(LinkPortTest, FidelitiesAgreeWithoutContention) {
  LinkPort cycle("cycle", description(), Fidelity::cycle);
  LinkPort analytic("analytic", description(), Fidelity::analytic);
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  double start = 0;
  for (int i = 0; i < 50; ++i) {
    const double amount = static_cast<double>(1 + random() % 100000);
    const double cap = random() % 2 == 0 ? FairShare::no_cap : 20e9;
    send(cycle, start, amount, cap);
    send(analytic, start, amount, cap);
    start += 20 * us;
  }
  run();
  for (std::size_t i = 0; i < ends_.size(); i += 2)
    EXPECT_NEAR(ends_[i].time, ends_[i + 1].time, time_tolerance);
}

TEST_F(LinkPortTest, MoreLinksAreNeverSlower) {
  LinkPort cycle("cycle", description(), Fidelity::cycle);
  LinkPort analytic("analytic", description(), Fidelity::analytic);
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  LinkPort more_cycle("more_cycle", description(5), Fidelity::cycle);
  LinkPort more_analytic("more_analytic", description(5), Fidelity::analytic);
  for (int i = 0; i < 30; ++i) {
    const double start = static_cast<double>(random() % 5000) * 1e-9,
                 amount = static_cast<double>(1 + random() % 100000);
    send(cycle, start, amount);
    send(more_cycle, start, amount);
    send(analytic, start, amount);
    send(more_analytic, start, amount);
  }
  run();
  for (std::size_t i = 0; i < ends_.size(); i += 2)
    EXPECT_LE(ends_[i + 1].time, ends_[i].time + time_tolerance);
}

}  // namespace
}  // namespace headroom
