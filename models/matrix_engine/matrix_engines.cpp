#include "models/matrix_engine/matrix_engines.h"

#include "models/base/kernel_time.h"

namespace headroom {

MatrixEngines::MatrixEngines(
    const sc_core::sc_module_name& name, Hertz clock, TileStream& loaded, TileStream& multiplied,
    sc_core::sc_semaphore& operand_buffers, Activity& activity)
    : sc_module(name),
      clock_(clock),
      loaded_(loaded),
      multiplied_(multiplied),
      operand_buffers_(operand_buffers),
      activity_(activity) {
  SC_HAS_PROCESS(MatrixEngines);
  SC_THREAD(run);
}

void MatrixEngines::run() {
  for (;;) {
    TileToken token = loaded_.pop();
    if (token.operands_at > sc_core::sc_time_stamp())
      sc_core::wait(token.operands_at - sc_core::sc_time_stamp());
    if (token.tile.matrix_cycles > 0) {
      activity_.matrix_busy(true);
      const double slowdown = activity_.slowdown();
      const sc_core::sc_time time = to_sc_time(token.tile.matrix_cycles, clock_);
      activity_.take(Seconds(time.to_seconds() * (slowdown - 1)));
      sc_core::wait(time * slowdown);
      activity_.matrix_busy(false);
      ++events_;
    }
    // Vector work between two products of the same tile: the engines cannot go on before it is
    // done.
    if (token.vector_holds_matrix && token.tile.vector_cycles > 0) {
      activity_.vector_busy(true);
      sc_core::wait(to_sc_time(token.tile.vector_cycles, clock_) * activity_.slowdown());
      activity_.vector_busy(false);
      token.tile.vector_cycles = 0;
      ++events_;
    }
    operand_buffers_.post();
    multiplied_.push(token);
  }
}

}  // namespace headroom
