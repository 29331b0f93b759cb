// The forward pass of a transformer as a list of operators with the shapes that one chip of a
// tensor-parallel group works on. It is described once; sim/mapping derives backward, recomputation
// and gradients from it.
//
// Tensor parallelism splits heads and feed-forward columns over `tensor` chips (Shoeybi et al.
// 2019); between them norms and residuals are split along the sequence, so that an all-gather opens
// and a reduce-scatter closes each half of a layer (Korthikanti et al. 2022). Sizes are per
// micro-batch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/workload/model.h"

namespace headroom {

enum class OperatorKind {
  linear,       // out[tokens, outputs] = in[tokens, inputs] * weight[inputs, outputs]
  attention,    // fused causal self-attention
  elementwise,  // a chain of element-wise work over tokens, fused into one kernel
  gather,       // all-gather of the sequence shards over the tensor group
  scatter,      // reduce-scatter into sequence shards over the tensor group
};

struct Operator {
  std::string name;
  OperatorKind kind = OperatorKind::elementwise;
  std::int64_t tokens = 0;  // that this chip works on

  // linear
  std::int64_t inputs = 0, outputs = 0;
  double true_outputs = 0;  // outputs without the padding of an uneven split (vocabulary)

  // attention
  std::int64_t batch = 0, sequence = 0, heads = 0, kv_heads = 0, head_dim = 0;

  // elementwise, per token; elements are two bytes
  double reads = 0, writes = 0, operations = 0, exponentials = 0;

  // gather, scatter: bytes of the whole (unsharded) tensor
  double payload_bytes = 0;

  // Bytes that backward needs and that no other operator counts: kept unless the layer is
  // recomputed as a whole.
  double kept_bytes = 0;
  // The same of results that are cheap to compute again; `selective` recomputation drops them and
  // reruns the operator.
  double cheap_bytes = 0;
};

struct GraphShape {
  std::int64_t micro_batch = 1, sequence = 0, tensor = 1;
  bool sequence_parallel = true;  // else every rank has all tokens in norms and residuals
};

[[nodiscard]] std::vector<Operator> layer_forward(
    const ModelDescription& model, const GraphShape& shape);
[[nodiscard]] std::vector<Operator> embedding_forward(
    const ModelDescription& model, const GraphShape& shape);
// Final norm, output head and cross-entropy loss.
[[nodiscard]] std::vector<Operator> head_forward(
    const ModelDescription& model, const GraphShape& shape);

// Model FLOPs (forward only) of an operator on this chip: causal attention counts (s + 1) / 2 keys
// per query, element-wise work and embedding look-ups count nothing.
[[nodiscard]] double forward_model_flops(const Operator& op);

// Model FLOPs of a whole training step on all chips (forward and backward) by the closed form, for
// cross-checks: 6 * (linear parameters) * tokens + 3 * causal attention (PaLM appendix B with the
// causal mask counted).
[[nodiscard]] double closed_form_model_flops(
    const ModelDescription& model, std::int64_t sequences, std::int64_t sequence);

}  // namespace headroom
