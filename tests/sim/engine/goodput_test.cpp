// Failures and unequal chips: closed forms against simulated runs, and against a published one.
#include "sim/engine/goodput.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "sim/engine/simulate.h"
#include "tests/support/effort.h"
#include "tests/support/experiments.h"
#include "tests/support/seed.h"

namespace headroom {
namespace {

Reliability hours(double mtbf, double restart, double interval) {
  Reliability r;
  r.chip_mtbf = Seconds(3600 * mtbf), r.restart = Seconds(3600 * restart);
  r.checkpoint_interval = Seconds(3600 * interval);
  r.checkpoint_bandwidth = BytesPerSecond(1e12);
  return r;
}

// A run of many intervals, failure by failure.
double simulated_share(const Reliability& r, double chips, double checkpoint) {
  std::mt19937_64 random(seed());
  std::exponential_distribution<double> next(chips / r.chip_mtbf.si());
  const double work = r.checkpoint_interval.si(), restart = r.restart.si() + checkpoint;
  const int intervals = effort(200'000);
  double time = 0;
  for (int i = 0; i < intervals; ++i) {
    double failure = next(random), needed = work + checkpoint;
    while (failure < needed) {
      time += failure;
      failure = next(random);
      needed = restart + work + checkpoint;
    }
    time += needed;
  }
  return intervals * work / time;
}

TEST(Goodput, IsThatOfARunFailureByFailure) {
  SCOPED_TRACE(replay());
  for (const double mtbf : {1e3, 1e4, 1e5})
    for (const double interval : {0.1, 0.5, 2.0}) {
      const Reliability r = hours(mtbf, 0.2, interval);
      const Goodput g = goodput(r, 1000, Bytes(60e12));  // a minute to write
      EXPECT_DOUBLE_EQ(g.checkpoint.si(), 60);
      EXPECT_DOUBLE_EQ(g.time_to_interrupt.si(), 3.6 * mtbf);
      EXPECT_NEAR(g.share, simulated_share(r, 1000, 60), effort(20) < 20 ? 0.02 : 0.005)
          << mtbf << " h, " << interval << " h";
    }
}

TEST(Goodput, NoIntervalIsMuchBetterThanDalys) {
  for (const double mtbf : {300.0, 3e3, 3e4, 3e5}) {
    const double best = goodput(hours(mtbf, 0.2, 0), 1000, Bytes(60e12)).share;
    for (double interval = 0.01; interval < 30; interval *= 1.3)
      EXPECT_LE(goodput(hours(mtbf, 0.2, interval), 1000, Bytes(60e12)).share, best * 1.002);
  }
}

// Llama 3 405B (arXiv:2407.21783, section 3.3.4, recalled): 466 interruptions in 54 days on 16,384
// chips, more than 90 % effective training time; storage of 2 TB/s. With Daly's interval a restart
// may take up to a quarter of an hour for that.
TEST(Goodput, Llama3LeavesAQuarterOfAnHourToRestart) {
  const double mtbf = 54 * 24.0 * 16384 / 466;
  Reliability r = hours(mtbf, 0.2, 0);
  r.checkpoint_bandwidth = BytesPerSecond(2e12);
  const auto share = [&](double minutes) {
    r.restart = Seconds(60 * minutes);
    return goodput(r, 16384, Bytes(405e9 * 14)).share;
  };
  EXPECT_NEAR(goodput(r, 16384, Bytes(1)).time_to_interrupt.si(), 54 * 86400 / 466., 1);
  EXPECT_GT(share(10), 0.9);
  EXPECT_GT(share(12), 0.9);
  EXPECT_LT(share(20), 0.9);
}

TEST(Goodput, FewerFailuresFasterRestartsAndStorageAreNeverWorse) {
  const Reliability base = hours(1e4, 0.2, 0);
  const double before = goodput(base, 1000, Bytes(60e12)).share;
  Reliability better = base;
  better.chip_mtbf *= 2;
  EXPECT_GT(goodput(better, 1000, Bytes(60e12)).share, before);
  better = base, better.restart *= 0.5;
  EXPECT_GT(goodput(better, 1000, Bytes(60e12)).share, before);
  better = base, better.checkpoint_bandwidth *= 2;
  EXPECT_GT(goodput(better, 1000, Bytes(60e12)).share, before);
  EXPECT_LT(goodput(base, 2000, Bytes(60e12)).share, before);
}

// By numerical integration of n x phi(x) Phi(x)^(n - 1).
TEST(Goodput, ExpectedMaximumOfNormals) {
  EXPECT_EQ(expected_maximum(1), 0);
  EXPECT_NEAR(expected_maximum(2), 0.564190, 1e-6);
  EXPECT_NEAR(expected_maximum(10), 1.538753, 0.026 * 1.54);
  EXPECT_NEAR(expected_maximum(100), 2.507594, 0.01 * 2.51);
  EXPECT_NEAR(expected_maximum(16384), 3.971351, 0.003 * 3.97);
}

TEST(Goodput, FailuresComeLastAndStragglersAreACause) {
  Experiment experiment = small_experiment();
  experiment.cluster.chips = 4, experiment.plan.data = 4;
  experiment.plan.global_batch = 8;
  experiment.reliability = hours(1e3, 0.2, 0);
  experiment.reliability.step_spread = 0.02;
  const Result result = simulate(experiment).result;
  ASSERT_TRUE(result.throughput.goodput.has_value());
  ASSERT_TRUE(result.time.straggler_s.has_value());
  EXPECT_NEAR(*result.time.straggler_s / (result.step.time_s - *result.time.straggler_s),
              0.02 * expected_maximum(4), 1e-9);
  EXPECT_EQ(result.waterfall.back().name, "after failures");
  EXPECT_NEAR(result.waterfall.back().tflops_per_chip,
              result.throughput.model_tflops_per_chip * *result.throughput.goodput, 1e-9);
}

}  // namespace
}  // namespace headroom
