#include "sim/engine/array_cost.h"

#include "sim/mapping/array.h"

namespace headroom {

std::shared_ptr<matrix_engine::MatrixEngine> make_array(
    const Experiment& experiment, Fidelity fidelity) {
  return matrix_engine::make_matrix_engine(
      fidelity, array_of(experiment.chip, experiment.plan.format));
}

ArrayCycles array_cycles(const Experiment& experiment, Fidelity fidelity) {
  return cost_of(make_array(experiment, fidelity));
}

}  // namespace headroom
