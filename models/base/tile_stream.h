// Tiles on their way from block to block.
#pragma once

#include <systemc>

#include "models/base/stream.h"
#include "models/base/tile.h"

namespace headroom {

struct TileToken {
  Tile tile;
  bool vector_holds_matrix = false;  // its vector work keeps the matrix engines from the next tile
  bool last = false;                 // of its kernel
  sc_core::sc_time operands_at;      // when the operands have arrived in the scratchpad
};

using TileStream = Stream<TileToken>;

}  // namespace headroom
