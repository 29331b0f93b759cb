// HBM at its fidelities. 1000 GB/s of which refresh leaves 900: 900 kB take a microsecond.
#include "models/hbm/hbm.h"

#include <memory>
#include <random>

#include "tests/support/seed.h"
#include "tests/support/transfers.h"

namespace headroom {
namespace {

constexpr double us = 1e-6, kb = 1e3, latency = 300e-9;

HbmDescription description(double bandwidth = 1e12) {
  HbmDescription hbm;
  hbm.bandwidth = BytesPerSecond(bandwidth);
  hbm.latency = Seconds(latency);
  hbm.device.timing.trefi = 4000;
  hbm.device.timing.trfc = 400;
  return hbm;
}

using HbmTest = Transfers;

TEST_F(HbmTest, RefreshTakesItsShareOfThePeak) {
  EXPECT_DOUBLE_EQ(sustained_bandwidth(description()).si(), 0.9e12);
  HbmDescription never_refreshed = description();
  never_refreshed.device.timing.trfc = 0;
  EXPECT_DOUBLE_EQ(sustained_bandwidth(never_refreshed).si(), 1e12);
}

TEST_F(HbmTest, UnloadedTransfer) {
  Hbm cycle("cycle", description(), Fidelity::cycle);
  Hbm analytic("analytic", description(), Fidelity::analytic);
  send(cycle, us, 900 * kb);
  send(analytic, us, 900 * kb);
  run();
  for (const End& end : ends_) {
    EXPECT_NEAR(end.time, 2 * us, time_tolerance);
    EXPECT_NEAR(end.latency, latency, time_tolerance);
  }
}

TEST_F(HbmTest, TwoInitiatorsShare) {
  Hbm cycle("cycle", description(), Fidelity::cycle);
  // Half the rate each until the shorter is done.
  const std::size_t longer = send(cycle, 0, 1800 * kb), shorter = send(cycle, 0, 450 * kb);
  run();
  expect_end(shorter, us);
  expect_end(longer, 2.5 * us);
}

TEST_F(HbmTest, TwoInitiatorsQueueWhereAnalytic) {
  Hbm analytic("analytic", description(), Fidelity::analytic);
  const std::size_t first = send(analytic, 0, 1800 * kb),
                    second = send(analytic, 0.1 * us, 450 * kb);
  run();
  expect_end(first, 2 * us);
  expect_end(second, 2.5 * us);
}

TEST_F(HbmTest, LongerThanOneTransaction) {
  Hbm cycle("cycle", description(), Fidelity::cycle);
  Hbm analytic("analytic", description(), Fidelity::analytic);
  // 9 GB do not fit into the length of a payload; the latency is that of the last part only.
  send(cycle, 0, 9e9);
  send(analytic, 0, 9e9);
  run();
  for (const End& end : ends_) {
    EXPECT_NEAR(end.time, 0.01, 1e-11);
    EXPECT_NEAR(end.latency, latency, time_tolerance);
  }
}

TEST_F(HbmTest, LessThanAByteIsNoTransfer) {
  Hbm cycle("cycle", description(), Fidelity::cycle);
  Hbm analytic("analytic", description(), Fidelity::analytic);
  send(cycle, 0, 0);
  send(analytic, 0, 0.5);
  run();
  for (const End& end : ends_) {
    EXPECT_EQ(end.time, 0);
    EXPECT_EQ(end.latency, 0);
  }
}

TEST_F(HbmTest, FidelitiesAgreeWithoutContention) {
  Hbm cycle("cycle", description(), Fidelity::cycle);
  Hbm analytic("analytic", description(), Fidelity::analytic);
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  double start = 0;
  for (int i = 0; i < 50; ++i) {
    const double amount = static_cast<double>(1 + random() % 1000000);
    const double cap = random() % 2 == 0 ? FairShare::no_cap : 0.1e12;
    send(cycle, start, amount, cap);
    send(analytic, start, amount, cap);
    start += 20 * us;  // longer than the longest takes
  }
  run();
  for (std::size_t i = 0; i < ends_.size(); i += 2) {
    EXPECT_NEAR(ends_[i].time, ends_[i + 1].time, time_tolerance);
    EXPECT_EQ(ends_[i].latency, ends_[i + 1].latency);
  }
}

TEST_F(HbmTest, MoreBandwidthIsNeverSlower) {
  Hbm cycle("cycle", description(), Fidelity::cycle);
  Hbm analytic("analytic", description(), Fidelity::analytic);
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  Hbm faster_cycle("faster_cycle", description(1.3e12), Fidelity::cycle);
  Hbm faster_analytic("faster_analytic", description(1.3e12), Fidelity::analytic);
  for (int i = 0; i < 30; ++i) {
    const double start = static_cast<double>(random() % 5000) * 1e-9,
                 amount = static_cast<double>(1 + random() % 1000000);
    send(cycle, start, amount);
    send(faster_cycle, start, amount);
    send(analytic, start, amount);
    send(faster_analytic, start, amount);
  }
  run();
  for (std::size_t i = 0; i < ends_.size(); i += 2)
    EXPECT_LE(ends_[i + 1].time, ends_[i].time + time_tolerance);
}

}  // namespace
}  // namespace headroom
