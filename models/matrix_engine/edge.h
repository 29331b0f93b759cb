// The neighbours of an array, as it sees them.
#pragma once

#include "models/base/edge.h"

namespace headroom::matrix_engine {

struct Edges {
  const Edge& weights;
  const Edge& activations;
  const Edge& output;
};

// No stalls.
[[nodiscard]] Edges open_edges();

}  // namespace headroom::matrix_engine
