#include "sim/config/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace headroom::config {
namespace {

// One unit is `factor` * 10^`exponent` of the SI unit. The power of ten is kept apart so that it
// can join the decimal number before that is rounded: 3 ns is the double nearest to 3e-9, not 3 *
// 1e-9.
struct Unit {
  std::string_view name;
  Dimension dimension;
  int exponent;
  double factor = 1;
};

constexpr double kibi = 1024;
constexpr double bit = 0.125;

constexpr std::array units{
    Unit{"ps", Dimension::time, -12},
    Unit{"ns", Dimension::time, -9},
    Unit{"us", Dimension::time, -6},
    Unit{"ms", Dimension::time, -3},
    Unit{"s", Dimension::time, 0},
    Unit{"min", Dimension::time, 0, 60},
    Unit{"h", Dimension::time, 0, 3600},
    Unit{"Hz", Dimension::frequency, 0},
    Unit{"kHz", Dimension::frequency, 3},
    Unit{"MHz", Dimension::frequency, 6},
    Unit{"GHz", Dimension::frequency, 9},
    Unit{"bit", Dimension::data, 0, bit},
    Unit{"B", Dimension::data, 0},
    Unit{"kbit", Dimension::data, 3, bit},
    Unit{"kB", Dimension::data, 3},
    Unit{"KiB", Dimension::data, 0, kibi},
    Unit{"Mbit", Dimension::data, 6, bit},
    Unit{"MB", Dimension::data, 6},
    Unit{"MiB", Dimension::data, 0, kibi* kibi},
    Unit{"Gbit", Dimension::data, 9, bit},
    Unit{"GB", Dimension::data, 9},
    Unit{"GiB", Dimension::data, 0, kibi* kibi* kibi},
    Unit{"TB", Dimension::data, 12},
    Unit{"TiB", Dimension::data, 0, kibi* kibi* kibi* kibi},
    Unit{"B/s", Dimension::data_rate, 0},
    Unit{"kB/s", Dimension::data_rate, 3},
    Unit{"KiB/s", Dimension::data_rate, 0, kibi},
    Unit{"Mbit/s", Dimension::data_rate, 6, bit},
    Unit{"Mb/s", Dimension::data_rate, 6, bit},
    Unit{"MB/s", Dimension::data_rate, 6},
    Unit{"MiB/s", Dimension::data_rate, 0, kibi* kibi},
    Unit{"Gbit/s", Dimension::data_rate, 9, bit},
    Unit{"Gb/s", Dimension::data_rate, 9, bit},
    Unit{"GB/s", Dimension::data_rate, 9},
    Unit{"GiB/s", Dimension::data_rate, 0, kibi* kibi* kibi},
    Unit{"Tbit/s", Dimension::data_rate, 12, bit},
    Unit{"Tb/s", Dimension::data_rate, 12, bit},
    Unit{"TB/s", Dimension::data_rate, 12},
    Unit{"TiB/s", Dimension::data_rate, 0, kibi* kibi* kibi* kibi},
    Unit{"MT/s", Dimension::transfer_rate, 6},
    Unit{"GT/s", Dimension::transfer_rate, 9},
    Unit{"FLOP/s", Dimension::flop_rate, 0},
    Unit{"GFLOP/s", Dimension::flop_rate, 9},
    Unit{"TFLOP/s", Dimension::flop_rate, 12},
    Unit{"TOP/s", Dimension::flop_rate, 12},
    Unit{"PFLOP/s", Dimension::flop_rate, 15},
    Unit{"POP/s", Dimension::flop_rate, 15},
    Unit{"EFLOP/s", Dimension::flop_rate, 18},
    Unit{"mW", Dimension::power, -3},
    Unit{"W", Dimension::power, 0},
    Unit{"kW", Dimension::power, 3},
    Unit{"MW", Dimension::power, 6},
    Unit{"fJ", Dimension::energy, -15},
    Unit{"pJ", Dimension::energy, -12},
    Unit{"nJ", Dimension::energy, -9},
    Unit{"uJ", Dimension::energy, -6},
    Unit{"mJ", Dimension::energy, -3},
    Unit{"J", Dimension::energy, 0},
    Unit{"kJ", Dimension::energy, 3},
    Unit{"kWh", Dimension::energy, 3, 3600},
    Unit{"nm", Dimension::length, -9},
    Unit{"um", Dimension::length, -6},
    Unit{"mm", Dimension::length, -3},
    Unit{"cm", Dimension::length, -2},
    Unit{"m", Dimension::length, 0},
    Unit{"um^2", Dimension::area, -12},
    Unit{"mm^2", Dimension::area, -6},
    Unit{"cm^2", Dimension::area, -4},
    Unit{"USD", Dimension::money, 0},
    Unit{"mV", Dimension::voltage, -3},
    Unit{"V", Dimension::voltage, 0},
    Unit{"K", Dimension::temperature, 0},
    Unit{"MTr/mm^2", Dimension::transistor_density, 12},
    Unit{"Mbit/mm^2", Dimension::bit_density, 12},
    Unit{"mW/mm^2", Dimension::power_density, 3},
    Unit{"W/mm^2", Dimension::power_density, 6},
    Unit{"fJ/bit/mm", Dimension::wire_energy, -12},
    Unit{"pJ/bit/mm", Dimension::wire_energy, -9},
    Unit{"/cm^2", Dimension::defect_density, 4},
    Unit{"%", Dimension::share, -2},
    Unit{"fJ/bit", Dimension::bit_energy, -15},
    Unit{"pJ/bit", Dimension::bit_energy, -12},
    Unit{"pJ/mm^2", Dimension::energy_density, -6},
    Unit{"K/W", Dimension::thermal_resistance, 0},
    Unit{"MHz/ms", Dimension::clock_slew, 9},
    Unit{"USD/GB", Dimension::data_price, -9},
    Unit{"USD/mm^2", Dimension::area_price, 6},
    Unit{"USD/W", Dimension::power_price, 0},
    Unit{"USD/kWh", Dimension::energy_price, -3, 1.0 / 3600},
};

struct Words {
  std::string_view name, example, si_unit;
};

constexpr std::array<Words, 27> words{{
    {"a time", "500 ns", "s"},
    {"a frequency", "1.83 GHz", "Hz"},
    {"an amount of data", "80 GB", "B"},
    {"a data rate", "3.35 TB/s", "B/s"},
    {"a transfer rate", "6400 MT/s", "T/s"},
    {"a FLOP rate", "989 TFLOP/s", "FLOP/s"},
    {"a power", "700 W", "W"},
    {"an energy", "1.5 pJ", "J"},
    {"a length", "28 um", "m"},
    {"an area", "814 mm^2", "m^2"},
    {"an amount of money", "28000 USD", "USD"},
    {"a voltage", "750 mV", "V"},
    {"a temperature", "358 K", "K"},
    {"a density of transistors", "91.2 MTr/mm^2", "/m^2"},
    {"a density of bits", "31.8 Mbit/mm^2", "bit/m^2"},
    {"a power per area", "50 mW/mm^2", "W/m^2"},
    {"an energy per bit and length", "50 fJ/bit/mm", "J/(bit m)"},
    {"a density of defects", "0.1 /cm^2", "/m^2"},
    {"a share", "30 %", "(1 is 100 %)"},
    {"an energy per bit", "4 pJ/bit", "J/bit"},
    {"an energy per area", "4 pJ/mm^2", "J/m^2"},
    {"a thermal resistance", "0.05 K/W", "K/W"},
    {"a change of the clock", "15 MHz/ms", "Hz/s"},
    {"a price of data", "10 USD/GB", "USD/B"},
    {"a price of area", "0.5 USD/mm^2", "USD/m^2"},
    {"a price of power", "12 USD/W", "USD/W"},
    {"a price of energy", "0.08 USD/kWh", "USD/J"},
}};

const Words& words_of(Dimension dimension) { return words[static_cast<std::size_t>(dimension)]; }

const Unit* find_unit(std::string_view name) {
  const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) {
    return u.name == name;
  });
  return unit == units.end() ? nullptr : &*unit;
}

// Length of the decimal number that `text` starts with, 0 where it starts with none.
std::size_t number_length(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_word = !text.empty() &&
                       text.find_first_of("0123456789") > text.find_first_of("nNiI");
  return error == std::errc::invalid_argument || is_word
             ? 0
             : static_cast<std::size_t>(end - text.data());
}

// `number` times ten to the `exponent`, rounded once.
double scaled(std::string_view number, int exponent) {
  const std::size_t e = number.find_first_of("eE");
  int written = 0;
  if (e != std::string_view::npos) {
    const std::size_t digits = e + (number[e + 1] == '+' ? 2 : 1);
    std::from_chars(number.data() + digits, number.data() + number.size(), written);
  }
  const std::string joined = fmt::format(
      "{}e{}", number.substr(0, e), std::clamp(written, -9999, 9999) + exponent);
  double value = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(joined.data(), joined.data() + joined.size(), value);
  return value;
}

}  // namespace

std::string_view name_of(Dimension dimension) { return words_of(dimension).name; }

std::string example_of(Dimension dimension) {
  return fmt::format("{} such as {}", words_of(dimension).name, words_of(dimension).example);
}

std::vector<std::string> units_of(Dimension dimension) {
  std::vector<std::string> result;
  for (const Unit& unit : units)
    if (unit.dimension == dimension) result.emplace_back(unit.name);
  return result;
}

double read_quantity(const Node& node, Dimension dimension, Interval within) {
  const std::string expected = example_of(dimension);
  if (!node.is_scalar()) node.expected(expected);
  const std::string text = node.text();
  const std::size_t length = number_length(text);
  if (length == 0) node.expected(expected);
  const std::string_view number = std::string_view(text).substr(0, length);
  std::string_view unit_name = std::string_view(text).substr(length);
  while (!unit_name.empty() && unit_name.front() == ' ') unit_name.remove_prefix(1);

  if (unit_name.empty()) node.fail(in_quotes(text) + " without a unit", expected);
  const Unit* unit = find_unit(unit_name);
  if (unit == nullptr)
    node.fail(fmt::format("{} with the unknown unit {}", in_quotes(text), in_quotes(unit_name)),
              expected, nearest(unit_name, units_of(dimension)));
  if (unit->dimension != dimension)
    node.fail(fmt::format("{} ({})", in_quotes(text), name_of(unit->dimension)), expected);
  const double si = scaled(number, unit->exponent) * unit->factor;
  if (!std::isfinite(si))
    node.expected(fmt::format("{} that a double can hold", name_of(dimension)));
  if (!within.contains(si))
    node.expected(
        fmt::format("{}{} {}", name_of(dimension), within.words(), words_of(dimension).si_unit));
  return si;
}

std::optional<Measure> measure_of(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == 0) return std::nullopt;
  Measure measure;
  measure.number = measure.si = scaled(text.substr(0, length), 0);
  std::string_view unit_name = text.substr(length);
  while (!unit_name.empty() && unit_name.front() == ' ') unit_name.remove_prefix(1);
  if (!unit_name.empty()) {
    const Unit* unit = find_unit(unit_name);
    if (unit == nullptr) return std::nullopt;
    measure.unit = unit_name;
    measure.dimension = unit->dimension;
    measure.si = scaled(text.substr(0, length), unit->exponent) * unit->factor;
  }
  if (!std::isfinite(measure.si)) return std::nullopt;
  return measure;
}

}  // namespace headroom::config
