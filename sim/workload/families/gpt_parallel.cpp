// GPT-J and GPT-NeoX: attention and feed-forward side by side. PaLM is one of them without a file
// of Hugging Face; the terse form (terse.h) describes it.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_gptj(const Node& document) {
  ModelDescription model;
  model.norm = Norm::layer;
  model.layers = size(document, "n_layer", max_layers);
  model.hidden = size(document, "n_embd", max_width);
  model.heads = size(document, "n_head", max_heads);
  split_heads(model, document, "n_head", "n_embd");
  model.kv_heads = model.heads;
  model.ffn = size_or(document, "n_inner", max_ffn, 4 * model.hidden);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "n_positions", max_rows);
  model.embedding_width = model.hidden;
  model.mlp_bias = model.head_bias = model.parallel = true;
  model.tied_embedding = flag(document, "tie_word_embeddings", false);
  model.dropout = drops(document, "resid_pdrop", false);
  model.attention_dropout = drops(document, "attn_pdrop", false);
  return model;
}

ModelDescription import_gpt_neox(const Node& document) {
  ModelDescription model = llama_style(document);
  model.norm = Norm::layer;
  model.gated = false;
  model.attention_bias = flag(document, "attention_bias", true);
  model.mlp_bias = true;
  model.parallel = flag(document, "use_parallel_residual", true);
  model.parallel_norms = 2;
  model.dropout = drops(document, "hidden_dropout", false);
  model.attention_dropout = drops(document, "attention_dropout", false);
  return model;
}

}  // namespace

std::vector<Family> gpt_parallel() {
  return {{"gptj", import_gptj}, {"gpt_neox", import_gpt_neox}};
}

}  // namespace headroom::families
