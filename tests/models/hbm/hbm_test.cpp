// HBM at its fidelities. A made-up one of which only refresh is known, 1000 GB/s of which it leaves
// 900: 900 kB take a microsecond. And HBM3, whose rates are measured.
#include "models/hbm/hbm.h"

#include <memory>
#include <random>

#include "tests/support/hbm_device.h"
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

HbmDescription hbm3() {
  HbmDescription hbm;
  hbm.device = hbm::hbm3_device(5);
  hbm.bandwidth = hbm.device.organisation.peak();
  hbm.latency = Seconds(latency);
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

TEST_F(HbmTest, OnlyWhatHasAnOrganisationIsMeasured) {
  EXPECT_FALSE(is_measured(description()));
  EXPECT_DOUBLE_EQ(sustained_bandwidth(description(), 0.5).si(), 0.9e12);
  EXPECT_TRUE(is_measured(hbm3()));
}

TEST_F(HbmTest, LoadsAndStoresTogetherAreSlowerThanEither) {
  const auto efficiency = [](double read_share) {
    return sustained_bandwidth(hbm3(), read_share) / hbm3().bandwidth;
  };
  // docs/blocks/hbm.md, "Beside the peers": 99.8 % for loads alone, 88.8 % for two to a store.
  EXPECT_NEAR(efficiency(1), 0.998, 0.002);
  EXPECT_NEAR(efficiency(0), 0.998, 0.002);
  EXPECT_NEAR(efficiency(2. / 3), 0.888, 0.02 * 0.888);
  EXPECT_LT(efficiency(0.5), 0.92);
  // Between two eighths the time per byte is a straight line.
  EXPECT_NEAR(1 / efficiency(0.9375), (1 / efficiency(1) + 1 / efficiency(0.875)) / 2, 1e-9);
}

TEST_F(HbmTest, AnotherDeviceIsMeasuredAnew) {
  HbmDescription slow_turns = hbm3();
  slow_turns.device.timing.twtr_l *= 4, slow_turns.device.timing.twtr_s *= 4;
  EXPECT_LT(sustained_bandwidth(slow_turns, 0.5).si(), sustained_bandwidth(hbm3(), 0.5).si());
  HbmDescription twice = hbm3();
  twice.bandwidth *= 2;
  EXPECT_DOUBLE_EQ(sustained_bandwidth(twice, 0.5).si(), 2 * sustained_bandwidth(hbm3(), 0.5).si());
}

TEST_F(HbmTest, LoadsAloneAndStoresAlone) {
  const double amount = 4e6;
  Hbm cycle("cycle", hbm3(), Fidelity::cycle), analytic("analytic", hbm3(), Fidelity::analytic);
  for (Hbm* hbm : {&cycle, &analytic}) {
    send(*hbm, 0, amount);
    // The loads are over long before.
    send(*hbm, 10 * us, amount, FairShare::no_cap, tlm::TLM_WRITE_COMMAND);
  }
  run();
  for (std::size_t i = 0; i < ends_.size(); i += 2) {
    expect_end(i, amount / sustained_bandwidth(hbm3(), 1).si());
    expect_end(i + 1, 10 * us + amount / sustained_bandwidth(hbm3(), 0).si());
  }
}

TEST_F(HbmTest, TheRateFollowsTheMix) {
  Hbm cycle("cycle", hbm3(), Fidelity::cycle);
  const std::size_t load = send(cycle, 0, 3e6),
                    store = send(cycle, 0, 1e6, FairShare::no_cap, tlm::TLM_WRITE_COMMAND);
  run();
  // Half and half until the store is done, then loads alone.
  const double together = 2e6 / sustained_bandwidth(hbm3(), 0.5).si();
  expect_end(store, together);
  expect_end(load, together + 2e6 / sustained_bandwidth(hbm3(), 1).si());
}

TEST_F(HbmTest, ASlowStoreWeighsLittleInTheMix) {
  Hbm cycle("cycle", hbm3(), Fidelity::cycle);
  // The store's cap is an eighth of what loads alone would have.
  const double cap = sustained_bandwidth(hbm3(), 1).si() / 8,
               mixed = sustained_bandwidth(hbm3(), 0.875).si();
  const std::size_t load = send(cycle, 0, 3e6),
                    store = send(cycle, 0, 4e6, cap, tlm::TLM_WRITE_COMMAND);
  run();
  expect_end(load, 3e6 / (mixed - cap));
  expect_end(store, 4e6 / cap);
}

TEST_F(HbmTest, MoreBandwidthIsNeverSlowerWithStoresAmongLoads) {
  HbmDescription faster = hbm3();
  faster.bandwidth *= 1.3;
  Hbm slow("slow", hbm3(), Fidelity::cycle), fast("fast", faster, Fidelity::cycle);
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  for (int i = 0; i < 30; ++i) {
    const double start = static_cast<double>(random() % 20000) * 1e-9,
                 amount = static_cast<double>(1 + random() % 3000000);
    const auto command = random() % 3 == 0 ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND;
    send(slow, start, amount, FairShare::no_cap, command);
    send(fast, start, amount, FairShare::no_cap, command);
  }
  run();
  for (std::size_t i = 0; i < ends_.size(); i += 2)
    EXPECT_LE(ends_[i + 1].time, ends_[i].time + time_tolerance);
}

}  // namespace
}  // namespace headroom
