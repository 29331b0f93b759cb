// The unit of work that streams through a chip's blocks, load DMA to store DMA. Plain numbers: the
// blocks only spend time on them; sim/mapping computes them.
#pragma once

#include "models/base/clock.h"
#include "models/base/quantity.h"

namespace headroom {

// One step of a kernel on all cores at once.
struct Tile {
  Bytes load, store;         // HBM traffic
  Cycles matrix_cycles = 0;  // of the matrix engines
  Cycles vector_cycles = 0;  // of the vector units
};

}  // namespace headroom
