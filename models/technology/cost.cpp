#include "models/technology/cost.h"

namespace headroom::technology {

Dollars die_cost(Dollars wafer, int dies_per_wafer, double yield) {
  return wafer / (dies_per_wafer * yield);
}

PackageCost package_cost(
    const Prices& prices, Dollars dies, SquareMetres die_area, double stacks, Bytes hbm_capacity) {
  const SquareMetres interposer = die_area + prices.stack_footprint * stacks;
  return {dies, Dollars(hbm_capacity.si() * prices.hbm_usd_byte),
          Dollars(interposer.si() * prices.package_usd_m2), prices.test};
}

Dollars selling_price(Dollars cost, double margin) { return cost / (1 - margin); }

RunningCost running_cost(const Prices& prices, Dollars chip, Dollars host, Watts chip_power) {
  const Watts power = chip_power + prices.host_power;
  RunningCost cost;
  cost.chip = chip;
  cost.host = host;
  cost.network = prices.network;
  cost.facility = Dollars(prices.facility_usd_w * power.si());
  cost.capital_usd_s = cost.system().si() / (prices.amortisation.si() * prices.utilisation);
  cost.electricity_usd_s = power.si() * prices.power_usage * prices.electricity_usd_j;
  return cost;
}

}  // namespace headroom::technology
