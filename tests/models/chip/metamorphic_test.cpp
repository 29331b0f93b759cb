// What must hold of any kernel: random ragged kernels on chips that differ in one number.
#include <algorithm>
#include <random>

#include "tests/models/chip/chip_simulation.h"
#include "tests/support/seed.h"

namespace headroom {
namespace {

Kernel random_kernel(std::mt19937_64& random) {
  Kernel result;
  const std::size_t runs = 1 + random() % 4;
  const std::uint64_t most_stored = random() % 2 == 0 ? 0 : 500;
  for (std::size_t i = 0; i < runs; ++i) {
    const auto up_to = [&](std::uint64_t most) {
      return random() % 4 == 0 ? 0 : random() % (most + 1);
    };
    result.tiles.push_back(
        {tile(static_cast<double>(up_to(2000)) / 1e3, up_to(2000), up_to(500),
              static_cast<double>(up_to(most_stored)) / 1e3),
         1 + static_cast<int>(random() % 8)});
  }
  result.vector_holds_matrix = random() % 2 == 0;
  return result;
}

struct Work {
  double load = 0, store = 0, matrix = 0, vector = 0;  // seconds alone on the round chip
};

Work work_of(const Kernel& kernel) {
  Work work;
  for (const TileRun& run : kernel.tiles) {
    work.load += run.count * run.tile.load.si() / 1e12;
    work.store += run.count * run.tile.store.si() / 1e12;
    work.matrix += run.count * static_cast<double>(run.tile.matrix_cycles) * 1e-9;
    work.vector += run.count * static_cast<double>(run.tile.vector_cycles) * 1e-9;
  }
  return work;
}

class ChipMetamorphic : public ChipSimulation {
 protected:
  static constexpr int cases = 200;

  // Times of the same random kernels on each chip.
  std::vector<std::vector<KernelTime>> times_on(const std::vector<Chip*>& chips) {
    std::mt19937_64 random(seed());
    for (int i = 0; i < cases; ++i) kernels_.push_back(random_kernel(random));
    std::vector<std::vector<KernelTime>> times(chips.size());
    for (std::size_t i = 0; i < chips.size(); ++i)
      thread([this, &times, &chips, i] {
        for (const Kernel& kernel : kernels_) times[i].push_back(chips[i]->run(kernel));
      });
    run();
    return times;
  }

  std::vector<Kernel> kernels_;
};

TEST_F(ChipMetamorphic, TimeIsConservedAndBounded) {
  SCOPED_TRACE(replay());
  const std::vector<KernelTime> times = times_on({&chip()}).front();
  for (std::size_t i = 0; i < times.size(); ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    const KernelTime& time = times[i];
    const Work work = work_of(kernels_[i]);
    expect_partition(time);
    EXPECT_NEAR(time.matrix.si(), work.matrix, 1e-12);
    EXPECT_NEAR((time.vector + time.overlapped_vector).si(), work.vector, 1e-12);
    EXPECT_GE(
        time.duration.si(), std::max({work.load + work.store, work.matrix, work.vector}) - 1e-12);
    int tiles = 0;
    for (const TileRun& run : kernels_[i].tiles) tiles += run.count;
    EXPECT_LE(time.duration.si(),
              work.load + work.store + work.matrix + work.vector + tiles * hbm_latency + 1e-12);
    if (kernels_[i].vector_holds_matrix) {
      EXPECT_EQ(time.overlapped_vector.si(), 0);
    }
  }
}

TEST_F(ChipMetamorphic, TheSameKernelsTakeTheSameTime) {
  SCOPED_TRACE(replay());
  Chip& first = chip();
  Chip& second = chip();
  const auto times = times_on({&first, &second});
  for (std::size_t i = 0; i < times[0].size(); ++i) {
    EXPECT_EQ(times[0][i].start, times[1][i].start);
    EXPECT_EQ(times[0][i].duration, times[1][i].duration);
    EXPECT_EQ(times[0][i].matrix, times[1][i].matrix);
    EXPECT_EQ(times[0][i].memory, times[1][i].memory);
  }
  EXPECT_EQ(first.events(), second.events());
}

// A single kernel may lose a little: a store that starts sooner takes bandwidth from a load that
// the matrix engines wait for. Without stores there is no such anomaly, and over many kernels it
// does not matter.
void expect_never_slower(
    const std::vector<KernelTime>& faster, const std::vector<KernelTime>& slower,
    const std::vector<Kernel>& kernels) {
  Seconds sum_faster, sum_slower;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    EXPECT_LE(faster[i].duration.si(), slower[i].duration.si() + work_of(kernels[i]).store + 1e-12)
        << "case " << i;
    sum_faster += faster[i].duration;
    sum_slower += slower[i].duration;
  }
  EXPECT_LT(sum_faster, sum_slower);
}

TEST_F(ChipMetamorphic, TwiceTheHbmBandwidthIsNeverSlower) {
  SCOPED_TRACE(replay());
  ChipDescription wide = round_chip();
  wide.hbm.bandwidth *= 2;
  Chip& slow = chip();
  Chip& fast = chip(wide);
  const auto times = times_on({&slow, &fast});
  expect_never_slower(times[1], times[0], kernels_);
}

TEST_F(ChipMetamorphic, AFasterClockIsNeverSlower) {
  SCOPED_TRACE(replay());
  ChipDescription quick = round_chip();
  quick.clock.sustained_matmul *= 1.3;
  Chip& slow = chip();
  Chip& fast = chip(quick);
  const auto times = times_on({&slow, &fast});
  expect_never_slower(times[1], times[0], kernels_);
}

TEST_F(ChipMetamorphic, TwiceTheClockHalvesAMatrixKernel) {
  ChipDescription quick = round_chip();
  quick.clock.sustained_matmul *= 2;
  Chip& slow = chip();
  Chip& fast = chip(quick);
  const Kernel matrix_only = kernel({{tile(0, 1001, 300), 17}, {tile(0, 13), 5}});
  thread([&] {
    const KernelTime once = slow.run(matrix_only), twice = fast.run(matrix_only);
    EXPECT_NEAR(once.duration.si(), 2 * twice.duration.si(), time_tolerance);
  });
  run();
}

TEST_F(ChipMetamorphic, TwiceEverythingTakesHalfTheTime) {
  // Bandwidth, clock and latency together: only the unit of time changes.
  SCOPED_TRACE(replay());
  ChipDescription quick = round_chip();
  quick.clock.sustained_matmul *= 2;
  quick.hbm.bandwidth *= 2;
  quick.hbm.latency *= 0.5;
  Chip& slow = chip();
  Chip& fast = chip(quick);
  const auto times = times_on({&slow, &fast});
  for (std::size_t i = 0; i < times[0].size(); ++i)
    EXPECT_NEAR(times[0][i].duration.si(), 2 * times[1][i].duration.si(), 1e-12) << "case " << i;
}

TEST_F(ChipMetamorphic, FidelitiesAgreeWhereOnlyLoadsUseHbm) {
  SCOPED_TRACE(replay());
  Chip& cycle = chip(round_chip(), all_cycle);
  Chip& analytic = chip(round_chip(), all_analytic);
  std::mt19937_64 random(seed());
  for (int i = 0; i < cases; ++i) {
    kernels_.push_back(random_kernel(random));
    for (TileRun& run : kernels_.back().tiles) run.tile.store = none;
  }
  thread([&] {
    for (const Kernel& kernel : kernels_) {
      const KernelTime a = cycle.run(kernel), b = analytic.run(kernel);
      EXPECT_NEAR(a.duration.si(), b.duration.si(), 1e-12);
      EXPECT_NEAR(a.memory.si(), b.memory.si(), 1e-12);
    }
  });
  run();
}

}  // namespace
}  // namespace headroom
