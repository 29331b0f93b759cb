// Llama 4 (text): experts beside one that all tokens share, on every interleave_moe_layer_step-th
// layer; three of four layers attend within chunks.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_llama4(const Node& whole) {
  const Node document = text_part(whole);
  ModelDescription model = llama_style(document);
  read_experts(model, document, "num_local_experts", "num_experts_per_tok");
  read_expert_width(model, document, "intermediate_size");
  model.experts.shared_ffn = model.experts.ffn;
  model.ffn = size(document, "intermediate_size_mlp", max_ffn);
  const std::int64_t step = size_or(document, "interleave_moe_layer_step", max_layers, 1);
  const std::int64_t chunk = count_or(document, "attention_chunk_size", max_rows, 0);
  const std::int64_t whole_step = size_or(document, "no_rope_layer_interval", max_layers, 4);
  const std::vector<std::string> types = layer_types(
      model, document, {"chunked_attention", "full_attention"});
  std::vector<LayerKind> layers(static_cast<std::size_t>(model.layers));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i) + 1;
    if (number % step == 0) layers[i].feed_forward = FeedForward::experts;
    const bool chunked = types.empty() ? number % whole_step != 0 : types[i] == "chunked_attention";
    if (chunked && chunk > 0) layers[i].window = chunk, layers[i].chunked = true;
  }
  set_layers(model, layers);
  return model;
}

}  // namespace

std::vector<Family> llama4() { return {{"llama4", import_llama4}, {"llama4_text", import_llama4}}; }

}  // namespace headroom::families
