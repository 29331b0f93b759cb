// What a packaged chip costs its maker and its buyer, and what a token costs on it.
#pragma once

#include "models/base/quantity.h"

namespace headroom::technology {

// Prices that all chips share (configs/technology/cost.yaml); an experiment may replace them.
struct Prices {
  double margin = 0;             // of the seller: (price - cost) / price, [0, 1)
  double package_usd_m2 = 0;     // interposer, substrate and assembly per m^2 of dies and stacks
  SquareMetres stack_footprint;  // of an HBM stack on the interposer
  Dollars test;                  // of a package, and final assembly
  double hbm_usd_byte = 0;
  Dollars host, host_cost;    // server around a chip but for chips, per chip: bought, and built
  Dollars network;            // switches, cables and optics, per chip
  double facility_usd_w = 0;  // building, power delivery, cooling, per watt of computers
  Watts host_power;           // of processors, fans, network cards, per chip
  double electricity_usd_j = 0;
  double power_usage = 0;  // PUE: watts of the building over those of its computers, >= 1
  Seconds amortisation;
  double utilisation = 0;  // share of that time in which the chip computes, (0, 1]
};

// A die that sells for what its wafer costs, shared by the good ones.
[[nodiscard]] Dollars die_cost(Dollars wafer, int dies_per_wafer, double yield);

struct PackageCost {
  Dollars dies, hbm, package, test;
  [[nodiscard]] Dollars total() const { return dies + hbm + package + test; }
};

// `dies`: of all of them together; `die_area`: the same; capacity as the stacks have it, not as
// software sees it.
[[nodiscard]] PackageCost package_cost(
    const Prices& prices, Dollars dies, SquareMetres die_area, double stacks, Bytes hbm_capacity);

// cost / (1 - margin).
[[nodiscard]] Dollars selling_price(Dollars cost, double margin);

// What a chip with its share of the system costs per second of computing, capital and electricity.
struct RunningCost {
  Dollars chip, host, network, facility;
  double capital_usd_s = 0, electricity_usd_s = 0;

  [[nodiscard]] Dollars system() const { return chip + host + network + facility; }
  [[nodiscard]] double usd_s() const { return capital_usd_s + electricity_usd_s; }
};

// `chip_power` draws all the time that the chip computes; the facility is built for it.
[[nodiscard]] RunningCost running_cost(
    const Prices& prices, Dollars chip, Dollars host, Watts chip_power);

}  // namespace headroom::technology
