// Products on a whole chip: the two fidelities agree, and a better chip is never slower.
#include "sim/engine/product.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "models/base/unavailable_fidelity.h"
#include "sim/config/load_chip.h"
#include "tests/support/effort.h"
#include "tests/support/experiments.h"
#include "tests/support/simulation.h"

namespace headroom {
namespace {

constexpr unsigned seed = 11;

std::vector<ChipDescription> shipped_chips() {
  const config::ConfigPaths paths;
  std::vector<ChipDescription> chips;
  for (const std::string& name : paths.names("chips")) chips.push_back(load_chip(name, paths));
  return chips;
}

double seconds(const ChipDescription& chip, const ProductWork& work, Format format = Format::bf16) {
  const ProductRun run = run_product(chip, format, work, {}, Fidelity::analytic);
  return figures(chip, format, run).time.si();
}

ProductWork random_work(std::mt19937& random) {
  const auto size = [&]() -> std::int64_t {
    const std::int64_t power = std::int64_t{1} << (random() % 15);
    return std::max<std::int64_t>(1, power + static_cast<std::int64_t>(random() % 65) - 32);
  };
  ProductWork work({size(), size(), size()});
  work.rows[0].count = random() % 4 == 0 ? 1 + random() % 20 : 1;
  if (random() % 4 == 0)
    work.rows.push_back({size(), std::int64_t{1} + (random() % 2 == 0 ? 1 : 0)});
  return work;
}

// The two fidelities beside each other on every shipped chip. An agreement of the whole, so the
// arrays of `cycle` are its own too.
class ProductSimulation : public Simulation {
 protected:
  // All shapes of a chip agree within 5 %, but for `beyond` of them that agree within 10 %.
  void expect_agreement(const std::function<std::vector<ProductWork>()>& works_of_chip,
                        int beyond = 0) {
    const std::vector<ChipDescription> chips = shipped_chips();
    std::vector<std::unique_ptr<Chip>> models;
    for (const ChipDescription& chip : chips)
      models.push_back(std::make_unique<Chip>(
          chip.id.c_str(), chip, ClusterDescription{}, ChipFidelity{},
          std::vector<std::string>{"idle"}));
    thread([&] {
      for (std::size_t i = 0; i < chips.size(); ++i)
        compare(chips[i], *models[i], works_of_chip(), beyond);
    });
    run();
  }

 private:
  static void compare(const ChipDescription& chip, Chip& model,
                      const std::vector<ProductWork>& works, int beyond) {
    std::vector<double> errors;
    std::string outside;
    for (const ProductWork& work : works) {
      ProductRun closed = map_product(chip, Format::bf16, work, {}, Fidelity::analytic);
      ProductRun stepped = map_product(chip, Format::bf16, work, {}, Fidelity::cycle);
      time_analytically(chip, closed);
      time_on(model, chip, stepped);
      const double analytic = figures(chip, Format::bf16, closed).time.si();
      const double cycle = figures(chip, Format::bf16, stepped).time.si();
      errors.push_back(std::abs(analytic / cycle - 1));
      if (errors.back() > 0.05)
        outside += fmt::format(
            "{} {} x {} x {} x {}: {:.4g} s, {:.4g} s\n", chip.id, work.rows[0].count,
            work.rows[0].m, work.n, work.k, analytic, cycle);
    }
    std::sort(errors.begin(), errors.end());
    std::printf("%s: median %.3f %%, worst %.2f %% of %zu shapes\n", chip.id.c_str(),
                100 * errors[errors.size() / 2], 100 * errors.back(), errors.size());
    EXPECT_LE(std::count(outside.begin(), outside.end(), '\n'), beyond) << outside;
    EXPECT_LE(errors.back(), 0.1) << outside;
  }
};

// Sizes from one to beyond every wave, ragged ones among them: 6 x 5 x 5 shapes per chip.
TEST_F(ProductSimulation, AnalyticAgreesWithCycle) {
  expect_agreement([] {
    std::vector<ProductWork> works;
    for (const std::int64_t m : {1, 64, 1000, 2048, 8192, 32768})
      for (const std::int64_t n : {64, 512, 1500, 4096, 16384})
        for (const std::int64_t k : {64, 512, 1500, 4096, 16384})
          works.push_back(ProductWork({m, n, k}));
    return works;
  });
}

// Shapes that the closed form was not made with: ragged, grouped, thin ones among them. One in 150
// may be a product of a few waves that takes as long to move as to compute (docs/blocks/chip.md,
// "Known limits").
TEST_F(ProductSimulation, AnalyticAgreesWithCycleOnRandomShapes) {
  std::mt19937 random(seed);
  expect_agreement(
      [&random] {
        std::vector<ProductWork> works;
        for (int i = 0; i < effort(150); ++i) works.push_back(random_work(random));
        return works;
      },
      1);
}

struct Better {
  const char* what;
  std::function<void(ChipDescription&)> change;
};

std::vector<Better> better_chips() {
  return {
      {"twice the engines", [](auto& c) { c.matrix.count *= 2; }},
      {"half as many engines again", [](auto& c) { c.matrix.count += 2 * c.cores; }},
      {"twice the scratchpad", [](auto& c) { c.scratchpad.capacity *= 2; }},
      {"twice the accumulators", [](auto& c) { c.scratchpad.accumulators *= 2; }},
      {"twice the port", [](auto& c) { c.scratchpad.bytes_per_cycle *= 2; }},
      {"twice the chip-wide memory", [](auto& c) { c.scratchpad.shared_capacity *= 2; }},
      {"a wider chip-wide memory", [](auto& c) { c.scratchpad.shared_bytes_per_cycle *= 1.5; }},
      {"more bandwidth", [](auto& c) { c.hbm.bandwidth *= 1.3; }},
      {"less latency", [](auto& c) { c.hbm.latency *= 0.5; }},
      {"a faster clock", [](auto& c) { c.clock.sustained_matmul *= 1.2; }},
      {"prefetching", [](auto& c) { c.matrix.prefetch = true; }}};
}

// Two percent: stores that begin sooner meet more loads, and the bus of HBM turns round between
// them (docs/blocks/hbm.md, "Known limits").
TEST(ProductMetamorphic, ABetterChipIsNeverSlower) {
  std::mt19937 random(seed);
  for (const ChipDescription& chip : shipped_chips())
    for (int i = 0; i < 60; ++i) {
      const ProductWork work = random_work(random);
      const double before = seconds(chip, work);
      for (const Better& better : better_chips()) {
        ChipDescription changed = chip;
        better.change(changed);
        EXPECT_LE(seconds(changed, work), before * 1.02)
            << better.what << " on " << chip.id << ", seed " << seed << " case " << i << ": "
            << work.rows[0].m << " x " << work.n << " x " << work.k;
      }
    }
}

// Chips with a chip-wide memory: without one, more cores read the same operands more often. One
// percent: stores that begin sooner hold up loads, and only a few numbers of waves are tried.
TEST(ProductMetamorphic, MoreCoresAreNeverSlowerBehindASharedMemory) {
  std::mt19937 random(seed);
  for (const ChipDescription& chip : shipped_chips()) {
    if (chip.scratchpad.shared_capacity == Bytes(0)) continue;
    for (int i = 0; i < 100; ++i) {
      const ProductWork work = random_work(random);
      ChipDescription larger = chip;
      larger.matrix.count *= 2, larger.cores *= 2;
      EXPECT_LE(seconds(larger, work), seconds(chip, work) * 1.01)
          << chip.id << ", seed " << seed << " case " << i << ": " << work.rows[0].m << " x "
          << work.n << " x " << work.k;
    }
  }
}

// With HBM, its latency and launches for free all time is of clocks.
TEST(ProductMetamorphic, DoublingTheClockHalvesComputeTime) {
  std::mt19937 random(seed);
  for (ChipDescription chip : shipped_chips()) {
    chip.hbm.bandwidth = BytesPerSecond(1e21);
    chip.hbm.latency = chip.kernel_gap = Seconds(0);
    ChipDescription faster = chip;
    faster.clock.sustained_matmul *= 2;
    for (int i = 0; i < 60; ++i) {
      const ProductWork work = random_work(random);
      EXPECT_NEAR(seconds(chip, work) / seconds(faster, work), 2, 1e-3) << chip.id << " " << i;
    }
  }
}

TEST(ProductMetamorphic, MoreWorkTakesNoLessTime) {
  std::mt19937 random(seed);
  for (const ChipDescription& chip : shipped_chips())
    for (int i = 0; i < 60; ++i) {
      const ProductWork work = random_work(random);
      ProductWork more = work;
      more.rows[0].count += 1;
      EXPECT_GE(seconds(chip, more), seconds(chip, work) * (1 - 1e-9)) << chip.id << " " << i;
    }
}

// No rate above the peak of the clock held, no byte less than the operands and results.
TEST(ProductBounds, NothingBeatsThePeakOrTheTraffic) {
  std::mt19937 random(seed);
  for (const ChipDescription& chip : shipped_chips())
    for (int i = 0; i < 100; ++i) {
      const ProductWork work = random_work(random);
      const ProductRun run = run_product(chip, Format::bf16, work, {}, Fidelity::analytic);
      const ProductFigures f = figures(chip, Format::bf16, run);
      EXPECT_LE(f.utilization, chip.clock.sustained_matmul / chip.clock.nameplate);
      double least = static_cast<double>(work.n) * static_cast<double>(work.k);
      for (const Rows& r : work.rows)
        least += static_cast<double>(r.m) * static_cast<double>(work.k);
      EXPECT_GE(f.hbm.si(), 2 * least);
      EXPECT_GE(f.time.si(), f.hbm_busy.si());
      EXPECT_GE(f.sram.si(), f.hbm.si() * 0.5);
    }
}

TEST(ProductBounds, NamesWhatBinds) {
  const ChipDescription chip = load_chip("h100-sxm", config::ConfigPaths());
  const auto bound = [&](const ChipDescription& c, const Product& product) {
    const ProductRun run = run_product(
        c, Format::bf16, ProductWork(product), {}, Fidelity::analytic);
    return figures(c, Format::bf16, run).bound_by;
  };
  EXPECT_EQ(bound(chip, {8192, 8192, 8192}), "matrix");
  EXPECT_EQ(bound(chip, {16, 16384, 16384}), "hbm");
  EXPECT_EQ(bound(chip, {64, 64, 64}), "launch");
  ChipDescription narrow = chip;
  narrow.scratchpad.bytes_per_cycle = 32;
  EXPECT_EQ(bound(narrow, {8192, 8192, 8192}), "scratchpad");
  ChipDescription thin = chip;
  thin.scratchpad.shared_bytes_per_cycle = 1000;
  EXPECT_EQ(bound(thin, {8192, 8192, 8192}), "shared_memory");
}

TEST(ProductFidelity, OthersAreUnavailable) {
  const ChipDescription chip = load_chip("h100-sxm", config::ConfigPaths());
  EXPECT_THROW(
      static_cast<void>(run_product(chip, Format::bf16, ProductWork({1, 1, 1}), {}, Fidelity::rtl)),
      UnavailableFidelity);
}

}  // namespace
}  // namespace headroom
