#include "models/vector_unit/vector_unit.h"

#include <cassert>
#include <cmath>

namespace headroom {

Cycles vector_cycles(const VectorUnitDescription& unit, int cores, const VectorWork& work) {
  assert(cores > 0 && work.operations >= 0 && work.exponentials >= 0);
  const double per_core = work.operations / unit.operations_per_cycle +
                          work.exponentials / unit.exponentials_per_cycle;
  return static_cast<Cycles>(std::ceil(per_core / cores));
}

}  // namespace headroom
