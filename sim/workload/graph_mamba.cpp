// Mamba-2 (Dao and Gu 2024, sections 6 and 7).
#include <algorithm>

#include "sim/workload/graph_parts.h"

namespace headroom::graph {

void add_mamba(Operators& ops, const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const Mamba& mamba = model.mamba;
  const std::int64_t heads = mamba.heads / shape.tensor, inner = heads * mamba.head_dim,
                     groups = std::max<std::int64_t>(1, mamba.groups / shape.tensor),
                     convolved = inner + 2 * groups * mamba.state;
  const double tokens = as_double(size.tokens), wide = as_double(convolved),
               narrow = as_double(inner);
  // Gate, input, B and C, and a time step per head.
  ops.push_back(
      linear("mamba input projection", size.tokens, model.hidden, inner + convolved + heads));
  ops.back().kept_bytes = tokens * as_double(inner + convolved + heads) * activation_bytes;
  // A short causal convolution of each channel, then SiLU.
  ops.push_back(elementwise(
      "convolution", size.tokens, wide, wide,
      (as_double(mamba.convolution) + gated_operations) * wide));
  ops.back().exponentials = 2 * wide;
  ops.back().cheap_bytes = tokens * wide * activation_bytes;

  Operator scan;
  scan.name = "state-space scan";
  scan.kind = OperatorKind::scan;
  scan.tokens = size.tokens;
  scan.batch = shape.micro_batch;
  scan.sequence = shape.sequence;
  scan.heads = heads;
  scan.head_dim = mamba.head_dim;
  scan.state = mamba.state;
  scan.state_groups = groups;
  scan.chunk = std::min(mamba.chunk, shape.sequence);
  scan.kept_bytes = tokens * narrow * activation_bytes;
  ops.push_back(scan);

  ops.push_back(elementwise(
      "gated norm", size.tokens, 2 * narrow, narrow,
      (norm_operations + gated_operations) * narrow));
  ops.back().exponentials = 2 * narrow;
  ops.back().cheap_bytes = tokens * narrow * activation_bytes;
  ops.push_back(linear("mamba output projection", size.tokens, inner, model.hidden));
}

}  // namespace headroom::graph
