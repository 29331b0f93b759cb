#include "models/technology/process_node.h"

#include <cmath>

namespace headroom::technology {
namespace {

constexpr int halvings = 60;  // of an interval of volts: down to the last bit of a double

double raw_speed(const Supply& supply, double volts) {
  return std::pow(volts - supply.threshold_v, supply.alpha) / volts;
}

// Where `rises`, from at most `target` at `low`, reaches it; `high` where it does not.
template <class Function>
double crossing(Function rises, double target, double low, double high) {
  for (int i = 0; i < halvings; ++i) {
    const double middle = (low + high) / 2;
    (rises(middle) < target ? low : high) = middle;
  }
  return high;
}

}  // namespace

double relative_speed(const Supply& supply, double volts) {
  return raw_speed(supply, volts) / raw_speed(supply, supply.nominal_v);
}

double voltage_for(const Supply& supply, double speed, double highest_v) {
  const auto at = [&](double volts) { return relative_speed(supply, volts); };
  return crossing(at, speed, supply.threshold_v, highest_v);
}

double leakage_density(const ProcessNode& node, double volts, double kelvin) {
  const Leakage& leakage = node.leakage;
  const double over = volts - node.supply.nominal_v;
  return leakage.density_w_m2 * (volts / node.supply.nominal_v) *
         std::exp(over / leakage.voltage_efold_v) *
         std::exp((kelvin - leakage.temperature_k) / leakage.temperature_efold_k);
}

double implied_speed_gain(const Supply& supply, double power_saving) {
  const auto power = [&](double volts) {
    const double relative = volts / supply.nominal_v;
    return (1 - power_saving) * relative * relative * relative_speed(supply, volts);
  };
  const double highest = 3 * supply.nominal_v;  // beyond any claim
  return relative_speed(supply, crossing(power, 1, supply.nominal_v, highest)) - 1;
}

}  // namespace headroom::technology
