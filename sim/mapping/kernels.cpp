#include "sim/mapping/kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/vector_unit/vector_unit.h"
#include "sim/mapping/attention_blocks.h"
#include "sim/mapping/counting.h"
#include "sim/mapping/product_kernel.h"
#include "sim/mapping/scan_kernel.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

// Steps that a kernel's tiles are merged into: enough that fill and drain show, few enough to be
// quick. Long contiguous transfers are one transaction.
constexpr std::int64_t most_steps = 24;
// Steps of an element-wise kernel: reads, arithmetic and writes overlap but for the first and the
// last of them.
constexpr std::int64_t stream_steps = 12;
// fp32 operations per attention score beside its exponential. Forward: scale-and-subtract, maximum,
// sum, conversion; backward: scale-and-subtract, dP - D, product with P, scale, two conversions,
// sum.
constexpr double score_operations_forward = 4, score_operations_backward = 7;
// Products per block of scores: QK' and PV forward; QK' again, dO V', P'dO, dS K, dS'Q backward
// (Dao 2023, algorithm 2).
constexpr double products_forward = 2, products_backward = 5, model_products_backward = 4;
// Casts to a narrow format, per element: magnitude and maximum, product with the scale and
// conversion for each of the two copies. Fine scales (per block) come out of the elements at hand;
// a scale of the whole tensor takes a pass of its own over it (current scaling, and the second
// level of NVFP4).
constexpr double cast_operations = 6, cast_copies = 2;
constexpr std::int64_t largest_block = 512;
// Blocks of a narrow window are no smaller, so that arrays stay busy.
constexpr std::int64_t smallest_window_block = 128;

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

KernelMapper::KernelMapper(
    const ChipDescription& chip, Format format, ArrayCycles search, ArrayCycles array)
    : chip_(chip), format_(format), search_(std::move(search)), array_(std::move(array)) {}

KernelMapper::KernelMapper(const ChipDescription& chip, const Engines& wide, const Engines& narrow)
    : chip_(chip),
      format_(narrow.format),
      search_(wide.search),
      array_(wide.array),
      narrow_(narrow) {}

Kernel KernelMapper::product(
    const std::string& name, const Product& product, double model_flops, Width width) const {
  const ProductWork work(product, activation_bytes, activation_bytes);
  return products(name, work, model_flops >= 0 ? model_flops : work.flops(), width);
}

Kernel KernelMapper::products(
    const std::string& name, const ProductWork& two_bytes, double model_flops, Width width) const {
  ProductWork work = two_bytes;
  const bool narrow = width == Width::narrow && narrows();
  const ArrayCycles &search = narrow ? narrow_.search : search_,
                    &array = narrow ? narrow_.array : array_;
  if (narrow) work.operand_bytes = operand_bytes(narrow_.format);
  MappingRequest in_one_kernel;
  in_one_kernel.split_k = 1;
  const auto found = choose_mapping(chip_, work, search, in_one_kernel);
  // What no tile fits is an error that choose_tiling words.
  const Tiling chosen = found ? *found
                              : choose_tiling(chip_, {work.largest_m(), work.n, work.k}, search);
  // The same mapping at the fidelity that was asked for.
  const Tiling tiling = cost_mapping(
      chip_, work, array, {chosen.tile_m, chosen.tile_n, chosen.slice_k}, chosen.order,
      chosen.part_k);
  Kernel kernel = product_kernels(name, chip_, work, tiling).product;
  kernel.nameplate_flops = chip_.peak(format_);
  kernel.model_flops = model_flops;
  return kernel;
}

Kernel KernelMapper::scan(const Operator& op, Direction direction) const {
  return scan_kernel(chip_, array_, op, direction, chip_.peak(format_));
}

Kernel KernelMapper::attention(const Operator& op, Direction direction) const {
  const bool forward = direction == Direction::forward;
  const std::int64_t value_dim = op.value_dim > 0 ? op.value_dim : op.head_dim;
  // Square blocks of scores: a query block and two double-buffered key and value blocks fit the
  // scratchpad.
  std::int64_t block = largest_block;
  while (block > 16 &&
         as_double(5 * block * op.head_dim) * activation_bytes > chip_.scratchpad.capacity.si())
    block /= 2;
  block = std::min(block, op.sequence);
  if (op.window > 0) block = std::min(block, std::max(op.window, smallest_window_block));

  const AttentionBlocks blocks = attention_blocks(op, block);
  const double heads = as_double(op.batch * op.heads);
  // Rows of blocks go to cores longest first: bounded by the total and by the longest row.
  const double blocks_per_core = std::max(
      std::ceil(heads * blocks.per_head / chip_.cores), blocks.longest_row);

  // Consecutive blocks stream through the arrays: their cost is that of a long reduction, not of
  // one block in isolation.
  constexpr std::int64_t streak = 16;
  const double scores = static_cast<double>(
                            core_cycles(chip_, {block, block, op.head_dim * streak}, array_)) /
                        streak;
  const double values = static_cast<double>(
                            core_cycles(chip_, {block, value_dim, block * streak}, array_)) /
                        streak;
  const double product = (scores + values) / 2;
  const double products = forward ? products_forward : products_backward;
  const double elements = as_double(block * block);
  const VectorWork work{
      elements * (forward ? score_operations_forward : score_operations_backward), elements};
  const double vector = static_cast<double>(vector_cycles(chip_.vector, 1, work));

  const double tokens = as_double(op.tokens), dim = as_double(op.head_dim),
               both = dim + as_double(value_dim);
  const double query = tokens * as_double(op.heads) * dim * activation_bytes;
  const double output = tokens * as_double(op.heads) * as_double(value_dim) * activation_bytes;
  const double keys = tokens * as_double(op.kv_heads) * both * activation_bytes;
  const bool resident = as_double(op.sequence) * both * activation_bytes <=
                        reuse_capacity(chip_).si() / 2;
  const double key_passes = resident ? 1 : op.window == 0 ? blocks.rows : blocks.longest_row;

  Kernel kernel;
  kernel.name = op.name;
  kernel.vector_holds_matrix = true;
  kernel.nameplate_flops = chip_.peak(format_);
  kernel.model_flops = forward_model_flops(op) *
                       (forward ? 1 : model_products_backward / products_forward);
  if (!forward) kernel.recompute_flops = forward_model_flops(op) * (dim / both);  // QK' again

  Tile total;
  // Backward also reads the output and its gradient.
  total.load = Bytes(query + (forward ? 0 : 2 * output) + keys * key_passes);
  total.store = Bytes(forward ? output : query + keys);
  total.matrix_cycles = round_cycles(blocks_per_core * products * product);
  total.vector_cycles = round_cycles(blocks_per_core * vector);
  const std::int64_t steps = std::clamp<std::int64_t>(
      static_cast<std::int64_t>(blocks_per_core), 1, most_steps);
  add_steps(
      kernel, {total.load / (blocks_per_core + 1), Bytes(0), 0, 0},
      {total.load * (blocks_per_core / (blocks_per_core + 1)), total.store, total.matrix_cycles,
       total.vector_cycles},
      steps);
  return kernel;
}

Kernel KernelMapper::elementwise(const Operator& op, Direction direction) const {
  const double tokens = as_double(op.tokens);
  // Backward reads what forward read and the gradient of what it wrote, and writes the gradient of
  // what it read, at twice the arithmetic.
  const double backward_writes = op.reads;
  const bool forward = direction == Direction::forward;
  const double read = forward ? op.reads : op.reads + op.writes;
  const double written = forward ? op.writes : backward_writes;
  return stream(
      op.name, Bytes(tokens * read * activation_bytes), Bytes(tokens * written * activation_bytes),
      {tokens * op.operations * (forward ? 1 : 2), tokens * op.exponentials});
}

Kernel KernelMapper::cast(const std::string& name, double elements) const {
  const bool whole_tensor = traits(narrow_.format).block <= 1 || narrow_.format == Format::nvfp4;
  const double reads = activation_bytes * (whole_tensor ? 2 : 1);
  return stream(
      name + " cast", Bytes(elements * reads),
      Bytes(elements * cast_copies * operand_bytes(narrow_.format)),
      {elements * cast_operations, 0});
}

Kernel KernelMapper::adam(double parameters, double gradient_passes) const {
  Kernel kernel = stream(
      "adam", Bytes(parameters * ((1 + gradient_passes) * gradient_bytes + optimizer_bytes)),
      Bytes(parameters * (optimizer_bytes + weight_bytes)), {parameters * 12, parameters * 2});
  kernel.purpose = Purpose::optimizer;
  return kernel;
}

Kernel KernelMapper::stream(
    const std::string& name, Bytes read, Bytes written, const VectorWork& work) const {
  Kernel kernel;
  kernel.name = name;
  const Tile total{read, written, 0, vector_cycles(chip_.vector, chip_.cores, work)};
  constexpr std::int64_t steps = stream_steps;
  constexpr auto count = static_cast<Cycles>(steps);
  kernel.tiles.push_back(
      {{total.load / as_double(steps), total.store / as_double(steps), 0,
        (total.vector_cycles + count - 1) / count},
       static_cast<int>(steps)});
  return kernel;
}

}  // namespace headroom
