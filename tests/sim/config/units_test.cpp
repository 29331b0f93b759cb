// Units: exact values, and what is refused in which words.
#include "sim/config/units.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

constexpr Dimension all[] = {
    Dimension::time,
    Dimension::frequency,
    Dimension::data,
    Dimension::data_rate,
    Dimension::power,
    Dimension::flop_rate,
    Dimension::energy,
    Dimension::length,
    Dimension::area,
    Dimension::money,
    Dimension::voltage,
    Dimension::temperature,
    Dimension::transistor_density,
    Dimension::bit_density,
    Dimension::power_density,
    Dimension::wire_energy,
    Dimension::defect_density,
    Dimension::share,
    Dimension::bit_energy,
    Dimension::energy_density,
    Dimension::thermal_resistance,
    Dimension::clock_slew};

double read(const std::string& text, Dimension dimension, Interval within = positive) {
  return read_quantity(Node::parse("key: " + text, "a.yaml")["key"], dimension, within);
}

std::string message(const std::string& text, Dimension dimension) {
  return message_of([&] { static_cast<void>(read(text, dimension)); });
}

TEST(Units, ValuesAreExactlyTheDecimalNumbersWritten) {
  EXPECT_EQ(read("3.35 TB/s", Dimension::data_rate), 3.35e12);
  EXPECT_EQ(read("3.35TB/s", Dimension::data_rate), 3.35e12);
  EXPECT_EQ(read("80 GB", Dimension::data), 80e9);
  EXPECT_EQ(read("80 GiB", Dimension::data), 80.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(read("228 KiB", Dimension::data), 228.0 * 1024);
  EXPECT_EQ(read("400 Gb/s", Dimension::data_rate), 50e9);
  EXPECT_EQ(read("400 Gbit/s", Dimension::data_rate), 50e9);
  EXPECT_EQ(read("1.83 GHz", Dimension::frequency), 1.83e9);
  EXPECT_EQ(read("3 ns", Dimension::time), 3e-9);
  EXPECT_EQ(read("350 ps", Dimension::time), 350e-12);
  EXPECT_EQ(read("989 TFLOP/s", Dimension::flop_rate), 989e12);
  EXPECT_EQ(read("1.5 pJ", Dimension::energy), 1.5e-12);
  EXPECT_EQ(read("814 mm^2", Dimension::area), 814e-6);
  EXPECT_EQ(read("\"700 W\"", Dimension::power), 700);
  EXPECT_EQ(read("1e3 USD", Dimension::money), 1000);
  EXPECT_EQ(read("2.5e-3 s", Dimension::time), 2.5e-3);
  EXPECT_EQ(read("0 B", Dimension::data, not_negative), 0);
}

TEST(Units, EveryUnitReadsInItsOwnDimensionOnly) {
  for (const Dimension dimension : all)
    for (const std::string& unit : units_of(dimension))
      for (const Dimension other : all) {
        const std::string text = "2 " + unit;
        if (other == dimension)
          EXPECT_GT(read(text, other), 0) << text;
        else
          EXPECT_EQ(message(text, other),
                    fmt::format("a.yaml:1:6: key: found '{}' ({}); expected {}", text,
                                name_of(dimension), example_of(other)));
      }
}

TEST(Units, DecimalPrefixesAreExactForRandomNumbers) {
  const unsigned seed = 20261123;
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<int> digits(1, 999'999'999), shift(0, 8);
  for (int i = 0; i < 2000; ++i) {
    std::string number = std::to_string(digits(random));
    const auto point = static_cast<std::size_t>(shift(random));
    if (point > 0 && point < number.size()) number.insert(point, ".");
    const std::string trace = fmt::format("seed {} case {}: {}", seed, i, number);
    EXPECT_EQ(read(number + " ns", Dimension::time), std::strtod((number + "e-9").c_str(), nullptr))
        << trace;
    EXPECT_EQ(read(number + " TB", Dimension::data), std::strtod((number + "e12").c_str(), nullptr))
        << trace;
  }
}

TEST(Units, Refused) {
  const std::string rate = "expected a data rate such as 3.35 TB/s";
  const std::pair<std::string, std::string> cases[] = {
      {"3.35 GHz", "found '3.35 GHz' (a frequency); " + rate},
      {"3.35", "found '3.35' without a unit; " + rate},
      {"3.35 TB/S",
       "found '3.35 TB/S' with the unknown unit 'TB/S'; " + rate + "; did you mean 'TB/s'?"},
      {"3.35 GBps",
       "found '3.35 GBps' with the unknown unit 'GBps'; " + rate + "; did you mean 'GB/s'?"},
      {"3.35 parsec", "found '3.35 parsec' with the unknown unit 'parsec'; " + rate},
      {"-3.35 TB/s", "found '-3.35 TB/s'; expected a data rate above 0 B/s"},
      {"0 TB/s", "found '0 TB/s'; expected a data rate above 0 B/s"},
      {".nan", "found '.nan'; " + rate},
      {"nan TB/s", "found 'nan TB/s'; " + rate},
      {".inf", "found '.inf'; " + rate},
      {"inf TB/s", "found 'inf TB/s'; " + rate},
      {"1e400 TB/s", "found '1e400 TB/s'; expected a data rate that a double can hold"},
      {"fast", "found 'fast'; " + rate},
      {"TB/s", "found 'TB/s'; " + rate},
      {"[1 TB/s]", "found a list; " + rate},
      {"", "found nothing; " + rate}};
  for (const auto& [text, expected] : cases) {
    const std::string all_of_it = message(text, Dimension::data_rate);
    EXPECT_EQ(all_of_it.substr(all_of_it.find("found")), expected) << text;
  }
  EXPECT_EQ(
      message("80 KB", Dimension::data),
      "a.yaml:1:6: key: found '80 KB' with the unknown unit 'KB'; expected an amount of data "
      "such as 80 GB; did "
      "you mean 'kB'?");
  EXPECT_EQ(message("1,000 W", Dimension::power),
            "a.yaml:1:6: key: found '1,000 W' with the unknown unit ',000 W'; expected a power "
            "such as 700 W");
}

}  // namespace
}  // namespace headroom::config
