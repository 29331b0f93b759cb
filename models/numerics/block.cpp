#include "models/numerics/block.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "models/base/random.h"

namespace headroom {
namespace {

constexpr std::uint32_t e8m0_nan = 0xFF;
constexpr std::uint32_t e4m3_nan = 0x7F;
constexpr double largest_e4m3 = 448;
constexpr double largest_e2m1 = 6;

double largest_element(Format format) {
  return decode(format, encode(format, std::numeric_limits<double>::infinity(),
                               Rounding::nearest_even, Overflow::saturate));
}

// The exponent of the power of two that brings `largest`, which is above 0, into the format.
int scale_exponent(Format format, double largest, ScaleRounding rounding) {
  const double limit = largest_element(format);
  const int exponent = std::ilogb(largest) - std::ilogb(limit);
  const bool saturates = std::ldexp(largest, -exponent) > limit;
  return rounding == ScaleRounding::up && saturates ? exponent + 1 : exponent;
}

// NaN and infinities count as infinity.
double largest_magnitude(const double* values, std::size_t count) {
  double largest = 0;
  for (std::size_t i = 0; i < count; ++i)
    largest = std::isnan(values[i]) ? std::numeric_limits<double>::infinity()
                                    : std::max(largest, std::fabs(values[i]));
  return largest;
}

}  // namespace

std::uint32_t scale_code(Format format, double largest, const BlockOptions& options, float tensor) {
  if (traits(format).scale == BlockScale::e4m3) {
    if (!std::isfinite(largest)) return e4m3_nan;
    return encode(Format::fp8_e4m3, largest / largest_e2m1 / double{tensor}, Rounding::nearest_even,
                  Overflow::saturate);
  }
  if (!std::isfinite(largest)) return e8m0_nan;
  if (largest == 0) return 0;
  const int exponent = scale_exponent(format, largest, options.scale_rounding);
  return static_cast<std::uint32_t>(std::clamp(exponent, -127, 127) + 127);
}

float tensor_scale(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
  if (largest == 0) return 1;
  using Limits = std::numeric_limits<float>;
  return static_cast<float>(std::clamp(
      largest / (largest_e4m3 * largest_e2m1), double{Limits::denorm_min()},
      double{Limits::max()}));
}

BlockVector quantise(Format format, const std::vector<double>& values,
                     const BlockOptions& options) {
  const FormatTraits t = traits(format);
  if (t.block == 1) throw std::invalid_argument(std::string(to_string(format)) + " has no blocks");
  BlockVector result{format, std::vector<std::uint32_t>(values.size()), {}, 1};
  if (t.scale == BlockScale::e4m3)
    result.tensor_scale = options.tensor_scale > 0 ? options.tensor_scale : tensor_scale(values);
  const std::uint64_t stream = mix(options.seed);
  for (std::size_t first = 0; first < values.size(); first += static_cast<std::size_t>(t.block)) {
    const std::size_t count = std::min(static_cast<std::size_t>(t.block), values.size() - first);
    const double largest = largest_magnitude(&values[first], count);
    result.scales.push_back(scale_code(format, largest, options, result.tensor_scale));
    if (!std::isfinite(largest)) continue;
    double scale = decode_scale(t.scale, result.scales.back()) * double{result.tensor_scale};
    if (scale == 0) scale = std::numeric_limits<double>::infinity();  // all become zeros
    for (std::size_t i = first; i < first + count; ++i)
      result.codes[i] = encode_element(
          format, values[i] / scale, options.rounding, mix(stream + i));
  }
  return result;
}

std::uint32_t encode_element(Format format, double value, Rounding rounding, std::uint64_t random) {
  const std::uint32_t code = encode(format, value, rounding, Overflow::saturate, random);
  return format == Format::mxint8 && code == 0x80 ? 0x81 : code;
}

std::vector<double> dequantise(const BlockVector& vector) {
  const FormatTraits t = traits(vector.format);
  std::vector<double> values(vector.codes.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = decode(vector.format, vector.codes[i]) *
                decode_scale(t.scale, vector.scales[i / static_cast<std::size_t>(t.block)]) *
                double{vector.tensor_scale};
  return values;
}

}  // namespace headroom
