// OPT.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_opt(const Node& document) {
  ModelDescription model = gpt_style();
  model.layers = size(document, "num_hidden_layers", max_layers);
  model.hidden = size(document, "hidden_size", max_width);
  model.heads = size(document, "num_attention_heads", max_heads);
  split_heads(model, document, "num_attention_heads", "hidden_size");
  model.kv_heads = model.heads;
  model.ffn = size(document, "ffn_dim", max_ffn);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "max_position_embeddings", max_rows);
  model.position_rows = model.max_positions + 2;  // OPT numbers positions from 2
  model.embedding_width = size_or(document, "word_embed_proj_dim", max_width, model.hidden);
  model.attention_bias = model.mlp_bias = flag(document, "enable_bias", true);
  model.final_norm = flag(document, "do_layer_norm_before", true) &&
                     !flag(document, "_remove_final_layer_norm", false);
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  model.dropout = drops(document, "dropout", true);
  model.attention_dropout = drops(document, "attention_dropout", false);
  return model;
}

}  // namespace

std::vector<Family> opt() { return {{"opt", import_opt}}; }

}  // namespace headroom::families
