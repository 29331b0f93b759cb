#include "models/technology/cost.h"

#include <gtest/gtest.h>

namespace headroom::technology {
namespace {

Prices prices() {
  Prices p;
  p.margin = 0.75;
  p.package_usd_m2 = 0.5e6;
  p.stack_footprint = SquareMetres(100e-6);
  p.test = Dollars(700);
  p.hbm_usd_byte = 10e-9;
  p.network = Dollars(4000);
  p.facility_usd_w = 10;
  p.host_power = Watts(300);
  p.electricity_usd_j = 0.1 / 3.6e6;
  p.power_usage = 1.2;
  p.amortisation = Seconds(4 * 365.25 * 86400);
  p.utilisation = 0.5;
  return p;
}

TEST(Cost, OfAPackageIsThatComputedByHand) {
  const PackageCost cost = package_cost(
      prices(), Dollars(500), SquareMetres(800e-6), 5, Bytes(80e9));
  EXPECT_NEAR(cost.package.si(), (800 + 500) * 0.5, 1e-9);
  EXPECT_NEAR(cost.hbm.si(), 800, 1e-9);
  EXPECT_NEAR(cost.total().si(), 500 + 800 + 650 + 700, 1e-9);
  EXPECT_NEAR(selling_price(cost.total(), 0.75).si(), 4 * 2650, 1e-9);
  EXPECT_NEAR(die_cost(Dollars(16000), 64, 0.5).si(), 500, 1e-9);
}

TEST(Cost, OfRunningIsThatComputedByHand) {
  const RunningCost cost = running_cost(prices(), Dollars(28000), Dollars(9000), Watts(700));
  EXPECT_NEAR(cost.facility.si(), 10'000, 1e-9);
  EXPECT_NEAR(cost.system().si(), 28'000 + 9000 + 4000 + 10'000, 1e-9);
  EXPECT_NEAR(cost.capital_usd_s * 4 * 365.25 * 86400 * 0.5, 51'000, 1e-6);
  EXPECT_NEAR(cost.electricity_usd_s * 3600, 1.0 * 1.2 * 0.1, 1e-12);  // 1 kW for an hour
}

TEST(Cost, RisesWithTheMargin) {
  double before = 0;
  for (const double margin : {0.0, 0.3, 0.75, 0.9}) {
    EXPECT_GT(selling_price(Dollars(1000), margin).si(), before);
    before = selling_price(Dollars(1000), margin).si();
  }
}

}  // namespace
}  // namespace headroom::technology
