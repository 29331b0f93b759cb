// DeepSeek-V2 and V3, and Kimi K2, which is one of the latter: multi-head latent attention, shared
// experts, dense first layers, multi-token prediction.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

void read_latent(ModelDescription& model, const Node& document) {
  model.latent.q_rank = size_or(document, "q_lora_rank", max_width, 0);
  model.latent.kv_rank = size(document, "kv_lora_rank", max_width);
  model.latent.rope_dim = size(document, "qk_rope_head_dim", max_head_dim / 2);
  model.head_dim = size(document, "qk_nope_head_dim", max_head_dim / 2) + model.latent.rope_dim;
  model.latent.value_dim = size(document, "v_head_dim", max_head_dim);
  model.kv_heads = model.heads;
}

ModelDescription import_deepseek(const Node& document) {
  ModelDescription model;
  model.gated = true;
  model.layers = size(document, "num_hidden_layers", max_layers);
  model.hidden = size(document, "hidden_size", max_width);
  model.heads = size(document, "num_attention_heads", max_heads);
  read_latent(model, document);
  model.ffn = size(document, "intermediate_size", max_ffn);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "max_position_embeddings", max_rows);
  model.embedding_width = model.hidden;
  model.tied_embedding = flag(document, "tie_word_embeddings", false);
  read_experts(model, document, "n_routed_experts", "num_experts_per_tok");
  read_expert_width(model, document, "moe_intermediate_size");
  model.experts.shared_ffn = count_or(document, "n_shared_experts", max_experts, 0) *
                             model.experts.ffn;
  // Sigmoid scores are corrected by one number per expert (DeepSeek-V3, section 2.1.2).
  model.experts.router_bias = given(document["topk_method"]) &&
                              document["topk_method"].text() == "noaux_tc";
  model.prediction_layers = count_or(document, "num_nextn_predict_layers", 64, 0);
  const std::int64_t dense = count_or(document, "first_k_dense_replace", model.layers, 0);
  const std::int64_t step = size_or(document, "moe_layer_freq", max_layers, 1);
  std::vector<LayerKind> layers(static_cast<std::size_t>(model.layers));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    if (index >= dense && index % step == 0) layers[i].feed_forward = FeedForward::experts;
  }
  set_layers(model, layers);
  return model;
}

}  // namespace

std::vector<Family> deepseek() {
  return {{"deepseek_v2", import_deepseek},
          {"deepseek_v3", import_deepseek},
          {"kimi_k2", import_deepseek}};
}

}  // namespace headroom::families
