// The phases of one fold alone, in cycles, and how soon the next fold may follow. Every closed form
// of the engine's time is composed of these.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine {

struct FoldTime {
  std::int64_t load;    // beats of the stationary operand; output-stationary: none
  std::int64_t stream;  // beats that pass through
  std::int64_t skew;    // from the last of them until the far corner of the array has worked on it
  std::int64_t drain;   // from there until the last output beat has been delivered

  [[nodiscard]] constexpr std::int64_t alone() const { return load + stream + skew + drain; }
};

// `stream` beats as Folds::stream_beats() says.
[[nodiscard]] constexpr FoldTime fold_time(const ArrayParameters& array, std::int64_t stream) {
  const std::int64_t skew = std::int64_t{array.rows} + array.columns - 2;
  // The sum's own register and the accumulator's; output-stationary: R sums leave one by one.
  if (array.dataflow == Dataflow::output_stationary)
    return {0, stream, skew, std::int64_t{array.rows} + 1};
  return {array.rows, stream, skew, 2};
}

// From a fold's first stream beat to the next fold's; output-stationary: from its last to the next
// one's last. The R beats that load or drain hide behind the stream (double-buffered) or stand
// beside it.
[[nodiscard]] constexpr std::int64_t interval(const ArrayParameters& array, std::int64_t stream) {
  return array.double_buffered ? std::max<std::int64_t>(stream, array.rows) : stream + array.rows;
}

}  // namespace headroom::matrix_engine
