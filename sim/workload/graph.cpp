#include "sim/workload/graph.h"

#include <algorithm>

#include "sim/workload/precision.h"

namespace headroom {

namespace {

// Operations per element of the fused element-wise kernels, counted from their definitions
// (multiply-add = 1).
constexpr double norm_operations = 6;    // two moments, normalise, scale, residual add
constexpr double rotary_operations = 3;  // two multiply-adds and the pair swap
constexpr double gated_operations = 4;   // SiLU and product
constexpr double gelu_operations = 8;    // tanh form
constexpr double loss_operations = 4;    // max, subtract, sum, pick

double as_double(std::int64_t value) { return static_cast<double>(value); }

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

Operator exchange(const std::string& name, OperatorKind kind, std::int64_t tokens,
                  std::int64_t hidden) {
  Operator op;
  op.name = name;
  op.kind = kind;
  op.tokens = tokens;
  op.payload_bytes = as_double(tokens) * as_double(hidden) * activation_bytes;
  return op;
}

struct Sizes {
  std::int64_t tokens, shard_tokens, heads, kv_heads, ffn;
  double hidden;
};

Sizes sizes_of(const ModelDescription& model, const GraphShape& shape) {
  const std::int64_t tokens = shape.micro_batch * shape.sequence;
  return {
      tokens,
      shape.sequence_parallel ? (tokens + shape.tensor - 1) / shape.tensor : tokens,
      model.heads / shape.tensor,
      std::max<std::int64_t>(1, model.kv_heads / shape.tensor),
      model.ffn / shape.tensor,
      as_double(model.hidden)};
}

void add_exchange(std::vector<Operator>& ops, const GraphShape& shape, const std::string& name,
                  OperatorKind kind, std::int64_t tokens, std::int64_t hidden) {
  if (shape.tensor > 1) ops.push_back(exchange(name, kind, tokens, hidden));
}

// Residual add and norm on the sequence shard. The residual is kept; the normalised output, which
// the next linear layer needs for its weight gradient, is cheap to compute again.
Operator residual_norm(const std::string& name, const Sizes& size) {
  Operator op;
  op.name = name;
  op.tokens = size.shard_tokens;
  op.reads = 2 * size.hidden;   // residual and the branch to add to it
  op.writes = 2 * size.hidden;  // new residual and normalised output
  op.operations = norm_operations * size.hidden;
  op.exponentials = 1;
  op.kept_bytes = op.cheap_bytes = as_double(size.shard_tokens) * size.hidden * activation_bytes;
  return op;
}

}  // namespace

std::vector<Operator> layer_forward(const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const std::int64_t query = size.heads * model.head_dim,
                     key_value = 2 * size.kv_heads * model.head_dim;
  std::vector<Operator> ops;

  ops.push_back(residual_norm("attention norm", size));
  add_exchange(ops, shape, "attention gather", OperatorKind::gather, size.tokens, model.hidden);
  ops.push_back(linear("qkv projection", size.tokens, model.hidden, query + key_value));
  ops.back().kept_bytes = as_double(size.tokens) * as_double(query + key_value) * activation_bytes;
  if (model.positions == Positions::rotary) {
    Operator rotary;
    rotary.name = "rotary embedding";
    rotary.tokens = size.tokens;
    rotary.reads = rotary.writes = as_double(query + key_value / 2);
    rotary.operations = rotary_operations * rotary.reads;
    ops.push_back(rotary);
  }
  Operator attention;
  attention.name = "attention";
  attention.kind = OperatorKind::attention;
  attention.tokens = size.tokens;
  attention.batch = shape.micro_batch;
  attention.sequence = shape.sequence;
  attention.heads = size.heads;
  attention.kv_heads = size.kv_heads;
  attention.head_dim = model.head_dim;
  attention.kept_bytes = as_double(size.tokens) *
                         (as_double(query) * activation_bytes + as_double(size.heads) * 4);
  ops.push_back(attention);
  ops.push_back(linear("output projection", size.tokens, query, model.hidden));
  add_exchange(ops, shape, "attention scatter", OperatorKind::scatter, size.tokens, model.hidden);

  ops.push_back(residual_norm("feed-forward norm", size));
  add_exchange(ops, shape, "feed-forward gather", OperatorKind::gather, size.tokens, model.hidden);
  const std::int64_t wide = (model.gated ? 2 : 1) * size.ffn;
  ops.push_back(linear(
      model.gated ? "gate and up projection" : "up projection", size.tokens, model.hidden, wide));
  ops.back().kept_bytes = as_double(size.tokens) * as_double(wide) * activation_bytes;
  Operator activation;
  activation.name = "activation";
  activation.tokens = size.tokens;
  activation.reads = as_double(wide);
  activation.writes = as_double(size.ffn);
  activation.operations = (model.gated ? gated_operations : gelu_operations) * as_double(size.ffn);
  activation.exponentials = 2 * as_double(size.ffn);  // exponential and reciprocal
  activation.cheap_bytes = as_double(size.tokens) * activation.writes * activation_bytes;
  ops.push_back(activation);
  ops.push_back(linear("down projection", size.tokens, size.ffn, model.hidden));
  add_exchange(
      ops, shape, "feed-forward scatter", OperatorKind::scatter, size.tokens, model.hidden);
  return ops;
}

std::vector<Operator> embedding_forward(const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  Operator lookup;
  lookup.name = "embedding";
  lookup.tokens = size.tokens;
  lookup.reads = lookup.writes = size.hidden;
  lookup.operations = size.hidden;
  std::vector<Operator> ops{lookup};
  add_exchange(ops, shape, "embedding scatter", OperatorKind::scatter, size.tokens, model.hidden);
  return ops;
}

std::vector<Operator> head_forward(const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const std::int64_t vocabulary = (model.vocab + shape.tensor - 1) / shape.tensor;
  std::vector<Operator> ops;
  ops.push_back(residual_norm("final norm", size));
  add_exchange(ops, shape, "head gather", OperatorKind::gather, size.tokens, model.hidden);
  ops.push_back(linear("output head", size.tokens, model.hidden, vocabulary));
  ops.back().true_outputs = as_double(model.vocab) / as_double(shape.tensor);
  // Logits in two bytes and their fp32 softmax.
  ops.back().kept_bytes = as_double(size.tokens) * as_double(vocabulary) * (activation_bytes + 4);
  Operator loss;
  loss.name = "cross-entropy";
  loss.tokens = size.tokens;
  loss.reads = 2 * as_double(vocabulary);  // once for the maximum, once for the sum
  loss.operations = loss_operations * as_double(vocabulary);
  loss.exponentials = as_double(vocabulary);
  ops.push_back(loss);
  return ops;
}

double forward_model_flops(const Operator& op) {
  switch (op.kind) {
    case OperatorKind::linear:
      return 2.0 * as_double(op.tokens) * as_double(op.inputs) * op.true_outputs;
    case OperatorKind::attention:
      return 4.0 * as_double(op.batch) * as_double(op.heads) * as_double(op.head_dim) *
             as_double(op.sequence) * as_double(op.sequence + 1) / 2.0;
    case OperatorKind::elementwise:
    case OperatorKind::gather:
    case OperatorKind::scatter: return 0;
  }
  return 0;
}

double closed_form_model_flops(
    const ModelDescription& model, std::int64_t sequences, std::int64_t sequence) {
  const double query = as_double(model.heads * model.head_dim),
               key_value = as_double(model.kv_heads * model.head_dim);
  const double hidden = as_double(model.hidden), ffn = as_double(model.ffn);
  const double layer = hidden * (query + 2 * key_value) + query * hidden +
                       (model.gated ? 3 : 2) * hidden * ffn;
  const double linear = as_double(model.layers) * layer + hidden * as_double(model.vocab);
  const double tokens = as_double(sequences) * as_double(sequence);
  const double keys = as_double(sequence + 1) / 2;
  return 6 * linear * tokens + 12 * as_double(model.layers) * query * keys * tokens;
}

}  // namespace headroom
