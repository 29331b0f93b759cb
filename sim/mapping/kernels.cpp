#include "sim/mapping/kernels.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/hbm/bandwidth.h"
#include "models/vector_unit/vector_unit.h"
#include "sim/mapping/attention_blocks.h"
#include "sim/mapping/counting.h"
#include "sim/mapping/product_kernel.h"
#include "sim/mapping/scan_kernel.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

// Steps of an element-wise kernel: reads, arithmetic and writes overlap but for the first and the
// last of them.
constexpr std::int64_t stream_steps = 12;
// Casts to a narrow format, per element: magnitude and maximum, product with the scale and
// conversion for each of the two copies. Fine scales (per block) come out of the elements at hand;
// a scale of the whole tensor takes a pass of its own over it (current scaling, and the second
// level of NVFP4).
constexpr double cast_operations = 6, cast_copies = 2;

}  // namespace

KernelMapper::KernelMapper(
    const ChipDescription& chip, Format format, ArrayCycles search, ArrayCycles array,
    const AttentionKernel& attention, const Fusion& fusion)
    : chip_(chip),
      format_(format),
      search_(std::move(search)),
      array_(std::move(array)),
      attention_(attention),
      fusion_(fusion) {}

KernelMapper::KernelMapper(const ChipDescription& chip, const Engines& wide, const Engines& narrow,
                           const AttentionKernel& attention, const Fusion& fusion)
    : chip_(chip),
      format_(narrow.format),
      search_(wide.search),
      array_(wide.array),
      attention_(attention),
      fusion_(fusion),
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

std::vector<Kernel> KernelMapper::scan(const Operator& op, Direction direction) const {
  const double peak = chip_.peak(format_);
  if (!fusion_.scan) return scan_kernels(chip_, array_, op, direction, peak, fusion_.scan_share);
  return {scan_kernel(chip_, array_, op, direction, peak)};
}

bool KernelMapper::fuses(const Operator& op) const {
  switch (op.fused) {
    case Fused::loss: return fusion_.loss;
    case Fused::expert_bias: return fusion_.expert_bias;
    case Fused::dispatch: return fusion_.dispatch;
    case Fused::elementwise: break;
  }
  return fusion_.elementwise;
}

std::vector<Kernel> KernelMapper::elementwise(const Operator& op, Direction direction) const {
  const double tokens = as_double(op.tokens);
  // Backward reads what forward read and the gradient of what it wrote, and writes the gradient of
  // what it read, at twice the arithmetic.
  const double backward_writes = op.reads;
  const bool forward = direction == Direction::forward;
  Apart work{forward ? op.reads : op.reads + op.writes, forward ? op.writes : backward_writes, 1};
  const Apart& apart = forward ? op.apart_forward : op.apart_backward;
  if (apart.kernels > 0 && !fuses(op)) work = apart;
  if (work.reads + work.writes <= 0) return {};  // part of other kernels
  const double each = tokens / work.kernels;
  const Kernel kernel = stream(
      op.name, Bytes(each * work.reads * activation_bytes),
      Bytes(each * work.writes * activation_bytes),
      {each * op.operations * (forward ? 1 : 2), each * op.exponentials});
  return std::vector<Kernel>(static_cast<std::size_t>(work.kernels), kernel);
}

Kernel KernelMapper::move(const std::string& name, double bytes) const {
  return stream(name, Bytes(bytes), Bytes(bytes), {});
}

Kernel KernelMapper::cast(const std::string& name, double elements) const {
  const bool whole_tensor = traits(narrow_.format).block <= 1 || narrow_.format == Format::nvfp4;
  const double reads = activation_bytes * (whole_tensor ? 2 : 1);
  return stream(
      name + " cast", Bytes(elements * reads),
      Bytes(elements * cast_copies * operand_bytes(narrow_.format)),
      {elements * cast_operations, 0});
}

Kernel KernelMapper::update(
    Optimizer optimizer, OptimizerState state, double parameters, double gradient_passes) const {
  const UpdateCost cost = update_cost(optimizer, state);
  const double kept = cost.state_bytes + cost.extra_bytes;
  Kernel kernel = stream(
      std::string(to_string(optimizer)),
      Bytes(parameters * ((1 + gradient_passes) * gradient_bytes + kept)),
      Bytes(parameters * (kept + weight_bytes)),
      {parameters * cost.operations, parameters * cost.transcendentals}, 1);
  kernel.purpose = Purpose::optimizer;
  return kernel;
}

Kernel KernelMapper::stream(const std::string& name, Bytes read, Bytes written,
                            const VectorWork& work, double share) const {
  Kernel kernel;
  kernel.name = name;
  kernel.operations = work.operations + work.exponentials;
  Tile total{read, written, 0, vector_cycles(chip_.vector, chip_.cores, work)};
  // What else it waits for holds the vector units.
  if (share < 1) {
    const double cycles = least_time(chip_.hbm, read, written) * chip_.clock.sustained_matmul /
                          share;
    total.vector_cycles = std::max(total.vector_cycles, static_cast<Cycles>(std::llround(cycles)));
  }
  constexpr std::int64_t steps = stream_steps;
  constexpr auto count = static_cast<Cycles>(steps);
  kernel.tiles.push_back(
      {{total.load / as_double(steps), total.store / as_double(steps), 0,
        (total.vector_cycles + count - 1) / count},
       static_cast<int>(steps)});
  return kernel;
}

}  // namespace headroom
