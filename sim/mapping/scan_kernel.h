// Mamba-2's state-space scan on the chip: the state-space duality turns it into products over
// chunks of tokens (Dao and Gu 2024, section 6).
#pragma once

#include "models/chip/kernel.h"
#include "sim/mapping/kernels.h"

namespace headroom {

// One fused kernel over all chunks. Of Q tokens, N numbers of state, P features of a head it
// multiplies, for each group of heads, C B' (Q x Q x N), and for each head that with X (Q x P x Q),
// B' X (N x P x Q) and C with the state (Q x P x N); backward has two gradients of each and does
// them again. Model FLOPs are the recurrence's.
[[nodiscard]] Kernel scan_kernel(const ChipDescription& chip, const ArrayCycles& array,
                                 const Operator& op, Direction direction, double nameplate_flops);

}  // namespace headroom
