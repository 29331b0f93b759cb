// Model FLOPs: of an operator, and of a step by the closed form.
#include <algorithm>

#include "sim/workload/graph.h"

namespace headroom {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

double attention_weights(const ModelDescription& model) {
  const double hidden = as_double(model.hidden), heads = as_double(model.heads),
               dim = as_double(model.head_dim);
  const Latent& latent = model.latent;
  if (latent.kv_rank == 0)
    return hidden * (heads * dim + 2 * as_double(model.kv_heads) * dim) + heads * dim * hidden;
  const double q_rank = as_double(latent.q_rank), kv_rank = as_double(latent.kv_rank),
               rope = as_double(latent.rope_dim), value = as_double(latent.value_dim);
  return (latent.q_rank > 0 ? hidden * q_rank + q_rank * heads * dim : hidden * heads * dim) +
         hidden * (kv_rank + rope) + kv_rank * heads * (dim - rope + value) +
         heads * value * hidden;
}

double mamba_weights(const ModelDescription& model) {
  const Mamba& mamba = model.mamba;
  const double inner = as_double(mamba.inner());
  return as_double(model.hidden) *
         (3 * inner + 2 * as_double(mamba.groups * mamba.state) + as_double(mamba.heads));
}

// Weights that multiply one token's vector in a layer.
double layer_weights(const ModelDescription& model, const LayerKind& kind) {
  const double hidden = as_double(model.hidden), matrices = model.gated ? 3 : 2;
  double sum = kind.mixer == Mixer::attention ? attention_weights(model)
               : kind.mixer == Mixer::mamba
                   ? mamba_weights(model)
                   : 0;
  if (kind.cross) sum += attention_weights(model);
  if (kind.feed_forward == FeedForward::dense) sum += matrices * hidden * as_double(model.ffn);
  if (kind.feed_forward != FeedForward::experts) return sum;
  const Experts& experts = model.experts;
  const double width = experts.latent > 0 ? as_double(experts.latent) : hidden;
  return sum + hidden * as_double(experts.count) +
         as_double(experts.per_token) * matrices * width * as_double(experts.ffn) +
         matrices * hidden * as_double(experts.shared_ffn) + 2 * hidden * as_double(experts.latent);
}

// Forward FLOPs per token that no weight takes part in.
double layer_mixing(const ModelDescription& model, const LayerKind& kind, std::int64_t sequence) {
  const auto attention = [&](double keys) {
    const std::int64_t value = model.latent.kv_rank > 0 ? model.latent.value_dim : model.head_dim;
    return 2 * as_double(model.heads * (model.head_dim + value)) * keys / as_double(sequence);
  };
  double sum = kind.cross ? attention(keys_seen(sequence, 0, false, false)) : 0;
  if (kind.mixer == Mixer::attention)
    sum += attention(keys_seen(sequence, kind.window, kind.chunked, kind.causal));
  if (kind.mixer == Mixer::mamba)
    sum += 4 * as_double(model.mamba.inner()) * as_double(model.mamba.state);
  return sum;
}

}  // namespace

double keys_seen(std::int64_t sequence, std::int64_t window, bool chunked, bool causal) {
  const double s = as_double(sequence), w = as_double(window);
  const bool all = window == 0 || window >= sequence;
  if (!causal) return s * (all ? s : w);
  if (all) return s * as_double(sequence + 1) / 2.0;
  if (!chunked) return w * (w + 1) / 2 + (s - w) * w;
  const double rest = as_double(sequence % window);
  return as_double(sequence / window) * w * (w + 1) / 2 + rest * (rest + 1) / 2;
}

double forward_model_flops(const Operator& op) {
  switch (op.kind) {
    case OperatorKind::linear:
      return 2.0 * as_double(op.tokens) * as_double(op.inputs) * op.true_outputs;
    case OperatorKind::grouped: return 2.0 * op.true_rows * as_double(op.inputs) * op.true_outputs;
    case OperatorKind::attention: {
      const std::int64_t value = op.value_width();
      return 2.0 * as_double(op.batch) * as_double(op.heads) * as_double(op.head_dim + value) *
             (op.pairs > 0 ? op.pairs : keys_seen(op.sequence, op.window, op.chunked, op.causal));
    }
    case OperatorKind::scan:
      return 4.0 * as_double(op.batch) * as_double(op.sequence) *
             as_double(op.heads * op.head_dim) * as_double(op.state);
    case OperatorKind::elementwise:
    case OperatorKind::gather:
    case OperatorKind::scatter:
    case OperatorKind::dispatch: return 0;
  }
  return 0;
}

double closed_form_model_flops(
    const ModelDescription& model, std::int64_t sequences, std::int64_t sequence) {
  const double hidden = as_double(model.hidden), tokens = as_double(sequences * sequence);
  const double head = hidden * as_double(model.vocab) +
                      (model.head_transform ? hidden * hidden : 0);
  double weights = head, mixing = 0;
  for (const LayerRun& run : model.runs()) {
    weights += as_double(run.count) * layer_weights(model, run.kind);
    mixing += as_double(run.count) * layer_mixing(model, run.kind, sequence);
  }
  const double modules = as_double(model.prediction_layers);
  weights += modules * (2 * hidden * hidden + head);
  for (const LayerKind& kind : model.prediction_kinds()) {
    weights += modules * layer_weights(model, kind);
    mixing += modules * layer_mixing(model, kind, sequence);
  }
  return 6 * weights * tokens + 3 * mixing * tokens;
}

}  // namespace headroom
