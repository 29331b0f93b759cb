// Attention kernels whose products are instructions of one warp (mma.sync): each warp reads its
// operands from the core's scratchpad for itself, so that the port of the scratchpad can be what
// limits them.
#pragma once

#include <cstdint>

namespace headroom {

// A block of scores and how its warps share a product: `many` along the longer side of the result.
struct WarpTile {
  std::int64_t queries = 0, keys = 0;
  int many = 1, few = 1;
};

// Tiles of FlashAttention 2 by head size: github:Dao-AILab/flash-attention csrc/flash_attn/src,
// flash_fwd_launch_template.h and flash_bwd_launch_template.h (recalled).
[[nodiscard]] WarpTile warp_tile(std::int64_t head_dim, bool forward);

// Bytes through the scratchpad's port for one block: operands that warps read, probabilities and
// their gradients that they write, and the tiles that arrive for it. Operands have two bytes.
[[nodiscard]] double warp_traffic(const WarpTile& tile, std::int64_t head_dim, bool forward);

}  // namespace headroom
