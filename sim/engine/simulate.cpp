#include "sim/engine/simulate.h"

#include <stdexcept>

#include "models/base/kernel_time.h"
#include "sim/engine/array_cost.h"
#include "sim/engine/step.h"
#include "sim/engine/summary.h"
#include "sim/engine/timeline.h"

namespace headroom {

Outcome simulate(const Experiment& experiment, Tracing tracing) {
  check_feasible(experiment);
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const KernelMapper mapper = mapper_of(experiment);
  const Step step("step", experiment, mapper);
  sc_core::sc_start();
  if (!step.finished()) throw std::runtime_error(step.stuck());
  return {summarise(experiment, step), tracing == Tracing::on ? make_timeline(step) : Trace{}};
}

}  // namespace headroom
