#include "models/matrix_engine/analytic.h"

#include "models/matrix_engine/fold_time.h"
#include "models/matrix_engine/folds.h"

namespace headroom::matrix_engine {

AnalyticEngine::AnalyticEngine(const ArrayParameters& parameters) : MatrixEngine(parameters) {
  check(parameters);
  refuse_chained_folds(parameters, "analytic");
}

Cycles AnalyticEngine::cycles(const Product& product) {
  check(product);
  const ArrayParameters& array = parameters();
  const Folds folds(array, product);
  const std::int64_t full = folds.stream_beats(0);
  const std::int64_t last = folds.stream_beats(folds.blocks() - 1);
  const std::int64_t
      intervals = folds.tiles() * folds.folds_per_block() *
                  ((folds.blocks() - 1) * interval(array, full) + interval(array, last));
  // The last fold is followed by what is its own instead of an interval; the first one's load is in
  // front of all.
  return static_cast<Cycles>(intervals - interval(array, last) + fold_time(array, last).alone());
}

}  // namespace headroom::matrix_engine
