// MPT (MosaicML's llm-foundry): GPT without biases, ALiBi or learned positions.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_mpt(const Node& document) {
  ModelDescription model;
  const Node attention = document["attn_config"];
  const bool bias = !flag(document, "no_bias", true);
  model.norm = Norm::layer;
  model.norm_bias = model.attention_bias = model.mlp_bias = bias;
  model.layers = size(document, "n_layers", max_layers);
  model.hidden = size(document, "d_model", max_width);
  model.heads = size(document, "n_heads", max_heads);
  split_heads(model, document, "n_heads", "d_model");
  model.kv_heads = size_or(attention, "kv_n_heads", max_heads, model.heads);
  require_divisor(attention["kv_n_heads"], model.kv_heads, "n_heads", model.heads);
  model.ffn = size_or(document, "expansion_ratio", 64, 4) * model.hidden;
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "max_seq_len", max_rows);
  const bool alibi = flag(attention, "alibi", false);
  model.positions = alibi ? Positions::alibi : Positions::learned;
  if (!alibi && flag(document, "learned_pos_emb", true)) model.position_rows = model.max_positions;
  model.embedding_width = model.hidden;
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  model.dropout = drops(document, "resid_pdrop", false);
  model.attention_dropout = drops(attention, "attn_pdrop", false);
  return model;
}

}  // namespace

std::vector<Family> mpt() { return {{"mpt", import_mpt}}; }

}  // namespace headroom::families
