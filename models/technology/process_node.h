// A process node as plain data, and the laws that follow from it: speed against voltage, leakage
// against voltage and temperature.
#pragma once

#include <optional>
#include <string>

#include "models/base/quantity.h"

namespace headroom::technology {

// Supply of the logic, in volts; 0 < threshold < minimum <= nominal <= maximum.
struct Supply {
  double minimum_v = 0;    // lowest at which the logic is run
  double nominal_v = 0;    // at which energies of the node are stated
  double maximum_v = 0;    // highest at which a chip is run for long
  double threshold_v = 0;  // of the alpha-power law
  double alpha = 0;        // its exponent, 1 (velocity saturated) to 2 (long channel)
};

// Leakage of powered logic and SRAM.
struct Leakage {
  double density_w_m2 = 0;         // at the nominal voltage and `temperature_k`
  double temperature_k = 0;        // at which `density_w_m2` holds
  double temperature_efold_k = 0;  // a rise by which it grows e-fold
  double voltage_efold_v = 0;      // the same of the voltage, current alone (DIBL)
};

// What a foundry says of a node against an earlier one. Either claim holds alone, not both at once.
struct Claims {
  std::string from;                    // the earlier node; "": this one starts a chain
  std::optional<double> power_saving;  // at the same speed, [0, 1)
  std::optional<double> speed_gain;    // at the same power, >= 0
  std::optional<double> density;       // transistors of logic per area, new over old
};

struct ProcessNode {
  std::string id, name, foundry;
  double year = 0;                        // of volume production
  double logic_density = 0;               // transistors per m^2 of the densest library, headline
  std::optional<double> chip_density;     // transistors per m^2 that a shipped chip has, all of it
  std::optional<SquareMetres> sram_cell;  // of one bit, high-density cell
  std::optional<double> sram_density;     // bits per m^2 of macros, periphery included
  Claims claims;
  // Energy of one operation at nominal voltages over that of the reference node, where operations
  // were published for both; elsewhere Scaling finds it.
  std::optional<double> published_energy;
  Supply supply;
  Leakage leakage;
  std::optional<double> wire_energy;     // joules per bit of random data and metre, nominal voltage
  std::optional<Dollars> wafer_price;    // of 300 mm
  std::optional<double> defect_density;  // per m^2
  SquareMetres reticle;                  // largest die
};

// Clock at `volts` over that at the nominal voltage, by the alpha-power law of Sakurai and Newton
// (1990): f ~ (V - Vth)^alpha / V. Rises with `volts`, which lie above the threshold.
[[nodiscard]] double relative_speed(const Supply& supply, double volts);

// Its inverse: the voltage, above the threshold and at most `highest_v`, that gives `speed`;
// `highest_v` where none does.
[[nodiscard]] double voltage_for(const Supply& supply, double speed, double highest_v);

// Leaked watts per m^2: density * V/Vnom * exp((V - Vnom)/voltage_efold) * exp((T - T0)/efold).
// Rises with both.
[[nodiscard]] double leakage_density(const ProcessNode& node, double volts, double kelvin);

// Speed gained at the same power where the alpha-power law spends the claimed saving on voltage:
// (1 - saving) * (V/Vnom)^2 * f(V)/f(Vnom) = 1 gives V; the result is f(V)/f(Vnom) - 1. Compare it
// with claims.speed_gain, which is published apart.
[[nodiscard]] double implied_speed_gain(const Supply& supply, double power_saving);

}  // namespace headroom::technology
