// Kernels of attention: one that keeps the scores on the chip, or several that do not.
#include <algorithm>
#include <cmath>

#include "models/vector_unit/vector_unit.h"
#include "sim/mapping/attention_blocks.h"
#include "sim/mapping/attention_warps.h"
#include "sim/mapping/counting.h"
#include "sim/mapping/kernels.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

// Steps that a kernel's tiles are merged into: enough that fill and drain show, few enough to be
// quick. Long contiguous transfers are one transaction.
constexpr std::int64_t most_steps = 24;
// fp32 operations per attention score beside its exponential. Forward: scale-and-subtract, maximum,
// sum, conversion; backward: scale-and-subtract, dP - D, product with P, scale, two conversions,
// sum.
constexpr double score_operations_forward = 4, score_operations_backward = 7;
// Products per block of scores: QK' and PV forward; QK' again, dO V', P'dO, dS K, dS'Q backward
// (Dao 2023, algorithm 2).
constexpr double products_forward = 2, products_backward = 5, model_products_backward = 4;
constexpr std::int64_t largest_block = 512;
// Blocks of a narrow window are no smaller, so that arrays stay busy.
constexpr std::int64_t smallest_window_block = 128;

// Of an element of a query's gradient, in fp32: on its way to the chip-wide memory, which adds it.
constexpr double added_bytes = 4, sum_bytes = 4;
// Elements of two bytes that dropout reads and writes per score, either way, half a mask of a byte
// each.
constexpr double dropout_passes = 1.25;

std::int64_t queries_of(const Operator& op) { return op.queries > 0 ? op.queries : op.sequence; }

Cycles round_cycles(double cycles) { return static_cast<Cycles>(std::llround(cycles)); }

// Splits totals into a first step and equal ones after it. Cycle counts are spread so that their
// sum is exact.
void add_steps(Kernel& kernel, const Tile& first, const Tile& rest, std::int64_t steps) {
  kernel.tiles.push_back({first, 1});
  if (steps == 0) return;
  const auto count = static_cast<Cycles>(steps);
  // The first steps of each kind take one cycle more, so that there are up to three runs of equal
  // ones.
  const Cycles longer_matrix = rest.matrix_cycles % count,
               longer_vector = rest.vector_cycles % count;
  Cycles begin = 0;
  for (const Cycles end :
       {std::min(longer_matrix, longer_vector), std::max(longer_matrix, longer_vector), count}) {
    const Tile even{
        rest.load / as_double(steps), rest.store / as_double(steps),
        rest.matrix_cycles / count + (begin < longer_matrix ? 1 : 0),
        rest.vector_cycles / count + (begin < longer_vector ? 1 : 0)};
    if (end > begin) kernel.tiles.push_back({even, static_cast<int>(end - begin)});
    begin = end;
  }
}

}  // namespace

std::vector<Kernel> KernelMapper::attention(const Operator& op, Direction direction) const {
  if (!attention_.fused) return separate_attention(op, direction);
  std::vector<Kernel> kernels{fused_attention(op, direction)};
  if (direction == Direction::backward && attention_.adds_query_gradients) {
    const std::vector<Kernel> around = around_query_gradients(op);
    kernels.insert(kernels.begin(), around.front());
    kernels.push_back(around.back());
  }
  return kernels;
}

// Every block of scores, masked or not.
std::vector<Kernel> KernelMapper::separate_attention(
    const Operator& op, Direction direction) const {
  const std::int64_t s = op.sequence, q = queries_of(op), dim = op.head_dim,
                     value_dim = op.value_width();
  const double flops = forward_model_flops(op), both = as_double(dim + value_dim);
  const double of_scores = flops * as_double(dim) / both,
               of_values = flops * as_double(value_dim) / both;
  const auto of_heads = [&](const char* name, const Product& shape, double model_flops) {
    ProductWork work(shape, activation_bytes, activation_bytes);
    work.rows[0].count = op.batch * op.heads;
    return products(op.name + name, work, model_flops);
  };
  const double scores = as_double(op.batch * op.heads) * as_double(q) * as_double(s);
  const auto softmax = [&](double reads, double writes, double operations, double exponentials) {
    const double dropout = op.dropout ? dropout_passes : 0;
    return stream(
        op.name + " softmax", Bytes(scores * (reads + dropout) * activation_bytes),
        Bytes(scores * (writes + dropout) * activation_bytes),
        {scores * operations, scores * exponentials});
  };
  if (direction == Direction::forward)
    return {of_heads(" scores", {q, s, dim}, of_scores), softmax(1, 1, score_operations_forward, 1),
            of_heads(" values", {q, value_dim, s}, of_values)};
  return {
      of_heads(" values' gradient", {s, value_dim, q}, of_values),
      of_heads(" softmax' gradient", {q, s, value_dim}, of_values),
      // Reads its result and the gradient of it, writes that of the scores.
      softmax(2, 1, score_operations_backward, 0),
      of_heads(" queries' gradient", {q, dim, s}, of_scores),
      of_heads(" keys' gradient", {s, dim, q}, of_scores)};
}

// Cycles of a core for one block of scores, in all products of the kernel and beside them.
struct KernelMapper::BlockCost {
  std::int64_t queries = 0, keys = 0;
  double ideal = 0;   // of the products alone
  double matrix = 0;  // of the products as operands arrive
  double vector = 0;
  double operations = 0;  // of lanes, whether they take time of their own or not
};

// Square blocks: a query block and two double-buffered key and value blocks fit the scratchpad.
std::int64_t KernelMapper::square_block(const Operator& op) const {
  std::int64_t block = largest_block;
  while (block > 16 &&
         as_double(5 * block * op.head_dim) * activation_bytes > chip_.scratchpad.capacity.si())
    block /= 2;
  block = std::min(block, queries_of(op));
  if (op.window > 0) block = std::min(block, std::max(op.window, smallest_window_block));
  return block;
}

KernelMapper::BlockCost KernelMapper::block_cost(const Operator& op, Direction direction) const {
  const bool forward = direction == Direction::forward, warps = attention_.warp_instructions;
  BlockCost cost;
  const WarpTile tile = warp_tile(op.head_dim, forward);
  cost.queries = warps ? std::min(tile.queries, queries_of(op)) : square_block(op);
  cost.keys = warps ? std::min(tile.keys, op.sequence) : cost.queries;
  // Consecutive blocks stream through the arrays: their cost is that of a long reduction, not of
  // one block in isolation.
  constexpr std::int64_t streak = 16;
  const auto cycles = [&](const Product& product) {
    return static_cast<double>(core_cycles(chip_, product, array_)) / streak;
  };
  const double product = (cycles({cost.queries, cost.keys, op.head_dim * streak}) +
                          cycles({cost.queries, op.value_width(), cost.keys * streak})) /
                         2;
  cost.ideal = (forward ? products_forward : products_backward) * product;
  const double elements = as_double(cost.queries * cost.keys);
  cost.operations = elements *
                    ((forward ? score_operations_forward : score_operations_backward) + 1);
  const VectorWork work{
      elements * (forward ? score_operations_forward : score_operations_backward), elements};
  cost.vector = static_cast<double>(vector_cycles(chip_.vector, 1, work));
  const double share = forward ? attention_.forward_share : attention_.backward_share;
  if (share > 0) {
    cost.matrix = cost.ideal / (share * (warps ? chip_.matrix.warp_rate : 1));
    cost.vector = 0;
    return cost;
  }
  if (warps)
    cost.matrix = std::max(
        cost.ideal / chip_.matrix.warp_rate,
        warp_traffic(tile, op.head_dim, forward) / chip_.scratchpad.bytes_per_cycle);
  else
    cost.matrix = cost.ideal / chip_.matrix.operand_supply;
  // What is hidden takes no time of its own.
  if (attention_.softmax_overlaps && chip_.matrix.softmax_overlap < 1)
    cost.vector -= std::min(cost.vector * chip_.matrix.softmax_overlap, cost.matrix);
  return cost;
}

Kernel KernelMapper::fused_attention(const Operator& op, Direction direction) const {
  const bool forward = direction == Direction::forward;
  const BlockCost block = block_cost(op, direction);
  const AttentionBlocks blocks = attention_blocks(op, block.queries, block.keys);
  const double heads = as_double(op.batch * op.heads);
  // Rows of blocks go to cores longest first: bounded by the total and by the longest row.
  const double blocks_per_core = std::max(
      std::ceil(heads * blocks.per_head / chip_.cores), blocks.longest_row);

  const double tokens = as_double(op.tokens), dim = as_double(op.head_dim),
               both = dim + as_double(op.value_width());
  const double query = tokens * as_double(op.heads) * dim * activation_bytes;
  const double output = tokens * as_double(op.heads * op.value_width()) * activation_bytes;
  const double keys = as_double(op.batch * op.sequence) * as_double(op.kv_heads) * both *
                      activation_bytes;
  const bool resident = as_double(op.sequence) * both * activation_bytes <=
                        reuse_capacity(chip_).si() / 2;
  const double key_passes = resident ? 1 : op.window == 0 ? blocks.rows : blocks.longest_row;

  Kernel kernel;
  kernel.name = op.name;
  kernel.vector_holds_matrix = !attention_.softmax_overlaps || chip_.matrix.softmax_overlap < 1;
  kernel.on_chip_stall = 1 - block.ideal / block.matrix;
  kernel.operations = heads * blocks.per_head * block.operations;
  kernel.nameplate_flops = chip_.peak(format_);
  kernel.model_flops = forward_model_flops(op) *
                       (forward ? 1 : model_products_backward / products_forward);
  if (!forward) kernel.recompute_flops = forward_model_flops(op) * (dim / both);  // QK' again

  Tile total;
  // Backward also reads the output and its gradient.
  total.load = Bytes(query + (forward ? 0 : 2 * output) + keys * key_passes);
  total.store = Bytes(forward ? output : query + keys);
  total.matrix_cycles = round_cycles(blocks_per_core * block.matrix);
  total.vector_cycles = round_cycles(blocks_per_core * block.vector);
  if (!forward && attention_.adds_query_gradients && chip_.scratchpad.reduced_bytes_per_cycle > 0) {
    const double added = heads * blocks.per_head * as_double(block.queries) * dim * added_bytes;
    total.vector_cycles += round_cycles(added / chip_.scratchpad.reduced_bytes_per_cycle);
  }
  const std::int64_t steps = std::clamp<std::int64_t>(
      static_cast<std::int64_t>(blocks_per_core), 1, most_steps);
  add_steps(
      kernel, {total.load / (blocks_per_core + 1), Bytes(0), 0, 0},
      {total.load * (blocks_per_core / (blocks_per_core + 1)), total.store, total.matrix_cycles,
       total.vector_cycles},
      steps);
  return kernel;
}

// Around a backward kernel that adds the gradient of queries: dO . O and zeros before it, the sums
// to two bytes after it.
std::vector<Kernel> KernelMapper::around_query_gradients(const Operator& op) const {
  const double query = as_double(op.tokens) * as_double(op.heads * op.head_dim);
  const double output = as_double(op.tokens) * as_double(op.heads * op.value_width());
  return {stream(op.name + " sums", Bytes(2 * output * activation_bytes), Bytes(query * sum_bytes),
                 {2 * output, 0}),
          stream(op.name + " queries' gradient", Bytes(query * sum_bytes),
                 Bytes(query * activation_bytes), {query, 0})};
}

}  // namespace headroom
