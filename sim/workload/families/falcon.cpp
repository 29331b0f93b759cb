// Falcon: attention beside feed-forward, one key-value head (7B) or a few (the new decoder of 40B
// and 180B, which has a norm for each of the two).
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_falcon(const Node& document) {
  ModelDescription model;
  const bool new_decoder = flag(document, "new_decoder_architecture", false);
  model.norm = Norm::layer;
  model.positions = flag(document, "alibi", false) ? Positions::alibi : Positions::rotary;
  model.layers = size(document, "num_hidden_layers", max_layers);
  model.hidden = size(document, "hidden_size", max_width);
  model.heads = size(document, "num_attention_heads", max_heads);
  split_heads(model, document, "num_attention_heads", "hidden_size");
  model.kv_heads = model.heads;
  if (new_decoder) {
    model.kv_heads = size_or(document, "num_kv_heads", max_heads, model.heads);
    require_divisor(document["num_kv_heads"], model.kv_heads, "num_attention_heads", model.heads);
  } else if (flag(document, "multi_query", true)) {
    model.kv_heads = 1;
  }
  model.ffn = size_or(document, "ffn_hidden_size", max_ffn, 4 * model.hidden);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size_or(document, "max_position_embeddings", max_rows, 2048);
  model.embedding_width = model.hidden;
  model.attention_bias = model.mlp_bias = flag(document, "bias", false);
  model.parallel = new_decoder || flag(document, "parallel_attn", true);
  model.parallel_norms = new_decoder ? size_or(document, "num_ln_in_parallel_attn", 2, 2) : 1;
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  model.dropout = drops(document, "hidden_dropout", false);
  model.attention_dropout = drops(document, "attention_dropout", false);
  return model;
}

}  // namespace

std::vector<Family> falcon() { return {{"falcon", import_falcon}}; }

}  // namespace headroom::families
