// Tiles: the unit of work that streams through a chip's blocks, load DMA to store DMA.
#pragma once

#include <systemc>

#include "models/base/clock.h"
#include "models/base/quantity.h"
#include "models/base/stream.h"

namespace headroom {

// One step of a kernel on all cores at once. The blocks only spend time on these numbers;
// sim/mapping computes them.
struct Tile {
  Bytes load, store;         // HBM traffic
  Cycles matrix_cycles = 0;  // of the matrix engines
  Cycles vector_cycles = 0;  // of the vector units
};

// A tile on its way.
struct TileToken {
  Tile tile;
  bool vector_holds_matrix = false;  // its vector work keeps the matrix engines from the next tile
  bool last = false;                 // of its kernel
  sc_core::sc_time operands_at;      // when the operands have arrived in the scratchpad
};

using TileStream = Stream<TileToken>;

}  // namespace headroom
