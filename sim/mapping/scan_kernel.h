// Mamba-2's state-space scan on the chip: the state-space duality turns it into products over
// chunks of tokens (Dao and Gu 2024, section 6).
#pragma once

#include <vector>

#include "models/chip/kernel.h"
#include "sim/mapping/kernels.h"

namespace headroom {

// One fused kernel over all chunks. Of Q tokens, N numbers of state, P features of a head it
// multiplies, for each group of heads, C B' (Q x Q x N), and for each head that with X (Q x P x Q),
// B' X (N x P x Q) and C with the state (Q x P x N); backward has two gradients of each and does
// them again. Model FLOPs are the recurrence's.
[[nodiscard]] Kernel scan_kernel(const ChipDescription& chip, const ArrayCycles& array,
                                 const Operator& op, Direction direction, double nameplate_flops);

// The same as the kernels that the paper's authors published (github:state-spaces/mamba,
// mamba_ssm/ops/triton/ssd_combined.py): between them decays, the states of chunks in fp32 and
// C B' go through HBM. The backward pass computes the convolution before the scan and the states
// again, and the mask of each chunk in four of its kernels. `share`, (0, 1], of the rate that HBM
// and arithmetic allow is what each kernel reaches.
[[nodiscard]] std::vector<Kernel> scan_kernels(
    const ChipDescription& chip, const ArrayCycles& array, const Operator& op, Direction direction,
    double nameplate_flops, double share);

}  // namespace headroom
