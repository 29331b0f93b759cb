// Quantities as people write them, "3.35 TB/s", and their dimension. GB is 10^9 bytes, GiB is 2^30;
// b and bit are bits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/node.h"

namespace headroom::config {

enum class Dimension {
  time,
  frequency,
  data,
  data_rate,
  transfer_rate,
  flop_rate,
  power,
  energy,
  length,
  area,
  money,
  voltage,
  temperature,
  transistor_density,
  bit_density,
  power_density,
  wire_energy,
  defect_density,
  share,
  bit_energy,
  energy_density,
  thermal_resistance,
  clock_slew,
  data_price,
  area_price,
  power_price,
  energy_price
};

// "a data rate", "a data rate such as 3.35 TB/s".
[[nodiscard]] std::string_view name_of(Dimension dimension);
[[nodiscard]] std::string example_of(Dimension dimension);

// The units of a dimension, smallest first.
[[nodiscard]] std::vector<std::string> units_of(Dimension dimension);

// Reads a scalar with a unit and returns SI (s, Hz, B, B/s, T/s, FLOP/s, W, J, m, m^2, USD, V, K,
// 1/m^2, bit/m^2, W/m^2, J/(bit m), 1/m^2, 1,
// J/bit, J/m^2, K/W, Hz/s, USD/B, USD/m^2, USD/W, USD/J). The
// result is the double nearest to the decimal number written. Another dimension, a missing unit,
// NaN or a value outside is an InputError.
[[nodiscard]] double read_quantity(
    const Node& node, Dimension dimension, Interval within = positive);

// A number as written, with the unit behind it ("" where there is none) and what it is in SI.
struct Measure {
  double number = 0;
  std::string unit;
  std::optional<Dimension> dimension;  // none of a bare number
  double si = 0;
};

// What `text` is if it is a number or a quantity of any dimension; nothing otherwise.
[[nodiscard]] std::optional<Measure> measure_of(std::string_view text);

}  // namespace headroom::config
