#include "sim/mapping/scan_kernel.h"

#include <algorithm>
#include <cmath>

#include "models/hbm/bandwidth.h"
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
// Per number of an operand that is scaled by the decay of its token, head by head.
constexpr double decay_operations = 2;
// Backward of the fused kernel: two gradients of each product, and the products again.
constexpr double backward_products = 3;
// Of one chunk on its arrays, many follow: their cost is that of a long reduction.
constexpr std::int64_t streak = 16;

// What a kernel does on the whole chip.
struct Work {
  double read = 0, written = 0;  // bytes of HBM
  double matrix_cycles = 0;      // of one core that did all of it
  VectorWork vector;
};

// The scan of one operator: how often each thing is there, and what the products of a chunk cost.
class Scan {
 public:
  Scan(const ChipDescription& chip, const ArrayCycles& array, const Operator& op)
      : chip_(chip),
        array_(array),
        q(op.chunk),
        n(op.state),
        p(op.head_dim),
        chunks(as_double(op.batch) * std::ceil(as_double(op.sequence) / as_double(op.chunk))),
        heads(as_double(op.heads)),
        groups(as_double(op.state_groups)),
        tokens(as_double(op.tokens)) {}

  // Cycles of one core for an m x n x k product of every head (group) of every chunk.
  [[nodiscard]] double of_heads(std::int64_t rows, std::int64_t columns, std::int64_t depth) const {
    return chunks * heads * product(rows, columns, depth);
  }
  [[nodiscard]] double of_groups(
      std::int64_t rows, std::int64_t columns, std::int64_t depth) const {
    return chunks * groups * product(rows, columns, depth);
  }

  // At `share` of the rate that it could have: what else it waits for holds the vector units.
  [[nodiscard]] Kernel kernel(const std::string& name, const Work& work, double share = 1) const {
    Kernel kernel;
    kernel.name = name;
    kernel.vector_holds_matrix = work.matrix_cycles > 0;
    kernel.operations = work.vector.operations + work.vector.exponentials;
    const Bytes read(work.read), written(work.written);
    const double matrix = work.matrix_cycles / chip_.cores,
                 busy = static_cast<double>(vector_cycles(chip_.vector, chip_.cores, work.vector)),
                 moved = least_time(chip_.hbm, read, written) * chip_.clock.sustained_matmul;
    const double vector = share < 1 ? std::max(moved, matrix + busy) / share - matrix : busy;
    const auto of_step = [](double cycles) {
      return static_cast<Cycles>(std::llround(cycles / as_double(steps)));
    };
    kernel.tiles.push_back(
        {{read / as_double(steps), written / as_double(steps), of_step(matrix), of_step(vector)},
         static_cast<int>(steps)});
    return kernel;
  }

 private:
  [[nodiscard]] double product(std::int64_t rows, std::int64_t columns, std::int64_t depth) const {
    return static_cast<double>(core_cycles(chip_, {rows, columns, depth * streak}, array_)) /
           static_cast<double>(streak);
  }

  const ChipDescription& chip_;
  const ArrayCycles& array_;

 public:
  std::int64_t q, n, p;
  double chunks, heads, groups, tokens;
};

// The kernels of ssd_combined.py. Bytes are counted once a kernel: heads of a group share their
// inputs through the chip-wide memory.
class Separate {
 public:
  Separate(const Scan& scan, double share)
      : s_(scan),
        share_(share),
        features_(s_.tokens * s_.heads * as_double(s_.p)),
        inputs_(s_.tokens * s_.groups * as_double(s_.n)),
        times_(s_.tokens * s_.heads),
        states_(s_.chunks * s_.heads * as_double(s_.n * s_.p)),
        scores_(s_.chunks * s_.groups * as_double(s_.q * s_.q)),
        mask_(s_.chunks * s_.heads * as_double(s_.q * s_.q)) {}

  [[nodiscard]] std::vector<Kernel> forward() const {
    std::vector<Kernel> out = states(half);
    out.push_back(scores());
    // C with the state before the chunk, and its mask with X.
    out.push_back(kernel(
        "chunk scan",
        {single * scores_ + half * (features_ + inputs_ + states_) + 2 * single * times_,
         half * features_, s_.of_heads(s_.q, s_.p, s_.n) + s_.of_heads(s_.q, s_.p, s_.q), mask()}));
    return out;
  }

  [[nodiscard]] std::vector<Kernel> backward() const {
    std::vector<Kernel> out;
    const double convolved = half * (features_ + 2 * inputs_);
    out.push_back(kernel("convolution again", {convolved, convolved, 0, {}}));
    for (Kernel& again : states(single)) out.push_back(std::move(again));
    out.push_back(scores());
    const double decays = single * times_;
    out.push_back(kernel(
        "gradient of states",
        {half * (features_ + inputs_) + decays, single * states_, s_.of_heads(s_.p, s_.n, s_.q),
         scaled()}));
    out.push_back(kernel(
        "state passing gradient",
        {2 * single * states_, 2 * half * states_, 0, {2 * state_operations * states_, 0}}));
    // B with the gradient of the state, and the mask's transpose with the gradient of Y.
    out.push_back(kernel(
        "gradient of X",
        {half * (2 * features_ + inputs_ + states_) + single * scores_ + 2 * decays,
         half * features_ + decays, s_.of_heads(s_.q, s_.p, s_.n) + s_.of_heads(s_.q, s_.p, s_.q),
         mask()}));
    for (const char* name : {"gradient of B", "gradient of C"})
      out.push_back(kernel(
          name, {half * (features_ + inputs_ + states_) + 2 * decays, single * inputs_ + decays,
                 s_.of_heads(s_.q, s_.n, s_.p), scaled()}));
    out.push_back(kernel("gradient of C B'", {half * 2 * features_ + 2 * decays, single * scores_,
                                              s_.of_heads(s_.q, s_.q, s_.p), mask()}));
    for (const char* name : {"gradient of B from C B'", "gradient of C from C B'"})
      out.push_back(kernel(
          name, {single * (scores_ + inputs_) + half * inputs_,
                 half * inputs_,
                 s_.of_groups(s_.q, s_.n, s_.q),
                 {}}));
    for (const char* name : {"decays reversed", "decays summed", "decays reversed again"})
      out.push_back(kernel(name, {decays, decays, 0, {}}));
    out.push_back(kernel(
        "gradient of decays",
        {half * 2 * features_ + single * scores_ + 2 * decays, decays,
         s_.of_heads(s_.q, s_.q, s_.p), mask()}));
    for (const char* name : {"decays added", "decays added again"})
      out.push_back(kernel(name, {2 * decays, decays, 0, {}}));
    out.push_back(kernel("time steps gradient", {3 * decays, half * times_, 0, steps_of_time()}));
    return out;
  }

 private:
  static constexpr double half = activation_bytes, single = 4;  // bytes

  // Decays, the states that chunks add, and those before each chunk, `bytes` a number.
  [[nodiscard]] std::vector<Kernel> states(double bytes) const {
    return {
        kernel("time steps", {half * times_, 2 * single * times_, 0, steps_of_time()}),
        kernel("chunk state", {half * (features_ + inputs_) + 2 * single * times_, single * states_,
                               s_.of_heads(s_.p, s_.n, s_.q), scaled()}),
        kernel("state passing",
               {single * states_, bytes * states_, 0, {state_operations * states_, 0}}),
    };
  }
  [[nodiscard]] Kernel scores() const {
    return kernel(
        "C B'", {2 * half * inputs_, single * scores_, s_.of_groups(s_.q, s_.q, s_.n), {}});
  }
  [[nodiscard]] VectorWork mask() const { return {mask_operations * mask_, mask_}; }
  // B or C by the decays of its tokens, in each head.
  [[nodiscard]] VectorWork scaled() const {
    return {decay_operations * times_ * as_double(s_.n), times_};
  }
  // Softplus and running sum.
  [[nodiscard]] VectorWork steps_of_time() const { return {4 * times_, 2 * times_}; }
  [[nodiscard]] Kernel kernel(const std::string& name, const Work& work) const {
    return s_.kernel(name, work, share_);
  }

  const Scan& s_;
  double share_;
  double features_, inputs_, times_, states_, scores_, mask_;  // numbers of each
};

// Names of the parts after their operator. FLOPs of the mathematics go to the kernels with
// products, by their time.
void belong_to(std::vector<Kernel>& kernels, const Operator& op, bool forward,
               double nameplate_flops) {
  const auto matrix = [](const Kernel& kernel) {
    return static_cast<double>(kernel.tiles.front().tile.matrix_cycles);
  };
  double all = 0;
  for (const Kernel& kernel : kernels) all += matrix(kernel);
  for (Kernel& kernel : kernels) {
    if (kernel.name != op.name) kernel.name.insert(0, op.name + ", ");
    if (matrix(kernel) <= 0) continue;
    const double flops = forward_model_flops(op) * matrix(kernel) / all;
    kernel.nameplate_flops = nameplate_flops;
    kernel.model_flops = flops * (forward ? 1 : 2);
    if (!forward) kernel.recompute_flops = flops;
  }
}

}  // namespace

Kernel scan_kernel(const ChipDescription& chip, const ArrayCycles& array, const Operator& op,
                   Direction direction, double nameplate_flops) {
  const bool forward = direction == Direction::forward;
  const Scan s(chip, array, op);
  const double repeats = forward ? 1 : backward_products;
  const double output = s.heads * as_double(s.p);
  const double inputs = output + 2 * s.groups * as_double(s.n) + s.heads;
  const double of_chunks = s.chunks * s.heads, mask = as_double(s.q * s.q);
  std::vector<Kernel> one{s.kernel(
      op.name,
      {s.tokens * (forward ? inputs : inputs + output) * activation_bytes,
       s.tokens * (forward ? output : inputs) * activation_bytes,
       repeats * (s.of_groups(s.q, s.q, s.n) + s.of_heads(s.q, s.p, s.q) +
                  s.of_heads(s.n, s.p, s.q) + s.of_heads(s.q, s.p, s.n)),
       {of_chunks * (mask_operations * mask + state_operations * as_double(s.n * s.p)) * repeats,
        of_chunks * mask * (forward ? 1 : 2)}})};
  belong_to(one, op, forward, nameplate_flops);
  return one.front();
}

std::vector<Kernel> scan_kernels(
    const ChipDescription& chip, const ArrayCycles& array, const Operator& op, Direction direction,
    double nameplate_flops, double share) {
  const bool forward = direction == Direction::forward;
  const Scan scan(chip, array, op);
  const Separate separate(scan, share);
  std::vector<Kernel> kernels = forward ? separate.forward() : separate.backward();
  belong_to(kernels, op, forward, nameplate_flops);
  return kernels;
}

}  // namespace headroom
