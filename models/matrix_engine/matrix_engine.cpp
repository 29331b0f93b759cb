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

}  // namespace headroom::matrix_engine
