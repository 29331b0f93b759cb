// Qwen 2 (biases on queries, keys and values) and 3 (norms on queries and keys instead), each dense
// and with experts.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

// Layers from max_window_layers on slide where use_sliding_window is set.
ModelDescription decoder(const Node& document) {
  ModelDescription model = llama_style(document);
  if (!flag(document, "use_sliding_window", false)) return model;
  const std::int64_t full = count_or(document, "max_window_layers", model.layers, model.layers);
  LayerKind window;
  window.window = size(document, "sliding_window", max_rows);
  if (full > 0) model.pattern.push_back({{}, full});
  if (full < model.layers) model.pattern.push_back({window, model.layers - full});
  return model;
}

ModelDescription import_qwen2(const Node& document) {
  ModelDescription model = decoder(document);
  model.qkv_bias = true;
  return model;
}

ModelDescription import_qwen3(const Node& document) {
  ModelDescription model = decoder(document);
  model.query_key_norm = true;
  return model;
}

// Every decoder_sparse_step-th layer has experts, but for those of mlp_only_layers.
void add_experts(ModelDescription& model, const Node& document) {
  read_experts(model, document, "num_experts", "num_experts_per_tok");
  read_expert_width(model, document, "moe_intermediate_size");
  const std::int64_t step = size_or(document, "decoder_sparse_step", max_layers, 1);
  std::vector<LayerKind> layers;
  for (std::int64_t i = 0; i < model.layers; ++i) {
    layers.push_back(model.kind_of(i));
    layers.back().feed_forward = (i + 1) % step == 0 ? FeedForward::experts : FeedForward::dense;
  }
  if (given(document["mlp_only_layers"]))
    for (const Node& index : document["mlp_only_layers"].elements())
      layers[static_cast<std::size_t>(index.integer(0, model.layers - 1))]
          .feed_forward = FeedForward::dense;
  set_layers(model, layers);
}

ModelDescription import_qwen2_moe(const Node& document) {
  ModelDescription model = decoder(document);
  model.qkv_bias = flag(document, "qkv_bias", true);
  add_experts(model, document);
  model.experts.shared_ffn = size(document, "shared_expert_intermediate_size", max_ffn);
  model.experts.shared_gate = true;
  return model;
}

ModelDescription import_qwen3_moe(const Node& document) {
  ModelDescription model = decoder(document);
  model.query_key_norm = true;
  add_experts(model, document);
  return model;
}

}  // namespace

std::vector<Family> qwen() {
  return {{"qwen2", import_qwen2},
          {"qwen2_moe", import_qwen2_moe},
          {"qwen3", import_qwen3},
          {"qwen3_moe", import_qwen3_moe}};
}

}  // namespace headroom::families
