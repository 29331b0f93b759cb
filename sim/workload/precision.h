// Bytes per element of each class of tensor in mixed-precision training: two-byte weights and
// activations, gradients kept in fp32 as Megatron-LM does. What optimisers keep: sim/mapping/
// optimizer.h.
#pragma once

namespace headroom {

inline constexpr double activation_bytes = 2;
inline constexpr double weight_bytes = 2;
inline constexpr double gradient_bytes = 4;

}  // namespace headroom
