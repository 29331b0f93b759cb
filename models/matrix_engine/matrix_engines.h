// All matrix engines of a chip as one block of its tile stream: they work in step, for the cycles
// that the mapping got from one engine's model (matrix_engine.h, at the fidelity that was asked
// for).
#pragma once

#include "models/base/activity.h"
#include "models/base/tile_stream.h"

namespace headroom {

class MatrixEngines : public sc_core::sc_module {
 public:
  // The streams and the activity outlive the module.
  MatrixEngines(const sc_core::sc_module_name& name, Hertz clock, TileStream& loaded,
                TileStream& multiplied, sc_core::sc_semaphore& operand_buffers, Activity& activity);

  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  void run();

  Hertz clock_;
  TileStream &loaded_, &multiplied_;
  sc_core::sc_semaphore& operand_buffers_;
  Activity& activity_;
  std::uint64_t events_ = 0;
};

}  // namespace headroom
