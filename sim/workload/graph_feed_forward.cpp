// Feed-forward layers: dense, and experts with routing, the way of tokens to them and back, and
// shared experts.
#include <algorithm>
#include <cmath>

#include "sim/workload/graph_parts.h"

namespace headroom::graph {
namespace {

// Where a token's copies are worked on.
struct Routing {
  std::int64_t width;    // features that experts work on
  std::int64_t tokens;   // that this chip routes
  std::int64_t split;    // chips that share each expert's matrices
  std::int64_t local;    // experts on this chip
  double true_rows;      // copies that its experts work on, in the mean
  std::int64_t rows;     // of one expert on the chip that has most
  std::int64_t columns;  // of an expert on this chip
};

Routing routing_of(const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const Experts& experts = model.experts;
  Routing r{};
  r.width = experts.latent > 0 ? experts.latent : model.hidden;
  r.split = shape.expert_split();
  // One chip's experts are all there are to its tensor group: every rank routes all its tokens.
  // Else each dispatches its part of them, also where it has all.
  r.tokens = shape.expert == 1 && r.split > 1
                 ? size.tokens
                 : (size.tokens + shape.tensor - 1) / shape.tensor;
  r.local = std::max<std::int64_t>(1, experts.count / shape.expert);
  r.true_rows = as_double(size.tokens) * as_double(experts.per_token) * as_double(r.split) /
                as_double(shape.tensor);
  r.rows = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(
             std::ceil(r.true_rows * shape.expert_skew / as_double(r.local) - 1e-9)));
  r.columns = experts.ffn / r.split;
  return r;
}

Operator grouped(const std::string& name, const Routing& r, std::int64_t inputs,
                 std::int64_t outputs) {
  Operator op = linear(name, r.rows, inputs, outputs);
  op.kind = OperatorKind::grouped;
  op.groups = r.local;
  op.true_rows = r.true_rows;
  return op;
}

// All-to-all of every copy of this chip's tokens; the chip with the most popular experts takes part
// longest.
void add_dispatch(Operators& ops, const ModelDescription& model, const GraphShape& shape,
                  const Routing& r, const std::string& name) {
  if (shape.expert == 1) return;
  Operator op;
  op.name = name;
  op.kind = OperatorKind::dispatch;
  op.tokens = r.tokens;
  op.payload_bytes = as_double(r.tokens) * as_double(model.experts.per_token) * as_double(r.width) *
                     activation_bytes * shape.expert_skew;
  ops.push_back(op);
}

// Of the copies that came, from the order of their chips to that of the experts, and back.
void add_sort(Operators& ops, const GraphShape& shape, const Routing& r, const std::string& name) {
  if (shape.expert == 1 || r.local == 1) return;
  const double width = as_double(r.width);
  ops.push_back(elementwise(name, r.rows * r.local, 0, 0, 0));
  ops.back().fused = Fused::dispatch;
  ops.back().apart_forward = ops.back().apart_backward = {width, width, 1};
}

// Copies of tokens in the order of experts. Where each expert is split, the ranks of the tensor
// group exchange what they dispatched.
void add_way_to_experts(
    Operators& ops, const ModelDescription& model, const GraphShape& shape, const Routing& r) {
  const double width = as_double(r.width), copies = as_double(model.experts.per_token);
  const std::int64_t all_copies = r.tokens * model.experts.per_token * shape.tensor;
  if (shape.expert == 1 && r.split > 1)
    add_exchange(ops, shape, "expert gather", OperatorKind::gather, r.tokens, r.width);
  ops.push_back(elementwise("permute", r.tokens, width, copies * width, 0));
  ops.back().routes = true;
  add_dispatch(ops, model, shape, r, "dispatch");
  if (shape.expert > 1 && r.split > 1)
    add_exchange(ops, shape, "expert gather", OperatorKind::gather, all_copies, r.width);
  add_sort(ops, shape, r, "sort by expert");
}

void add_way_back(Operators& ops, const ModelDescription& model, const GraphShape& shape,
                  const Routing& r) {
  const double width = as_double(r.width), copies = as_double(model.experts.per_token);
  const std::int64_t all_copies = r.tokens * model.experts.per_token * shape.tensor;
  add_sort(ops, shape, r, "sort by chip");
  if (shape.expert > 1 && r.split > 1)
    add_exchange(ops, shape, "expert scatter", OperatorKind::scatter, all_copies, r.width);
  add_dispatch(ops, model, shape, r, "combine");
  if (shape.expert > 1) ops.back().returns = true;
  ops.push_back(elementwise("unpermute", r.tokens, copies * width, width, copies * width));
  if (shape.expert == 1 && r.split > 1)
    add_exchange(ops, shape, "expert scatter", OperatorKind::scatter, r.tokens, r.width);
}

// Where it is not one kernel, clamps of both halves and their concatenation come before it, and
// their gradients behind (github:NVIDIA/Megatron-LM megatron/core/fusions/fused_bias_geglu.py).
Operator expert_activation(const ModelDescription& model, std::int64_t rows, std::int64_t columns) {
  Operator op = activation("expert activation", model, rows, columns);
  op.parts = {LayerPart::expert_activation};
  if (!model.clamped) return op;
  const double width = as_double(columns);
  op.fused = Fused::expert_bias;
  op.copies_host = true;  // torch.tensor() of the gate's offset
  op.apart_forward = {6 * width, 5 * width, 4};
  op.apart_backward = {9 * width, 6 * width, 4};
  return op;
}

// Each copy adds its expert's bias by the weight of its choice, which is fp32. Part of the product,
// or apart (megatron/core/transformer/moe/experts.py, _apply_bias): bias by weight and sum for each
// expert, their concatenation and its conversion; backward conversions, and the gradients of bias
// and weight as a product and a sum each.
Operator expert_bias(const Routing& r) {
  const double width = as_double(r.width);
  const int local = static_cast<int>(r.local);
  Operator op = elementwise("expert bias", r.rows * r.local, 0, 0, 0);
  op.fused = Fused::expert_bias;
  op.apart_forward = {7 * width, 7 * width, 2 * local + 2};
  op.apart_backward = {11 * width, 7 * width, 5 * local + 1};
  return op;
}

void add_routed(Operators& ops, const ModelDescription& model, const GraphShape& shape) {
  const Routing r = routing_of(model, shape);
  const std::int64_t wide = (model.gated ? 2 : 1) * r.columns, rows = r.rows * r.local;
  add_way_to_experts(ops, model, shape, r);
  ops.push_back(grouped(
      model.gated ? "expert gate and up projection" : "expert up projection", r, r.width, wide));
  // Its input, which is nobody else's, and its output.
  ops.back().kept_bytes = as_double(rows) * as_double(r.width + wide) * activation_bytes;
  ops.push_back(expert_activation(model, rows, r.columns));
  ops.push_back(grouped("expert down projection", r, r.columns, r.width));
  if (model.mlp_bias) ops.push_back(expert_bias(r));
  add_way_back(ops, model, shape, r);
}

// A feed-forward layer of `width` on all tokens of the tensor group.
void add_products(Operators& ops, const ModelDescription& model, const Sizes& size,
                  std::int64_t width, const std::string& prefix) {
  const std::int64_t wide = (model.gated ? 2 : 1) * width;
  ops.push_back(linear(prefix + (model.gated ? "gate and up projection" : "up projection"),
                       size.tokens, model.hidden, wide));
  if (model.gated) ops.back().products = {width, width};
  ops.back().kept_bytes = as_double(size.tokens) * as_double(wide) * activation_bytes;
  ops.push_back(activation(prefix + "activation", model, size.tokens, width));
  ops.push_back(linear(prefix + "down projection", size.tokens, width, model.hidden));
}

void add_shared(Operators& ops, const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  if (model.experts.shared_ffn == 0) return;
  add_exchange(ops, shape, "shared gather", OperatorKind::gather, size.tokens, model.hidden);
  add_products(ops, model, size, model.experts.shared_ffn / shape.tensor, "shared ");
  add_exchange(ops, shape, "shared scatter", OperatorKind::scatter, size.tokens, model.hidden);
  // The sum of both; a gate of its own is a dot product per token.
  const double gate = model.experts.shared_gate ? 2 * size.hidden : 0;
  ops.push_back(elementwise(
      "expert sum", size.shard_tokens, 2 * size.hidden, size.hidden, size.hidden + gate));
}

}  // namespace

void add_dense(Operators& ops, const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const std::size_t first = ops.size();
  add_products(ops, model, size, size.ffn, "");
  mark(ops, first, LayerPart::feed_forward);
  ops[first + 1].parts.push_back(LayerPart::activation);
}

void add_experts(Operators& ops, const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const Experts& experts = model.experts;
  const std::size_t first = ops.size();
  // Each rank routes its shard of the sequence; the router is on every rank.
  const double scores = as_double(experts.count), shard = as_double(size.shard_tokens);
  ops.push_back(shard_linear("router", size, shape, model.hidden, experts.count));
  ops.back().stays_wide = true;
  ops.back().kept_bytes = shard * scores * 4;  // fp32
  // Softmax or sigmoid in fp32, and a pass over the scores for each choice.
  ops.push_back(elementwise(
      "routing", size.shard_tokens, 2 * scores, 0,
      (softmax_operations + as_double(experts.per_token)) * scores));
  ops.back().exponentials = scores;
  if (experts.latent > 0) {
    ops.push_back(
        shard_linear("expert latent projection", size, shape, model.hidden, experts.latent));
    ops.back().kept_bytes = shard * as_double(experts.latent) * activation_bytes;
  }
  add_routed(ops, model, shape);
  if (experts.latent > 0) {
    ops.push_back(
        shard_linear("expert output projection", size, shape, experts.latent, model.hidden));
    ops.back().kept_bytes = shard * as_double(experts.latent) * activation_bytes;
  }
  add_shared(ops, model, shape);
  mark(ops, first, LayerPart::experts);
}

}  // namespace headroom::graph
