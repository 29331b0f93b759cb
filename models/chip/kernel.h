// What the chip executes: a kernel is a sequence of tiles that stream through load DMA, matrix
// engines, vector unit and store DMA. All numbers are for the whole chip; sim/mapping computes
// them, the blocks only spend time on them.
#pragma once

#include <string>
#include <vector>

#include "models/base/clock.h"
#include "models/base/quantity.h"

namespace headroom {

// One step of a kernel on all cores at once.
struct Tile {
  Bytes load, store;         // HBM traffic
  Cycles matrix_cycles = 0;  // of the matrix engines
  Cycles vector_cycles = 0;  // of the vector units
};

struct TileRun {
  Tile tile;
  int count = 1;
};

// Why a kernel runs; decides which cause its time is booked to.
enum class Purpose { model, recompute, optimizer };

struct Kernel {
  std::string name;
  Purpose purpose = Purpose::model;
  std::vector<TileRun> tiles;
  // The vector work of a tile holds the matrix engines (a kernel that does not interleave softmax
  // with products).
  bool vector_holds_matrix = false;
  double on_chip_stall = 0;    // share of the matrix cycles in which engines wait for operands, [0,
                               // 1)
  double model_flops = 0;      // FLOPs of the mathematics that this kernel does on this chip
  double recompute_flops = 0;  // executed FLOPs that repeat earlier ones
  double nameplate_flops = 0;  // FLOP/s of the engines at the nameplate clock in the kernel's
                               // format; > 0 with FLOPs
};

// Where the time of one kernel went; the parts sum to the duration.
struct KernelTime {
  Seconds start, duration;
  Seconds matrix;             // matrix engines busy
  Seconds vector;             // vector units busy, matrix engines idle
  Seconds memory;             // neither: waiting for HBM
  Seconds overlapped_vector;  // vector units busy behind the matrix engines; not part of the sum
};

}  // namespace headroom
