#include "sim/workload/model.h"

namespace headroom {
namespace {

// Scale, and for layer norm also shift.
std::int64_t norm_parameters(const ModelDescription& model) {
  return model.norm == Norm::layer ? 2 * model.hidden : model.hidden;
}

std::int64_t projection_parameters(const ModelDescription& model) {
  return model.embedding_width == model.hidden ? 0 : model.embedding_width * model.hidden;
}

std::int64_t attention_parameters(const ModelDescription& model) {
  const std::int64_t query = model.heads * model.head_dim;
  const std::int64_t key_value = 2 * model.kv_heads * model.head_dim;
  const std::int64_t weights = model.hidden * (query + key_value) + query * model.hidden;
  return weights + (model.attention_bias ? query + key_value + model.hidden : 0);
}

std::int64_t mlp_parameters(const ModelDescription& model) {
  // Width of what goes into the activation: gate and up side by side where there is a gate.
  const std::int64_t inner = (model.gated ? 2 : 1) * model.ffn;
  return model.hidden * inner + model.ffn * model.hidden +
         (model.mlp_bias ? inner + model.hidden : 0);
}

}  // namespace

std::int64_t ModelDescription::layer_parameters() const {
  return attention_parameters(*this) + mlp_parameters(*this) + 2 * norm_parameters(*this);
}

std::int64_t ModelDescription::embedding_parameters() const {
  return vocab * embedding_width + position_rows * hidden + projection_parameters(*this);
}

std::int64_t ModelDescription::head_parameters() const {
  return (final_norm ? norm_parameters(*this) : 0) + projection_parameters(*this) +
         (tied_embedding ? 0 : vocab * embedding_width);
}

std::int64_t ModelDescription::parameters() const {
  return embedding_parameters() + layers * layer_parameters() + head_parameters();
}

}  // namespace headroom
