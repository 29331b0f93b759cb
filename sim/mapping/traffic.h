// HBM reads of a tiled product: which operand stays on the chip while the other passes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "models/chip/description.h"
#include "sim/mapping/product_work.h"

namespace headroom {

// Tiles are visited in panels. n_inner: a panel of rows of `a` stays while columns of `b` pass;
// m_inner: a panel of columns of `b` stays while rows of `a` pass.
enum class Order { n_inner, m_inner };
inline constexpr std::array<std::string_view, 2> order_names{"n_inner", "m_inner"};

struct TileShape {
  std::int64_t m = 0, n = 0;
  std::int64_t slice_k = 0;  // reduction depth of the operands that are double-buffered
};

// What keeps operands on the chip between tiles: the chip-wide memory where there is one, else each
// core's scratchpad.
[[nodiscard]] Bytes reuse_capacity(const ChipDescription& chip);

// Whether a tile's results and two buffers per operand have room on a core.
[[nodiscard]] bool fits(const ChipDescription& chip, const TileShape& tile, double operand_bytes);

// Slices of operands that arrive, lie ready or are multiplied at once: as many as have room on a
// core beside a tile's results, from default_operand_buffers to most_operand_buffers.
[[nodiscard]] std::int64_t operand_buffers(
    const ChipDescription& chip, const TileShape& tile, double operand_bytes);

struct Reads {
  Bytes bytes;
  std::int64_t panel = 1;  // its height (n_inner) or width (m_inner) in tiles
};

// The panel with the fewest reads, all `depth` deep in k (a part of it where k is split; the bytes
// are those of all parts). A panel is read once if half of what is free keeps it (the other half
// takes the next one), else again for every column of tiles; the passing operand is read once per
// panel, or once where it stays as a whole. Without a chip-wide memory each core reads for itself.
[[nodiscard]] Reads fewest_reads(const ChipDescription& chip, const ProductWork& work,
                                 const TileShape& tile, Order order, std::int64_t depth);

}  // namespace headroom
