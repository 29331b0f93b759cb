// GPT-2 and GPT-3.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_gpt2(const Node& document) {
  ModelDescription model = gpt_style();
  model.layers = size(document, "n_layer", max_layers);
  model.hidden = size(document, "n_embd", max_width);
  model.heads = size(document, "n_head", max_heads);
  split_heads(model, document, "n_head", "n_embd");
  model.kv_heads = model.heads;
  model.ffn = size_or(document, "n_inner", max_ffn, 4 * model.hidden);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "n_positions", max_rows);
  model.position_rows = model.max_positions;
  model.embedding_width = model.hidden;
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  model.dropout = drops(document, "resid_pdrop", true);
  model.attention_dropout = drops(document, "attn_pdrop", true);
  return model;
}

}  // namespace

std::vector<Family> gpt2() { return {{"gpt2", import_gpt2}}; }

}  // namespace headroom::families
