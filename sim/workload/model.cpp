#include "sim/workload/model.h"

#include <algorithm>

namespace headroom {
namespace {

// Scale, and for layer norm also shift.
std::int64_t norm_parameters(const ModelDescription& model) {
  return model.norm == Norm::layer && model.norm_bias ? 2 * model.hidden : model.hidden;
}

std::int64_t projection_parameters(const ModelDescription& model) {
  return model.embedding_width == model.hidden ? 0 : model.embedding_width * model.hidden;
}

std::int64_t latent_attention_parameters(const ModelDescription& model) {
  const Latent& latent = model.latent;
  const std::int64_t query = model.heads * model.head_dim;
  const std::int64_t key_value = model.heads *
                                 (model.head_dim - latent.rope_dim + latent.value_dim);
  const std::int64_t
      queries = latent.q_rank > 0
                    ? model.hidden * latent.q_rank + latent.q_rank + latent.q_rank * query
                    : model.hidden * query;
  return queries + model.hidden * (latent.kv_rank + latent.rope_dim) + latent.kv_rank +
         latent.kv_rank * key_value + model.heads * latent.value_dim * model.hidden;
}

std::int64_t attention_parameters(const ModelDescription& model) {
  if (model.latent.kv_rank > 0) return latent_attention_parameters(model);
  const std::int64_t query = model.heads * model.head_dim;
  const std::int64_t key_value = 2 * model.kv_heads * model.head_dim;
  std::int64_t sum = model.hidden * (query + key_value) + query * model.hidden;
  if (model.attention_bias || model.qkv_bias) sum += query + key_value;
  if (model.attention_bias && model.output_bias) sum += model.hidden;
  if (model.query_key_norm) sum += 2 * model.head_dim;
  if (model.sinks) sum += model.heads;
  return sum;
}

std::int64_t mamba_parameters(const ModelDescription& model) {
  const Mamba& mamba = model.mamba;
  const std::int64_t convolved = mamba.inner() + 2 * mamba.groups * mamba.state;
  return model.hidden * (mamba.inner() + convolved + mamba.heads) +
         convolved * (mamba.convolution + (mamba.convolution_bias ? 1 : 0)) +
         3 * mamba.heads +  // A, D and the bias of the time step
         mamba.inner() +    // gated norm
         mamba.inner() * model.hidden;
}

// A feed-forward layer of `width` on vectors of `outer` features.
std::int64_t mlp_parameters(const ModelDescription& model, std::int64_t outer, std::int64_t width) {
  // What goes into the activation: gate and up side by side where there is a gate.
  const std::int64_t inner = (model.gated ? 2 : 1) * width;
  return outer * inner + width * outer + (model.mlp_bias ? inner + outer : 0);
}

std::int64_t one_expert(const ModelDescription& model) {
  const Experts& experts = model.experts;
  return mlp_parameters(model, experts.latent > 0 ? experts.latent : model.hidden, experts.ffn);
}

std::int64_t feed_forward_parameters(const ModelDescription& model, FeedForward kind) {
  if (kind == FeedForward::none) return 0;
  if (kind == FeedForward::dense) return mlp_parameters(model, model.hidden, model.ffn);
  const Experts& experts = model.experts;
  std::int64_t sum = model.hidden * experts.count + experts.count * one_expert(model);
  if (experts.router_bias) sum += experts.count;
  if (experts.shared_ffn > 0) sum += mlp_parameters(model, model.hidden, experts.shared_ffn);
  if (experts.shared_gate) sum += model.hidden;
  return sum + 2 * model.hidden * experts.latent;
}

std::int64_t layer_norms(const ModelDescription& model, const LayerKind& kind) {
  const bool mixes = kind.mixer != Mixer::none, feeds = kind.feed_forward != FeedForward::none;
  if (model.parallel && mixes && feeds) return model.parallel_norms;
  return ((mixes ? 1 : 0) + (feeds ? 1 : 0)) * (model.post_norm ? 2 : 1) + (kind.cross ? 1 : 0);
}

}  // namespace

std::vector<LayerRun> runs_of(const std::vector<LayerKind>& layers) {
  std::vector<LayerRun> runs;
  for (const LayerKind& kind : layers) {
    if (!runs.empty() && runs.back().kind == kind)
      ++runs.back().count;
    else
      runs.push_back({kind, 1});
  }
  return runs;
}

std::vector<LayerRun> ModelDescription::runs() const {
  if (!pattern.empty()) return pattern;
  LayerKind kind;
  if (experts.count > 0) kind.feed_forward = FeedForward::experts;
  return {{kind, layers}};
}

std::vector<LayerKind> ModelDescription::kinds() const {
  std::vector<LayerKind> result;
  for (const LayerRun& run : runs())
    if (std::find(result.begin(), result.end(), run.kind) == result.end())
      result.push_back(run.kind);
  return result;
}

LayerKind ModelDescription::common_kind() const {
  LayerKind common;
  std::int64_t most = -1;
  for (const LayerKind& kind : kinds()) {
    std::int64_t count = 0;
    for (const LayerRun& run : runs()) count += run.kind == kind ? run.count : 0;
    if (count > most) common = kind, most = count;
  }
  return common;
}

LayerKind ModelDescription::kind_of(std::int64_t index) const {
  const std::vector<LayerRun> all = runs();
  for (const LayerRun& run : all) {
    if (index < run.count) return run.kind;
    index -= run.count;
  }
  return all.back().kind;
}

std::int64_t ModelDescription::layer_parameters(const LayerKind& kind) const {
  std::int64_t sum = feed_forward_parameters(*this, kind.feed_forward) +
                     layer_norms(*this, kind) * norm_parameters(*this);
  if (kind.mixer == Mixer::attention) sum += attention_parameters(*this);
  if (kind.mixer == Mixer::mamba) sum += mamba_parameters(*this);
  if (kind.cross) sum += attention_parameters(*this);
  return sum;
}

std::int64_t ModelDescription::expert_parameters(const LayerKind& kind) const {
  return kind.feed_forward == FeedForward::experts ? experts.count * one_expert(*this) : 0;
}

std::int64_t ModelDescription::embedding_parameters() const {
  return vocab * embedding_width + position_rows * hidden + projection_parameters(*this) +
         (embedding_norm ? norm_parameters(*this) : 0);
}

std::int64_t ModelDescription::head_parameters() const {
  return (final_norm ? norm_parameters(*this) : 0) + projection_parameters(*this) +
         (tied_embedding ? 0 : vocab * embedding_width) + (head_bias ? vocab : 0) +
         (head_transform ? hidden * (hidden + 1) : 0);
}

std::vector<LayerKind> ModelDescription::prediction_kinds() const {
  if (prediction_layers == 0 || !prediction_pattern.empty()) return prediction_pattern;
  return {kind_of(layers - 1)};
}

std::int64_t ModelDescription::prediction_parameters() const {
  // Two norms, the projection of both vectors to one, layers, a final norm.
  std::int64_t module = 2 * hidden * hidden + 3 * norm_parameters(*this);
  for (const LayerKind& kind : prediction_kinds()) module += layer_parameters(kind);
  return prediction_sets() * module;
}

std::int64_t ModelDescription::parameters() const {
  std::int64_t sum = embedding_parameters() + head_parameters() + other_parameters;
  for (const LayerRun& run : runs()) sum += run.count * layer_parameters(run.kind);
  return sum;
}

std::int64_t ModelDescription::active_parameters() const {
  std::int64_t sum = parameters();
  for (const LayerRun& run : runs())
    if (run.kind.feed_forward == FeedForward::experts)
      sum -= run.count * (experts.count - experts.per_token) * one_expert(*this);
  return sum;
}

}  // namespace headroom
