#include "models/technology/yield.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/support/seed.h"

namespace headroom::technology {
namespace {

constexpr double mm = 1e-3, mm2 = 1e-6, per_cm2 = 1e4;
const Wafer wafer{Metres(300 * mm), Metres(3 * mm), Metres(0.1 * mm)};
const Defects defects{0.1 * per_cm2, 3};

// Every rectangle of the grid whose four corners lie inside of the circle, for the same offsets.
int by_corners(double w, double h) {
  const double radius = 147 * mm;
  w += 0.1 * mm, h += 0.1 * mm;
  int best = 0;
  for (const double x0 : {0.0, w / 2})
    for (const double y0 : {0.0, h / 2}) {
      int count = 0;
      const int columns = static_cast<int>(radius / w) + 3, rows = static_cast<int>(radius / h) + 3;
      for (int i = -columns; i < columns; ++i)
        for (int j = -rows; j < rows; ++j) {
          bool inside = true;
          for (const int dx : {0, 1})
            for (const int dy : {0, 1})
              inside = inside && std::hypot(x0 + (i + dx) * w, y0 + (j + dy) * h) <= radius + 1e-12;
          count += inside ? 1 : 0;
        }
      best = std::max(best, count);
    }
  return best;
}

TEST(DiesPerWafer, AreThoseOfABruteForcePlacement) {
  for (const auto& [w, h] :
       {std::pair{26.0, 33.0}, {25.5, 31.9}, {10, 10}, {8, 13}, {20, 20}, {200, 210}, {250, 250}})
    EXPECT_EQ(dies_per_wafer(wafer, Metres(w * mm), Metres(h * mm)), by_corners(w * mm, h * mm))
        << w << " x " << h;
}

TEST(DiesPerWafer, SomeFormulasAreNear) {
  // pi r^2 / A - pi d / sqrt(2 A) gives 63 for the H100 (cost.csv).
  EXPECT_NEAR(dies_per_wafer(wafer, Metres(32.15 * mm), Metres(25.32 * mm)), 63, 4);
  EXPECT_EQ(dies_per_wafer(wafer, Metres(300 * mm), Metres(300 * mm)), 0);
}

TEST(Yield, IsTheNegativeBinomial) {
  EXPECT_DOUBLE_EQ(yield(defects, SquareMetres(0)), 1);
  // 814 mm^2 at 0.1 per cm^2: (1 + 0.814 / 3)^-3 = 0.487.
  EXPECT_NEAR(yield(defects, SquareMetres(814 * mm2)), 0.487, 0.001);
  const Defects scattered{0.1 * per_cm2, 1e9};
  EXPECT_NEAR(yield(scattered, SquareMetres(814 * mm2)), std::exp(-0.814), 1e-6);
}

TEST(Yield, LiesInZeroToOneAndFallsWithArea) {
  double before = 1.1;
  for (double area = 1; area < 1e5; area *= 1.3) {
    const double y = yield(defects, SquareMetres(area * mm2));
    EXPECT_GT(y, 0);
    EXPECT_LE(y, 1);
    EXPECT_LT(y, before);
    before = y;
  }
}

TEST(HarvestedYield, IsThePlainOneWhereEveryCoreIsNeeded) {
  const SquareMetres critical(300 * mm2), cores(500 * mm2);
  EXPECT_DOUBLE_EQ(
      harvested_yield(defects, critical, cores, 144, 144), yield(defects, critical + cores));
  EXPECT_NEAR(harvested_yield(defects, critical, cores, 144, 0), yield(defects, critical), 1e-4);
}

TEST(HarvestedYield, IsTheMeanOverRandomDies) {
  std::mt19937_64 random(seed());
  std::gamma_distribution<double> density(3, 1.0 / 3);
  int sold = 0;
  constexpr int dies = 20000;
  for (int i = 0; i < dies; ++i) {
    const double d = 0.1 * density(random);  // per cm^2
    std::poisson_distribution<int> fatal(d * 3);
    std::binomial_distribution<int> failed(10, 1 - std::exp(-d * 5 / 10));
    sold += fatal(random) == 0 && failed(random) <= 1 ? 1 : 0;
  }
  EXPECT_NEAR(harvested_yield(defects, SquareMetres(300 * mm2), SquareMetres(500 * mm2), 10, 9),
              static_cast<double>(sold) / dies, 0.015)
      << replay();
}

TEST(HarvestedYield, RisesWithSpares) {
  double before = 0;
  for (int needed = 144; needed >= 100; --needed) {
    const double y = harvested_yield(
        defects, SquareMetres(300 * mm2), SquareMetres(500 * mm2), 144, needed);
    EXPECT_GE(y, before - 1e-9);
    EXPECT_LE(y, 1);
    before = y;
  }
}

}  // namespace
}  // namespace headroom::technology
