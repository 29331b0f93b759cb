// Gemma 1 to 3 (text): wide heads, a tied embedding; from 2 on norms behind each half of a layer
// and windows on most layers.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_gemma(const Node& document) {
  ModelDescription model = llama_style(document);
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  return model;
}

// Windows where layer_types says so, else on all but every `period`-th layer.
void add_windows(ModelDescription& model, const Node& document, std::int64_t period) {
  const std::vector<std::string> types = layer_types(
      model, document, {"full_attention", "sliding_attention"});
  const std::int64_t window = size(document, "sliding_window", max_rows);
  std::vector<LayerKind> layers(static_cast<std::size_t>(model.layers));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool slides = types.empty() ? (i + 1) % static_cast<std::size_t>(period) != 0
                                      : types[i] == "sliding_attention";
    if (slides) layers[i].window = window;
  }
  set_layers(model, layers);
}

ModelDescription import_gemma2(const Node& document) {
  ModelDescription model = import_gemma(document);
  model.post_norm = true;
  add_windows(model, document, 2);
  return model;
}

ModelDescription import_gemma3(const Node& whole) {
  const Node document = text_part(whole);
  ModelDescription model = import_gemma(document);
  model.post_norm = model.query_key_norm = true;
  add_windows(model, document, size_or(document, "sliding_window_pattern", max_layers, 6));
  return model;
}

}  // namespace

std::vector<Family> gemma() {
  return {{"gemma", import_gemma},
          {"gemma2", import_gemma2},
          {"gemma3", import_gemma3},
          {"gemma3_text", import_gemma3}};
}

}  // namespace headroom::families
