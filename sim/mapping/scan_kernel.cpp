#include "sim/mapping/scan_kernel.h"

#include <cmath>

#include "models/vector_unit/vector_unit.h"
#include "sim/mapping/counting.h"
#include "sim/mapping/tile_cost.h"
#include "sim/workload/precision.h"

namespace headroom {
namespace {

constexpr std::int64_t steps = 12;  // that reads, products and writes overlap in
// Per element of the mask between the tokens of a chunk: decay by an exponential, product, sum.
constexpr double mask_operations = 3;
// Per number of state and chunk: decay and sum.
constexpr double state_operations = 2;
// Backward: two gradients of each product, and the products again.
constexpr double backward_products = 3;
// Of one chunk on its arrays, many follow: their cost is that of a long reduction.
constexpr std::int64_t streak = 16;

double product(const ChipDescription& chip, const ArrayCycles& array, std::int64_t m,
               std::int64_t n, std::int64_t k) {
  return static_cast<double>(core_cycles(chip, {m, n, k * streak}, array)) /
         static_cast<double>(streak);
}

}  // namespace

Kernel scan_kernel(const ChipDescription& chip, const ArrayCycles& array, const Operator& op,
                   Direction direction, double nameplate_flops) {
  const bool forward = direction == Direction::forward;
  const std::int64_t q = op.chunk, n = op.state, p = op.head_dim;
  const double chunks = as_double(op.batch) * std::ceil(as_double(op.sequence) / as_double(q));
  const double heads = as_double(op.heads), groups = as_double(op.state_groups);
  const double one_chunk = groups * product(chip, array, q, q, n) +
                           heads * (product(chip, array, q, p, q) + product(chip, array, n, p, q) +
                                    product(chip, array, q, p, n));
  const double repeats = forward ? 1 : backward_products;
  const VectorWork work{
      chunks * heads * (mask_operations * as_double(q * q) + state_operations * as_double(n * p)) *
          repeats,
      chunks * heads * as_double(q * q) * (forward ? 1 : 2)};
  const double tokens = as_double(op.tokens), output = heads * as_double(p);
  const double inputs = output + 2 * groups * as_double(n) + heads;

  Kernel kernel;
  kernel.name = op.name;
  kernel.vector_holds_matrix = true;
  kernel.nameplate_flops = nameplate_flops;
  kernel.model_flops = forward_model_flops(op) * (forward ? 1 : 2);
  if (!forward) kernel.recompute_flops = forward_model_flops(op);
  const double share = 1.0 / static_cast<double>(steps);
  const double read = tokens * (forward ? inputs : inputs + output) * activation_bytes;
  const double written = tokens * (forward ? output : inputs) * activation_bytes;
  const Tile tile{
      Bytes(read * share), Bytes(written * share),
      static_cast<Cycles>(std::llround(chunks * one_chunk * repeats / chip.cores * share)),
      static_cast<Cycles>(
          std::llround(static_cast<double>(vector_cycles(chip.vector, chip.cores, work)) * share))};
  kernel.tiles.push_back({tile, static_cast<int>(steps)});
  return kernel;
}

}  // namespace headroom
