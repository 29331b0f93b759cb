#include "sim/engine/simulate.h"

#include <stdexcept>

#include "models/network/collective_model.h"
#include "sim/engine/analytic_step.h"
#include "sim/engine/array_cost.h"
#include "sim/engine/step_simulation.h"
#include "sim/engine/summary.h"
#include "sim/engine/timeline.h"

namespace headroom {

Outcome simulate(const Experiment& experiment, Tracing tracing) {
  check_feasible(experiment);
  if (is_analytic(experiment.fidelity)) return AnalyticEngine(experiment).step(experiment, tracing);
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const KernelMapper mapper = mapper_of(experiment);
  Step step(experiment, mapper,
            std::make_shared<network::CollectiveModel>(experiment.chip, experiment.cluster));
  const StepSimulation simulation("step", experiment, step, tracing);
  sc_core::sc_start();
  if (!simulation.finished()) throw std::runtime_error(simulation.stuck());
  return {summarise(experiment, step), tracing == Tracing::on ? make_timeline(step) : Trace{}};
}

}  // namespace headroom
