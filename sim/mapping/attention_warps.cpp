#include "sim/mapping/attention_warps.h"

#include "sim/mapping/counting.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

// Elements that the warps of a tile read for a product of m x n results over k: each warp both
// operands of its part of the result.
double operands(const WarpTile& tile, std::int64_t m, std::int64_t n, std::int64_t k) {
  const int of_m = m >= n ? tile.many : tile.few, of_n = m >= n ? tile.few : tile.many;
  return as_double(k) * (as_double(m) * of_n + as_double(n) * of_m);
}

}  // namespace

WarpTile warp_tile(std::int64_t head_dim, bool forward) {
  constexpr std::int64_t small = 64, middle = 128;
  if (forward) return {128, head_dim <= small ? 128 : 64, head_dim <= middle ? 4 : 8, 1};
  if (head_dim <= small) return {128, 128, 4, 2};
  return {64, head_dim <= middle ? 128 : 64, 4, 2};
}

double warp_traffic(const WarpTile& tile, std::int64_t head_dim, bool forward) {
  const std::int64_t q = tile.queries, k = tile.keys, d = head_dim;
  // Scores read queries and keys; values are multiplied by probabilities that stay in registers.
  if (forward)
    return activation_bytes *
           (operands(tile, q, k, d) + as_double(k * d) * tile.many + 2 * as_double(k * d));
  // Scores and the gradient of probabilities; gradients of values and keys; that of queries.
  const double read = 2 * operands(tile, q, k, d) + 2 * operands(tile, k, d, q) +
                      operands(tile, q, d, k);
  const double written = 2 * as_double(q * k) + 2 * as_double(q * d);
  return activation_bytes * (read + written);
}

}  // namespace headroom
