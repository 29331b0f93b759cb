#include "sim/engine/simulate.h"

#include <memory>
#include <stdexcept>
#include <string>

#include "models/base/kernel_time.h"
#include "models/matrix_engine/analytic.h"
#include "sim/engine/step.h"
#include "sim/engine/summary.h"
#include "sim/engine/timeline.h"

namespace headroom {

namespace {

// A format at several times the rate is an array with as much longer dot products.
matrix_engine::ArrayParameters array_of(const ChipDescription& chip, Format format) {
  matrix_engine::ArrayParameters array;
  array.rows = chip.matrix.rows;
  array.columns = chip.matrix.columns;
  array.dot_length = static_cast<int>(chip.matrix.dot_length * chip.matrix.rate.at(format));
  array.format = format;
  array.double_buffered = chip.matrix.double_buffered;
  return array;
}

ArrayCycles cost_of(std::shared_ptr<matrix_engine::MatrixEngine> engine) {
  return [engine = std::move(engine)](const Product& product) { return engine->cycles(product); };
}

// The fidelity is legal, but this chip's array may not be among those that were built in it.
std::shared_ptr<matrix_engine::MatrixEngine> engine_of(
    const Experiment& experiment, const matrix_engine::ArrayParameters& array) {
  const Fidelity fidelity = experiment.fidelity.matrix_engine;
  try {
    return matrix_engine::make_matrix_engine(fidelity, array);
  } catch (const UnavailableFidelity& error) {
    throw InputError(
        experiment.matrix_engine_at, "fidelity.matrix_engine",
        "'" + std::string(to_string(fidelity)) + "' for " + experiment.chip.id,
        std::string("analytic or cycle: ") + error.what());
  }
}

}  // namespace

Outcome simulate(const Experiment& experiment) {
  check_memory(experiment);
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const matrix_engine::ArrayParameters array = array_of(experiment.chip, experiment.plan.format);
  const KernelMapper mapper(
      experiment.chip, experiment.plan.format,
      cost_of(std::make_shared<matrix_engine::AnalyticEngine>(array)),
      cost_of(engine_of(experiment, array)));
  const Step step("step", experiment, mapper);
  sc_core::sc_start();
  if (!step.finished()) throw std::runtime_error(step.stuck());
  return {summarise(experiment, step), make_timeline(step)};
}

}  // namespace headroom
