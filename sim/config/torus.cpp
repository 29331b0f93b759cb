#include <algorithm>
#include <numeric>

#include "sim/config/cluster.h"

namespace headroom::config {
namespace {

// All shapes with ascending dimensions, appended to `shapes`; `shape` holds the dimensions chosen
// so far.
void split(std::int64_t chips, int dimensions, std::vector<std::int64_t>& shape,
           std::vector<std::vector<std::int64_t>>& shapes) {
  const std::int64_t least = shape.empty() ? 1 : shape.back();
  if (dimensions == 1) {
    if (chips < least) return;
    shapes.push_back(shape);
    shapes.back().push_back(chips);
    return;
  }
  for (std::int64_t side = least; side * side <= chips; ++side) {
    if (chips % side != 0) continue;
    shape.push_back(side);
    split(chips / side, dimensions - 1, shape, shapes);
    shape.pop_back();
  }
}

}  // namespace

std::vector<std::int64_t> near_cubic_shape(
    std::int64_t chips, int dimensions, std::vector<std::int64_t> max_shape) {
  std::sort(max_shape.begin(), max_shape.end());
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<std::int64_t> none;
  split(chips, dimensions, none, shapes);
  std::vector<std::int64_t> best;
  std::int64_t best_sum = 0;
  for (const auto& shape : shapes) {
    const bool fits = max_shape.empty() ||
                      std::equal(shape.begin(), shape.end(), max_shape.begin(), max_shape.end(),
                                 [](std::int64_t side, std::int64_t most) { return side <= most; });
    // Among boxes of one volume the one with the least sum of sides is nearest to a cube.
    const std::int64_t sum = std::accumulate(shape.begin(), shape.end(), std::int64_t{0});
    if (!fits || (!best.empty() && sum >= best_sum)) continue;
    best = shape;
    best_sum = sum;
  }
  return best;
}

}  // namespace headroom::config
