// BERT with the two heads that it is trained with: masked words (a linear layer, norm and the tied
// embedding with a bias) and next sentence (a pooler and two outputs).
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_bert(const Node& document) {
  ModelDescription model = gpt_style();
  model.layers = size(document, "num_hidden_layers", max_layers);
  model.hidden = size(document, "hidden_size", max_width);
  model.heads = size(document, "num_attention_heads", max_heads);
  split_heads(model, document, "num_attention_heads", "hidden_size");
  model.kv_heads = model.heads;
  model.ffn = size(document, "intermediate_size", max_ffn);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "max_position_embeddings", max_rows);
  model.position_rows = model.max_positions + size_or(document, "type_vocab_size", max_rows, 2);
  model.embedding_width = model.hidden;
  model.embedding_norm = model.head_transform = model.head_bias = true;
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  model.dropout = drops(document, "hidden_dropout_prob", true);
  model.attention_dropout = drops(document, "attention_probs_dropout_prob", true);
  model.other_parameters = model.hidden * (model.hidden + 1) + 2 * (model.hidden + 1);
  LayerKind kind;
  kind.causal = false;
  model.pattern = {{kind, model.layers}};
  return model;
}

}  // namespace

std::vector<Family> bert() { return {{"bert", import_bert}}; }

}  // namespace headroom::families
