// BLOOM: GPT with ALiBi positions and a norm behind the embedding.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

// The first of two names that a key goes by.
std::string_view either(const Node& document, std::string_view one, std::string_view other) {
  return !given(document[one]) && given(document[other]) ? other : one;
}

ModelDescription import_bloom(const Node& document) {
  ModelDescription model = gpt_style();
  const std::string_view layers = either(document, "n_layer", "num_hidden_layers"),
                         heads = either(document, "n_head", "num_attention_heads"),
                         hidden = either(document, "hidden_size", "n_embed");
  model.positions = Positions::alibi;
  model.layers = size(document, layers, max_layers);
  model.hidden = size(document, hidden, max_width);
  model.heads = size(document, heads, max_heads);
  split_heads(model, document, heads, hidden);
  model.kv_heads = model.heads;
  model.ffn = 4 * model.hidden;
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size_or(document, "seq_length", max_rows, 0);
  model.embedding_width = model.hidden;
  model.embedding_norm = true;
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  model.dropout = drops(document, "hidden_dropout", false);
  model.attention_dropout = drops(document, "attention_dropout", false);
  return model;
}

}  // namespace

std::vector<Family> bloom() { return {{"bloom", import_bloom}}; }

}  // namespace headroom::families
