#include "models/vector_unit/vector_units.h"

#include "models/base/kernel_time.h"

namespace headroom {

VectorUnits::VectorUnits(const sc_core::sc_module_name& name, Hertz clock, TileStream& multiplied,
                         TileStream& finished, Activity& activity)
    : sc_module(name),
      clock_(clock),
      multiplied_(multiplied),
      finished_(finished),
      activity_(activity) {
  SC_HAS_PROCESS(VectorUnits);
  SC_THREAD(run);
}

void VectorUnits::run() {
  for (;;) {
    const TileToken token = multiplied_.pop();
    if (token.tile.vector_cycles > 0) {
      activity_.vector_busy(true);
      sc_core::wait(to_sc_time(token.tile.vector_cycles, clock_) * activity_.slowdown());
      activity_.vector_busy(false);
      ++events_;
    }
    finished_.push(token);
  }
}

}  // namespace headroom
