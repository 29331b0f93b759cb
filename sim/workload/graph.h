// The forward pass of a model as a list of operators with the shapes that one chip works on. It is
// described once; sim/mapping derives backward, recomputation and gradients from it.
//
// Tensor parallelism splits heads and feed-forward columns over `tensor` chips (Shoeybi et al.
// 2019); between them norms and residuals are split along the sequence, so that an all-gather opens
// and a reduce-scatter closes each half of a layer (Korthikanti et al. 2022). Expert parallelism
// spreads the routed experts over `expert` chips, between which tokens travel to their experts and
// back (Lepikhin et al. 2020). Sizes are per micro-batch.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/workload/model.h"

namespace headroom {

enum class OperatorKind {
  linear,       // out[tokens, outputs] = in[tokens, inputs] * weight[inputs, outputs]
  grouped,      // the same with `groups` weights, each for `tokens` rows of its own (experts)
  attention,    // fused: scores, softmax, sum of values
  scan,         // Mamba-2's state-space scan in chunks
  elementwise,  // a chain of element-wise work over tokens, fused into one kernel
  gather,       // all-gather of the sequence shards over the tensor group
  scatter,      // reduce-scatter into sequence shards over the tensor group
  dispatch,     // all-to-all over the expert group: tokens to their experts, or back
};

// Element-wise work where each step of it is a kernel of its own: elements of two bytes that all of
// them read and write per token.
struct Apart {
  double reads = 0, writes = 0;
  int kernels = 0;  // 0: as one kernel does it
};

// Which of a stack's fusions (Fusion, sim/workload/stack.h) makes element-wise work one kernel, or
// part of the kernels around it.
enum class Fused { elementwise, loss, expert_bias, dispatch };

// Parts of a layer that plans name, to compute them again in the backward pass.
enum class LayerPart {
  norm,                // of the residual
  attention,           // scores, softmax, sum of values
  activation,          // between the products of a dense feed-forward layer
  feed_forward,        // all of a dense feed-forward layer
  latent_projection,   // queries, keys and values out of latents, with their positions
  experts,             // all of an expert layer, from its router to the sum
  expert_activation,   // between the products of routed experts
  alternate_products,  // every second product of the layer (mark_alternates), and positions
};
inline constexpr std::array<std::string_view, 8> layer_part_names{
    "norm",    "attention",         "activation",        "feed_forward", "latent_projection",
    "experts", "expert_activation", "alternate_products"};

[[nodiscard]] constexpr std::string_view to_string(LayerPart part) {
  return layer_part_names[static_cast<std::size_t>(part)];
}

struct Operator {
  std::string name;
  OperatorKind kind = OperatorKind::elementwise;
  std::int64_t tokens = 0;  // that this chip works on; grouped: rows of one group

  // linear, grouped
  std::int64_t inputs = 0, outputs = 0;
  bool stays_wide = false;  // in two-byte operands whatever format the linear layers have
  double true_outputs = 0;  // outputs without the padding of an uneven split (vocabulary)
  // Outputs of the products that a framework without fused weights has in its place; empty: one.
  std::vector<std::int64_t> products;
  std::int64_t alternate_outputs = 0;  // of those that are LayerPart::alternate_products
  // grouped: tokens times groups without rounding and skew
  std::int64_t groups = 1;
  double true_rows = 0;

  // attention
  std::int64_t batch = 0, sequence = 0, heads = 0, kv_heads = 0, head_dim = 0;
  std::int64_t value_dim = 0;  // of a head's values; 0: head_dim
  [[nodiscard]] std::int64_t value_width() const { return value_dim > 0 ? value_dim : head_dim; }
  std::int64_t window = 0;  // keys that a query sees at most; 0: all
  bool chunked = false;     // the window is a block that does not slide
  bool causal = true;
  bool dropout = false;  // of scores, where they are kept
  // `sequence` has the keys; queries of a sequence on this chip, 0: all. Under a causal mask or a
  // window they are spread so that each sees as many keys as the average.
  std::int64_t queries = 0;
  double pairs = 0;          // of a query and a key that it sees, per head and sequence; 0: all
  std::int64_t context = 1;  // chips that share the sequence: each has `tokens`
  // scan, beside batch, sequence, heads and head_dim: numbers of state per feature of a head,
  // groups of heads that share their inputs to it, tokens that are worked on as products
  std::int64_t state = 0, state_groups = 1, chunk = 0;

  // elementwise, per token; elements are two bytes
  double reads = 0, writes = 0, operations = 0, exponentials = 0;
  // The same in stacks that do not fuse it.
  Apart apart_forward, apart_backward;
  Fused fused = Fused::elementwise;
  bool routes = false;  // tokens to experts, whose numbers are known here

  bool returns = false;      // dispatch: from the experts
  bool copies_host = false;  // the host copies a number to the chip for it and waits for all before

  // gather, scatter: bytes of the whole (unsharded) tensor; dispatch: that this chip sends
  double payload_bytes = 0;

  std::vector<LayerPart> parts;  // that it belongs to
  [[nodiscard]] bool belongs_to(const std::vector<LayerPart>& any) const;

  // Bytes that backward needs and that no other operator counts: kept unless the layer is
  // recomputed as a whole.
  double kept_bytes = 0;
  // The same of results that are cheap to compute again; `selective` recomputation drops them and
  // reruns the operator.
  double cheap_bytes = 0;
};

struct GraphShape {
  std::int64_t micro_batch = 1, sequence = 0, tensor = 1;
  std::int64_t expert = 1;  // chips that share the routed experts
  // Chips that share each expert's matrices: 1 or `tensor`; 0: `tensor` where expert is 1, else 1.
  std::int64_t expert_tensor = 0;
  // Tokens of the chip whose experts get most, over the mean; at least 1. Model FLOPs are those of
  // the mean.
  double expert_skew = 1;
  bool sequence_parallel = true;  // else every rank has all tokens in norms and residuals
  bool keeps_scores = false;      // attention that is not fused keeps them for the backward pass
  // Chips that share each sequence: every operator has its part of the tokens. Divides `sequence`.
  std::int64_t context = 1;

  [[nodiscard]] std::int64_t expert_split() const {
    return expert_tensor > 0 ? expert_tensor : expert == 1 ? tensor : 1;
  }
};

[[nodiscard]] std::vector<Operator> layer_forward(
    const ModelDescription& model, const LayerKind& kind, const GraphShape& shape);
// A layer of the common kind.
[[nodiscard]] std::vector<Operator> layer_forward(
    const ModelDescription& model, const GraphShape& shape);
[[nodiscard]] std::vector<Operator> embedding_forward(
    const ModelDescription& model, const GraphShape& shape);
// Final norm, output head and cross-entropy loss, and the modules of multi-token prediction with a
// head each.
[[nodiscard]] std::vector<Operator> head_forward(
    const ModelDescription& model, const GraphShape& shape);

// Keys that the queries of a sequence see, summed: s (s + 1) / 2 under a causal mask, the window
// where there is one.
[[nodiscard]] double keys_seen(
    std::int64_t sequence, std::int64_t window, bool chunked, bool causal);

// Model FLOPs (forward only) of an operator on this chip: attention counts the keys that its mask
// lets a query see, the scan its recurrence (4 heads x head_dim x state per token, whatever the
// chunks), element-wise work and embedding look-ups count nothing.
[[nodiscard]] double forward_model_flops(const Operator& op);

// Model FLOPs of a whole training step on all chips (forward and backward) by the closed form, for
// cross-checks: 6 * (linear parameters that a token meets) * tokens + 3 * attention (PaLM appendix
// B with the mask counted) + 3 * scan.
[[nodiscard]] double closed_form_model_flops(
    const ModelDescription& model, std::int64_t sequences, std::int64_t sequence);

}  // namespace headroom
