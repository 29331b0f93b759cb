#include "sim/workload/graph.h"

#include <algorithm>

#include "sim/workload/graph_parts.h"

namespace headroom {

bool Operator::belongs_to(const std::vector<LayerPart>& any) const {
  return std::any_of(parts.begin(), parts.end(), [&any](LayerPart part) {
    return std::find(any.begin(), any.end(), part) != any.end();
  });
}

namespace graph {

void mark(Operators& ops, std::size_t first, LayerPart part) {
  for (std::size_t i = first; i < ops.size(); ++i) ops[i].parts.push_back(part);
}

void mark_alternates(Operators& ops) {
  std::size_t count = 0;
  for (Operator& op : ops) {
    if (op.kind != OperatorKind::linear) continue;
    const std::vector<std::int64_t> one{op.outputs};
    for (const std::int64_t outputs : op.products.empty() ? one : op.products)
      if (++count % 2 == 0) op.alternate_outputs += outputs;
    if (op.alternate_outputs > 0) op.parts.push_back(LayerPart::alternate_products);
  }
}

Operator linear(const std::string& name, std::int64_t tokens, std::int64_t inputs,
                std::int64_t outputs) {
  Operator op;
  op.name = name;
  op.kind = OperatorKind::linear;
  op.tokens = tokens;
  op.inputs = inputs;
  op.outputs = outputs;
  op.true_outputs = as_double(outputs);
  return op;
}

Operator shard_linear(const std::string& name, const Sizes& size, const GraphShape& shape,
                      std::int64_t inputs, std::int64_t outputs) {
  Operator op = linear(name, size.shard_tokens, inputs, outputs);
  if (!shape.sequence_parallel) op.true_outputs /= as_double(shape.tensor);
  return op;
}

Operator elementwise(const std::string& name, std::int64_t tokens, double reads, double writes,
                     double operations) {
  Operator op;
  op.name = name;
  op.tokens = tokens;
  op.reads = reads;
  op.writes = writes;
  op.operations = operations;
  return op;
}

Sizes sizes_of(const ModelDescription& model, const GraphShape& shape) {
  const std::int64_t tokens = shape.micro_batch * (shape.sequence / shape.context);
  return {
      tokens,
      shape.sequence_parallel ? (tokens + shape.tensor - 1) / shape.tensor : tokens,
      model.heads / shape.tensor,
      std::max<std::int64_t>(1, model.kv_heads / shape.tensor),
      model.ffn / shape.tensor,
      as_double(model.hidden)};
}

void add_exchange(Operators& ops, const GraphShape& shape, const std::string& name,
                  OperatorKind kind, std::int64_t tokens, std::int64_t width) {
  if (shape.tensor == 1) return;
  Operator op;
  op.name = name;
  op.kind = kind;
  op.tokens = tokens;
  op.payload_bytes = as_double(tokens) * as_double(width) * activation_bytes;
  ops.push_back(op);
}

Operator residual_norm(const std::string& name, const Sizes& size) {
  // Residual and the branch to add to it in, new residual and normalised output out.
  Operator op = elementwise(
      name, size.shard_tokens, 2 * size.hidden, 2 * size.hidden, norm_operations * size.hidden);
  op.exponentials = 1;
  // Add, norm; backward: of the input, of the weight, and the sum of both branches' gradients.
  op.apart_forward = {3 * size.hidden, 2 * size.hidden, 2};
  op.apart_backward = {6 * size.hidden, 2 * size.hidden, 3};
  op.kept_bytes = op.cheap_bytes = as_double(size.shard_tokens) * size.hidden * activation_bytes;
  op.parts = {LayerPart::norm};
  return op;
}

Operator activation(const std::string& name, const ModelDescription& model, std::int64_t tokens,
                    std::int64_t width) {
  Operator op = elementwise(
      name, tokens, as_double((model.gated ? 2 : 1) * width), as_double(width),
      (model.gated ? gated_operations : gelu_operations) * as_double(width));
  op.exponentials = 2 * as_double(width);  // exponential and reciprocal
  if (model.gated) {                       // SiLU, product; backward: of both factors, of SiLU
    op.apart_forward = {3 * as_double(width), 2 * as_double(width), 2};
    op.apart_backward = {6 * as_double(width), 3 * as_double(width), 3};
  }
  op.cheap_bytes = as_double(tokens) * op.writes * activation_bytes;
  return op;
}

void add_dropout(Operators& ops, const ModelDescription& model, const Sizes& size,
                 const std::string& name) {
  if (!model.dropout) return;
  // Reads and writes its features, and one byte of mask for each, which is kept.
  ops.push_back(elementwise(
      name, size.shard_tokens, size.hidden, 1.5 * size.hidden, dropout_operations * size.hidden));
  ops.back().kept_bytes = as_double(size.shard_tokens) * size.hidden;
}

}  // namespace graph

using namespace graph;

namespace {

// A norm on what a half of a layer gives, before it is added to the residual (Gemma 2).
void add_post_norm(Operators& ops, const ModelDescription& model, const Sizes& size,
                   const std::string& name) {
  if (!model.post_norm) return;
  ops.push_back(elementwise(
      name, size.shard_tokens, size.hidden, size.hidden, norm_operations * size.hidden));
  ops.back().exponentials = 1;
  ops.back().kept_bytes = as_double(size.shard_tokens) * size.hidden * activation_bytes;
}

// Attention and feed-forward of one input: one scatter closes both (Wang and Komatsuzaki 2021).
void add_parallel_layer(
    Operators& ops, const ModelDescription& model, const LayerKind& kind, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  ops.push_back(residual_norm("attention norm", size));
  add_exchange(ops, shape, "attention gather", OperatorKind::gather, size.tokens, model.hidden);
  add_attention(ops, model, kind, shape);
  if (model.parallel_norms > 1) {
    ops.push_back(residual_norm("feed-forward norm", size));
    add_exchange(
        ops, shape, "feed-forward gather", OperatorKind::gather, size.tokens, model.hidden);
  }
  add_dense(ops, model, shape);
  ops.push_back(elementwise("branch sum", size.tokens, 2 * size.hidden, size.hidden, size.hidden));
  add_exchange(ops, shape, "layer scatter", OperatorKind::scatter, size.tokens, model.hidden);
  add_dropout(ops, model, size, "layer dropout");
}

void add_mixer(Operators& ops, const ModelDescription& model, const LayerKind& kind,
               const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const bool attends = kind.mixer == Mixer::attention;
  const std::string name = attends ? "attention" : "mamba";
  ops.push_back(residual_norm(name + " norm", size));
  // Latents are gathered instead of the hidden vectors that they come from (add_attention).
  if (!attends || model.latent.kv_rank == 0)
    add_exchange(ops, shape, name + " gather", OperatorKind::gather, size.tokens, model.hidden);
  if (attends)
    add_attention(ops, model, kind, shape);
  else
    add_mamba(ops, model, shape);
  add_exchange(ops, shape, name + " scatter", OperatorKind::scatter, size.tokens, model.hidden);
  add_post_norm(ops, model, size, name + " post norm");
  add_dropout(ops, model, size, name + " dropout");
}

void add_feed_forward(Operators& ops, const ModelDescription& model, const LayerKind& kind,
                      const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  ops.push_back(residual_norm("feed-forward norm", size));
  if (kind.feed_forward == FeedForward::experts) {
    add_experts(ops, model, shape);
  } else {
    add_exchange(
        ops, shape, "feed-forward gather", OperatorKind::gather, size.tokens, model.hidden);
    add_dense(ops, model, shape);
    add_exchange(
        ops, shape, "feed-forward scatter", OperatorKind::scatter, size.tokens, model.hidden);
  }
  add_post_norm(ops, model, size, "feed-forward post norm");
  add_dropout(ops, model, size, "feed-forward dropout");
}

// Final norm, output head and loss.
void add_head(Operators& ops, const ModelDescription& model, const GraphShape& shape,
              const std::string& prefix) {
  const Sizes size = sizes_of(model, shape);
  const std::int64_t vocabulary = (model.vocab + shape.tensor - 1) / shape.tensor;
  if (model.head_transform) {
    ops.push_back(shard_linear(prefix + "head transform", size, shape, model.hidden, model.hidden));
    ops.back().stays_wide = true;
    ops.back().kept_bytes = as_double(size.shard_tokens) * size.hidden * activation_bytes;
  }
  ops.push_back(residual_norm(prefix + "final norm", size));
  add_exchange(ops, shape, prefix + "head gather", OperatorKind::gather, size.tokens, model.hidden);
  ops.push_back(linear(prefix + "output head", size.tokens, model.hidden, vocabulary));
  ops.back().stays_wide = true;
  ops.back().true_outputs = as_double(model.vocab) / as_double(shape.tensor);
  // Logits in two bytes and their fp32 softmax.
  ops.back().kept_bytes = as_double(size.tokens) * as_double(vocabulary) * (activation_bytes + 4);
  // Once for the maximum, once for the sum.
  ops.push_back(elementwise(
      prefix + "cross-entropy", size.tokens, 2 * as_double(vocabulary), 0,
      loss_operations * as_double(vocabulary)));
  ops.back().exponentials = as_double(vocabulary);
  // Conversion to fp32 (1 + 2), log-softmax in three passes (6 + 2); backward: zeros for the
  // gradient of the picked ones (2), its softmax in two passes (6 + 2), conversion (2 + 1).
  ops.back().fused = Fused::loss;
  ops.back().apart_forward = {7 * as_double(vocabulary), 4 * as_double(vocabulary), 2};
  ops.back().apart_backward = {8 * as_double(vocabulary), 5 * as_double(vocabulary), 3};
}

// DeepSeek-V3, section 2.2: two norms, a projection of the hidden vector and the next token's
// embedding to one, layers, the output head again. The projection works on the sequence shard; its
// weight is on every tensor rank.
void add_prediction(Operators& ops, const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  ops.push_back(elementwise(
      "prediction embedding", size.shard_tokens, size.hidden, size.hidden, size.hidden));
  ops.push_back(elementwise(
      "prediction norms", size.shard_tokens, 2 * size.hidden, 2 * size.hidden,
      2 * norm_operations * size.hidden));
  ops.back().exponentials = 2;
  ops.back().kept_bytes = 2 * as_double(size.shard_tokens) * size.hidden * activation_bytes;
  ops.push_back(shard_linear("prediction projection", size, shape, 2 * model.hidden, model.hidden));
  ops.back().stays_wide = true;
  ops.back().kept_bytes = 2 * as_double(size.shard_tokens) * size.hidden * activation_bytes;
  for (const LayerKind& kind : model.prediction_kinds())
    for (Operator op : layer_forward(model, kind, shape)) {
      op.name = "prediction " + op.name;
      op.stays_wide = op.stays_wide || model.prediction_wide;
      ops.push_back(op);
    }
  add_head(ops, model, shape, "prediction ");
}

}  // namespace

std::vector<Operator> layer_forward(
    const ModelDescription& model, const LayerKind& kind, const GraphShape& shape) {
  Operators ops;
  if (model.parallel && kind.mixer == Mixer::attention && kind.feed_forward == FeedForward::dense) {
    add_parallel_layer(ops, model, kind, shape);
  } else {
    if (kind.mixer != Mixer::none) add_mixer(ops, model, kind, shape);
    if (kind.cross) add_cross_attention(ops, model, shape);
    if (kind.feed_forward != FeedForward::none) add_feed_forward(ops, model, kind, shape);
  }
  mark_alternates(ops);
  return ops;
}

std::vector<Operator> layer_forward(const ModelDescription& model, const GraphShape& shape) {
  return layer_forward(model, model.common_kind(), shape);
}

std::vector<Operator> embedding_forward(const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  Operators ops{elementwise("embedding", size.tokens, size.hidden, size.hidden, size.hidden)};
  add_exchange(ops, shape, "embedding scatter", OperatorKind::scatter, size.tokens, model.hidden);
  if (model.embedding_norm) ops.push_back(residual_norm("embedding norm", size));
  add_dropout(ops, model, size, "embedding dropout");
  return ops;
}

std::vector<Operator> head_forward(const ModelDescription& model, const GraphShape& shape) {
  Operators ops;
  add_head(ops, model, shape, "");
  for (std::int64_t i = 0; i < model.prediction_layers; ++i) add_prediction(ops, model, shape);
  return ops;
}

}  // namespace headroom
