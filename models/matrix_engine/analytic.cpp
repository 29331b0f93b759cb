#include "models/matrix_engine/analytic.h"

#include <algorithm>

#include "models/matrix_engine/folds.h"

namespace headroom::matrix_engine {

AnalyticEngine::AnalyticEngine(const ArrayParameters& parameters) : MatrixEngine(parameters) {
  check(parameters);
}

Cycles AnalyticEngine::cycles(const Product& product) {
  check(product);
  const ArrayParameters& array = parameters();
  const Folds folds(array, product);
  // From one fold's first activation beat to the next one's: the stream hides the weight load, or
  // waits for it.
  const auto interval = [&](std::int64_t m) {
    return array.double_buffered ? std::max<std::int64_t>(m, array.rows) : m + array.rows;
  };
  const std::int64_t full_rows = folds.block_rows(0);
  const std::int64_t last_rows = folds.block_rows(folds.blocks() - 1);
  const std::int64_t intervals = folds.tiles() * folds.folds_per_block() *
                                 ((folds.blocks() - 1) * interval(full_rows) + interval(last_rows));
  // The last fold is followed by its own beats instead of an interval; fill: its first weights,
  // then down and across.
  return static_cast<Cycles>(
      intervals - interval(last_rows) + last_rows + 2 * array.rows + array.columns);
}

}  // namespace headroom::matrix_engine
