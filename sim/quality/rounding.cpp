#include "sim/quality/rounding.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "models/numerics/block.h"

namespace headroom::quality {
namespace {

constexpr int double_fraction_bits = 52;

// Steps of a float are 2^-fraction_bits of the power of two at or below the value, but no finer
// than those of the smallest normal; those of an integer are all alike.
struct Grid {
  double least_power, most_power;  // powers of two between which steps follow the value
  double anchor;  // over the power: a number so large that its last place in a double is one step
  double least, largest;
};

Grid grid_of(Format format) {
  const FormatTraits t = traits(format);
  const bool integer = t.specials == Specials::integer;
  Grid grid{};
  grid.least_power = integer ? 1 : std::ldexp(1, 1 - t.bias);
  grid.most_power = integer ? 1 : std::ldexp(1, 127);
  grid.anchor = std::ldexp(1.5, double_fraction_bits - t.fraction_bits);
  const auto end = [format](double value) {
    return decode(format, encode_element(format, value, Rounding::nearest_even));
  };
  constexpr double beyond = std::numeric_limits<double>::infinity();
  grid.least = end(-beyond), grid.largest = end(beyond);
  return grid;
}

// The power of two at or below the magnitude; 0 for 0 and subnormals.
double power_of(double value) {
  constexpr std::uint64_t exponent_field = std::uint64_t{0x7FF} << double_fraction_bits;
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits &= exponent_field;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

double largest_element(Format format) { return grid_of(format).largest; }

void round_to_elements(Format format, double* values, std::size_t count) {
  const Grid grid = grid_of(format);
  for (std::size_t i = 0; i < count; ++i) {
    // std::max keeps its first argument where the other is NaN.
    const double value = std::min(std::max(values[i], grid.least), grid.largest);
    const double power = std::min(std::max(power_of(value), grid.least_power), grid.most_power);
    // The sum is rounded to a whole number of steps, to nearest even as every sum is.
    const double anchor = power * grid.anchor;
    values[i] = (value + anchor) - anchor;
  }
}

}  // namespace headroom::quality
