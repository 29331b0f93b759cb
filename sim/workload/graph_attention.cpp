// Attention: grouped queries, windows, latents, cross-attention.
#include "sim/workload/graph_parts.h"

namespace headroom::graph {
namespace {

// It keeps its output and, if fused, two fp32 numbers less one per query and head; else the softmax
// and, behind dropout, a mask of a byte and what is left (Korthikanti et al. 2022, section 4.1).
Operator scores(const ModelDescription& model, const LayerKind& kind, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const bool narrow = model.latent.kv_rank > 0;
  Operator op;
  op.name = "attention";
  op.kind = OperatorKind::attention;
  op.tokens = size.tokens;
  op.batch = shape.micro_batch;
  op.sequence = shape.sequence;
  op.heads = size.heads;
  op.kv_heads = narrow ? size.heads : size.kv_heads;
  op.head_dim = model.head_dim;
  op.value_dim = narrow ? model.latent.value_dim : 0;
  op.window = kind.window;
  op.chunked = kind.chunked;
  op.causal = kind.causal;
  op.context = shape.context;
  if (shape.context > 1)
    op.pairs = keys_seen(shape.sequence, kind.window, kind.chunked, kind.causal) /
               as_double(shape.context);
  const std::int64_t output = size.heads * (narrow ? model.latent.value_dim : model.head_dim);
  op.kept_bytes = as_double(size.tokens) *
                  (as_double(output) * activation_bytes + as_double(size.heads) * 4);
  op.dropout = model.attention_dropout;
  op.parts = {LayerPart::attention};
  if (shape.keeps_scores)
    op.kept_bytes += as_double(size.tokens) * as_double(size.heads * shape.sequence) *
                     (model.attention_dropout ? 2 * activation_bytes + 1 : activation_bytes);
  return op;
}

// RMS norm over each head's query and key.
void add_query_key_norm(Operators& ops, const ModelDescription& model, const Sizes& size) {
  if (!model.query_key_norm) return;
  const double features = as_double((size.heads + size.kv_heads) * model.head_dim);
  ops.push_back(elementwise(
      "query and key norm", size.tokens, features, features, norm_operations * features));
  ops.back().exponentials = as_double(size.heads + size.kv_heads);
  ops.back().cheap_bytes = as_double(size.tokens) * features * activation_bytes;
}

void add_rotary(Operators& ops, std::int64_t tokens, double features) {
  ops.push_back(
      elementwise("rotary embedding", tokens, features, features, rotary_operations * features));
  // x cos + rotated(x) sin: negation of a half, concatenation, two products, sum; backward the
  // same, and both halves' gradients are padded and added.
  ops.back().apart_forward = {5.5 * features, 4.5 * features, 5};
  ops.back().apart_backward = {6 * features, 5.5 * features, 7};
  ops.back().parts = {LayerPart::alternate_products};
}

// Queries, keys and values from latents (DeepSeek-V2, section 2.1). The projections down work on
// the sequence shard, their weights being on every tensor rank; their narrow results are gathered
// and projected up by heads.
void add_latent_projections(
    Operators& ops, const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const Latent& latent = model.latent;
  const std::int64_t narrow = latent.q_rank + latent.kv_rank + latent.rope_dim;
  const std::int64_t query = size.heads * model.head_dim;
  const std::int64_t key_value = size.heads * (model.head_dim - latent.rope_dim + latent.value_dim);
  ops.push_back(shard_linear("latent projection", size, shape, model.hidden, narrow));
  ops.back().kept_bytes = as_double(size.shard_tokens) * as_double(narrow) * activation_bytes;
  const std::size_t first = ops.size();
  const double normed = as_double(latent.q_rank + latent.kv_rank);
  ops.push_back(
      elementwise("latent norm", size.shard_tokens, normed, normed, norm_operations * normed));
  ops.back().exponentials = 2;
  ops.back().cheap_bytes = as_double(size.shard_tokens) * normed * activation_bytes;
  if (latent.q_rank == 0) {
    add_exchange(ops, shape, "attention gather", OperatorKind::gather, size.tokens, model.hidden);
    ops.push_back(linear("query projection", size.tokens, model.hidden, query));
    ops.back().kept_bytes = as_double(size.tokens) * as_double(query) * activation_bytes;
  }
  add_exchange(ops, shape, "latent gather", OperatorKind::gather, size.tokens, narrow);
  if (latent.q_rank > 0) {
    ops.push_back(linear("query projection", size.tokens, latent.q_rank, query));
    ops.back().kept_bytes = as_double(size.tokens) * as_double(query) * activation_bytes;
  }
  ops.push_back(linear("key and value projection", size.tokens, latent.kv_rank, key_value));
  ops.back().kept_bytes = as_double(size.tokens) * as_double(key_value) * activation_bytes;
  add_rotary(ops, size.tokens, as_double((size.heads + 1) * latent.rope_dim));
  // The keys' part with positions is copied to every head.
  const double keys = as_double(size.heads * model.head_dim);
  ops.push_back(elementwise(
      "key assembly", size.tokens,
      as_double(size.heads * (model.head_dim - latent.rope_dim) + latent.rope_dim), keys, 0));
  ops.back().kept_bytes = as_double(size.tokens) * as_double(size.heads * latent.rope_dim) *
                          activation_bytes;
  mark(ops, first, LayerPart::latent_projection);
}

}  // namespace

void add_attention(Operators& ops, const ModelDescription& model, const LayerKind& kind,
                   const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const bool narrow = model.latent.kv_rank > 0;
  const std::int64_t query = size.heads * model.head_dim,
                     key_value = 2 * size.kv_heads * model.head_dim;
  if (narrow) {
    add_latent_projections(ops, model, shape);
  } else {
    ops.push_back(linear("qkv projection", size.tokens, model.hidden, query + key_value));
    ops.back().products = {query, key_value / 2, key_value / 2};
    ops.back().kept_bytes = as_double(size.tokens) * as_double(query + key_value) *
                            activation_bytes;
    add_query_key_norm(ops, model, size);
    if (model.positions == Positions::rotary)
      add_rotary(ops, size.tokens, as_double(query + key_value / 2));
  }
  ops.push_back(scores(model, kind, shape));
  const std::int64_t values = narrow ? size.heads * model.latent.value_dim : query;
  ops.push_back(linear("output projection", size.tokens, values, model.hidden));
}

// Queries from the decoder, keys and values from the encoder's output, as long as the decoder's.
void add_cross_attention(Operators& ops, const ModelDescription& model, const GraphShape& shape) {
  const Sizes size = sizes_of(model, shape);
  const std::int64_t query = size.heads * model.head_dim,
                     key_value = 2 * size.kv_heads * model.head_dim;
  LayerKind every_key;
  every_key.causal = false;
  ops.push_back(residual_norm("cross-attention norm", size));
  add_exchange(
      ops, shape, "cross-attention gather", OperatorKind::gather, size.tokens, model.hidden);
  ops.push_back(linear("cross query projection", size.tokens, model.hidden, query));
  ops.back().kept_bytes = as_double(size.tokens) * as_double(query) * activation_bytes;
  add_exchange(ops, shape, "encoder gather", OperatorKind::gather, size.tokens, model.hidden);
  ops.push_back(linear("cross key and value projection", size.tokens, model.hidden, key_value));
  ops.back().kept_bytes = as_double(size.tokens) * as_double(key_value) * activation_bytes;
  ops.push_back(scores(model, every_key, shape));
  ops.back().name = "cross-attention";
  ops.push_back(linear("cross output projection", size.tokens, query, model.hidden));
  add_exchange(
      ops, shape, "cross-attention scatter", OperatorKind::scatter, size.tokens, model.hidden);
}

}  // namespace headroom::graph
