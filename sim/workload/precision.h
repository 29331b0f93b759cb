// Bytes per element of each class of tensor in mixed-precision training with Adam: two-byte weights
// and activations, gradients kept in fp32 as Megatron-LM does, and a master weight and two moments
// in fp32 (Rajbhandari et al. 2020, section 3.1).
#pragma once

namespace headroom {

inline constexpr double activation_bytes = 2;
inline constexpr double weight_bytes = 2;
inline constexpr double gradient_bytes = 4;
inline constexpr double optimizer_bytes = 12;

}  // namespace headroom
