#include "sim/engine/simulate.h"

#include <memory>
#include <stdexcept>

#include "models/base/kernel_time.h"
#include "models/matrix_engine/analytic.h"
#include "sim/engine/step.h"
#include "sim/engine/summary.h"
#include "sim/engine/timeline.h"
#include "sim/mapping/array.h"

namespace headroom {

Outcome simulate(const Experiment& experiment) {
  check_memory(experiment);
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const matrix_engine::ArrayParameters array = array_of(experiment.chip, experiment.plan.format);
  const KernelMapper mapper(
      experiment.chip, experiment.plan.format,
      cost_of(std::make_shared<matrix_engine::AnalyticEngine>(array)),
      cost_of(matrix_engine::make_matrix_engine(experiment.fidelity.matrix_engine, array)));
  const Step step("step", experiment, mapper);
  sc_core::sc_start();
  if (!step.finished()) throw std::runtime_error(step.stuck());
  return {summarise(experiment, step), make_timeline(step)};
}

}  // namespace headroom
