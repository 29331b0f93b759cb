// Llama 1 to 3, Mistral and Mixtral: one decoder with and without a window and experts.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_mistral(const Node& document) {
  ModelDescription model = llama_style(document);
  LayerKind kind;
  kind.window = count_or(document, "sliding_window", max_rows, 0);
  if (kind.window > 0) model.pattern = {{kind, model.layers}};
  return model;
}

ModelDescription import_mixtral(const Node& document) {
  ModelDescription model = llama_style(document);
  read_experts(model, document, "num_local_experts", "num_experts_per_tok");
  read_expert_width(model, document, "intermediate_size");
  LayerKind kind;
  kind.feed_forward = FeedForward::experts;
  kind.window = count_or(document, "sliding_window", max_rows, 0);
  model.pattern = {{kind, model.layers}};
  return model;
}

}  // namespace

std::vector<Family> llama() {
  return {{"llama", llama_style}, {"mistral", import_mistral}, {"mixtral", import_mixtral}};
}

}  // namespace headroom::families
