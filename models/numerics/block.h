// Vectors in block formats: elements of consecutive index that share a scale.
#pragma once

#include <cstdint>
#include <vector>

#include "models/numerics/codec.h"
#include "models/numerics/format.h"

namespace headroom {

// The power of two that an E8M0 scale becomes.
enum class ScaleRounding {
  down,  // 2^(floor(log2(largest)) - emax), OCP MX 6.3: a largest value above that of the element
         // format saturates
  up     // the smallest that nothing saturates under (Mishra et al., arXiv:2506.08027)
};

struct BlockOptions {
  Rounding rounding = Rounding::nearest_even;  // of elements; E4M3 scales: always nearest even
  ScaleRounding scale_rounding = ScaleRounding::down;  // E8M0 only
  std::uint64_t seed = 0;                              // of stochastic rounding
  float tensor_scale = 0;                              // nvfp4: above 0; 0: that of tensor_scale()
};

// value[i] = element[i] * scale[i / block] * tensor_scale
struct BlockVector {
  Format format = Format::mxfp8_e4m3;
  std::vector<std::uint32_t> codes;   // one for each value
  std::vector<std::uint32_t> scales;  // one for each block, also for a ragged last one
  float tensor_scale = 1;             // 1 but for nvfp4
};

// nvfp4's second-level scale: the largest finite magnitude / (448 * 6) in fp32, within its positive
// finite numbers; 1 where all is zero. The largest value then has the largest code and scale.
[[nodiscard]] float tensor_scale(const std::vector<double>& values);

// The code of the scale of a block whose largest magnitude is `largest`, infinity where the block
// holds a NaN; `tensor` is the tensor scale of nvfp4, 1 for others. quantise() says which.
[[nodiscard]] std::uint32_t scale_code(
    Format format, double largest, const BlockOptions& options = {}, float tensor = 1);

// Throws std::invalid_argument when the format has no blocks.
//
// E8M0: the scale of the block's largest magnitude as options say, within 2^-127 … 2^127; E4M3:
// largest magnitude / 6 / tensor scale, to nearest even, at most 448. Elements: value / scale,
// rounded, saturating; mxint8 to -127/64 … 127/64, so that rounding does not favour a sign. What a
// ragged last block lacks counts as zeros.
//
// A block of zeros, or of values too small for any scale, has scale code 0 and zeros of their
// signs. A NaN or an infinity makes the scale NaN (E8M0 0xFF, E4M3 0x7F) and all elements of its
// block 0.
[[nodiscard]] BlockVector quantise(
    Format format, const std::vector<double>& values, const BlockOptions& options = {});

// The code of value / scale in a block: rounded, saturating as quantise() says.
[[nodiscard]] std::uint32_t encode_element(
    Format format, double value, Rounding rounding, std::uint64_t random = 0);

[[nodiscard]] std::vector<double> dequantise(const BlockVector& vector);

}  // namespace headroom
