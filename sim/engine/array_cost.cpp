#include "sim/engine/array_cost.h"

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

}  // namespace

std::unique_ptr<matrix_engine::MatrixEngine> make_array(const Experiment& experiment) {
  return matrix_engine::make_matrix_engine(
      experiment.fidelity.matrix_engine, array_of(experiment.chip, experiment.plan.format));
}

ArrayCycles array_cycles(const Experiment& experiment, Fidelity fidelity) {
  const std::shared_ptr<matrix_engine::MatrixEngine> engine = matrix_engine::make_matrix_engine(
      fidelity, array_of(experiment.chip, experiment.plan.format));
  return [engine](const Product& product) { return engine->cycles(product); };
}

}  // namespace headroom
