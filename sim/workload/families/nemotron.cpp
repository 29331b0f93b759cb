// Nemotron-4: Llama's decoder with layer norm and a feed-forward layer without gate.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_nemotron(const Node& document) {
  ModelDescription model = llama_style(document);
  model.norm = Norm::layer;
  model.gated = false;
  return model;
}

}  // namespace

std::vector<Family> nemotron() { return {{"nemotron", import_nemotron}}; }

}  // namespace headroom::families
