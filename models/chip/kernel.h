// What the chip executes: a kernel is a sequence of tiles that stream through load DMA, matrix
// engines, vector unit and store DMA. All numbers are for the whole chip; sim/mapping computes
// them, the blocks only spend time on them.
#pragma once

#include <string>
#include <vector>

#include "models/base/quantity.h"
#include "models/base/tile.h"

namespace headroom {

struct TileRun {
  Tile tile;
  int count = 1;
};

// Double buffering: the operands of one tile are in use, those of the next arrive or lie ready.
inline constexpr int default_operand_buffers = 2, most_operand_buffers = 8;

// Why a kernel runs; decides which cause its time is booked to.
enum class Purpose { model, recompute, optimizer };

struct Kernel {
  std::string name;
  Purpose purpose = Purpose::model;
  std::vector<TileRun> tiles;
  // The vector work of a tile holds the matrix engines (a kernel that does not interleave softmax
  // with products).
  bool vector_holds_matrix = false;
  int operand_buffers = default_operand_buffers;  // tiles whose operands arrive, lie ready or are
                                                  // in use at a time
  double on_chip_stall = 0;    // share of the matrix cycles in which engines wait for operands, [0,
                               // 1)
  double model_flops = 0;      // FLOPs of the mathematics that this kernel does on this chip
  double recompute_flops = 0;  // executed FLOPs that repeat earlier ones
  double operations = 0;       // of lanes of vector units, exponentials among them
  Seconds host;                // of the host's thread for it, beside its own launch
  double nameplate_flops = 0;  // FLOP/s of the engines at the nameplate clock in the kernel's
                               // format; > 0 with FLOPs
};

}  // namespace headroom
