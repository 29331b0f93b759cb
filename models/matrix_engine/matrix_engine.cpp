#include "models/matrix_engine/matrix_engine.h"

#include <stdexcept>
#include <string>

namespace headroom::matrix_engine {
namespace {

void at_least_one(std::int64_t value, const char* what) {
  if (value < 1)
    throw std::invalid_argument(
        "matrix_engine: " + std::string(what) + " must be at least 1; found " +
        std::to_string(value));
}

}  // namespace

void check(const ArrayParameters& parameters) {
  at_least_one(parameters.rows, "rows");
  at_least_one(parameters.columns, "columns");
  at_least_one(parameters.dot_length, "dot_length");
  at_least_one(parameters.accumulator_rows, "accumulator_rows");
}

void check(const Product& product) {
  at_least_one(product.m, "m");
  at_least_one(product.n, "n");
  at_least_one(product.k, "k");
}

void refuse_chained_folds(const ArrayParameters& parameters, const char* fidelity) {
  if (parameters.chain_folds && parameters.dataflow != Dataflow::output_stationary)
    throw UnavailableFidelity(
        "matrix_engine chains folds in", "golden, and everywhere with output_stationary",
        std::string(fidelity) + " with " + std::string(to_string(parameters.dataflow)));
}

}  // namespace headroom::matrix_engine
