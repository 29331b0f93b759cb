#include "sim/engine/array_cost.h"

#include "sim/mapping/array.h"

namespace headroom {

std::shared_ptr<matrix_engine::MatrixEngine> make_array(
    const Experiment& experiment, Fidelity fidelity) {
  return matrix_engine::make_matrix_engine(
      fidelity, array_of(experiment.chip, experiment.plan.format));
}

Engines engines_of(const Experiment& experiment, Format format) {
  const auto cost = [&](Fidelity fidelity) {
    return cost_of(matrix_engine::make_matrix_engine(fidelity, array_of(experiment.chip, format)));
  };
  return {format, cost(Fidelity::analytic), cost(experiment.fidelity.matrix_engine)};
}

KernelMapper mapper_of(const Experiment& experiment) {
  const Engines engines = engines_of(experiment, experiment.plan.format);
  if (operand_bytes(engines.format) == 2)
    return {
        experiment.chip,
        engines.format,
        engines.search,
        engines.array,
        experiment.stack.attention,
        experiment.stack.fusion};
  return {experiment.chip, engines_of(experiment, Format::bf16), engines,
          experiment.stack.attention, experiment.stack.fusion};
}

}  // namespace headroom
