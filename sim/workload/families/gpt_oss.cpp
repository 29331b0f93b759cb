// gpt-oss: experts with biases, attention sinks, a window on every other layer.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_gpt_oss(const Node& document) {
  ModelDescription model = llama_style(document);
  read_experts(model, document, "num_local_experts", "num_experts_per_tok");
  read_expert_width(model, document, "intermediate_size");
  model.attention_bias = flag(document, "attention_bias", true);
  model.mlp_bias = model.experts.router_bias = model.sinks = model.clamped = true;
  const std::vector<std::string> types = layer_types(
      model, document, {"full_attention", "sliding_attention"});
  const std::int64_t window = size(document, "sliding_window", max_rows);
  std::vector<LayerKind> layers(static_cast<std::size_t>(model.layers));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    layers[i].feed_forward = FeedForward::experts;
    if (types.empty() ? i % 2 == 0 : types[i] == "sliding_attention") layers[i].window = window;
  }
  set_layers(model, layers);
  return model;
}

}  // namespace

std::vector<Family> gpt_oss() { return {{"gpt_oss", import_gpt_oss}}; }

}  // namespace headroom::families
