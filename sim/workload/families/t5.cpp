// T5: an encoder and a decoder with cross-attention. Both work on sequences of the plan's length.
#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

ModelDescription import_t5(const Node& document) {
  ModelDescription model;
  const std::int64_t encoder = size(document, "num_layers", max_layers / 2);
  const std::int64_t decoder = size_or(document, "num_decoder_layers", max_layers / 2, encoder);
  model.positions = Positions::relative;
  model.layers = encoder + decoder;
  model.hidden = size(document, "d_model", max_width);
  model.heads = model.kv_heads = size(document, "num_heads", max_heads);
  model.head_dim = size(document, "d_kv", max_head_dim);
  model.ffn = size(document, "d_ff", max_ffn);
  model.vocab = size(document, "vocab_size", max_rows);
  model.embedding_width = model.hidden;
  const Node activation = document["feed_forward_proj"];
  model.gated = given(activation) && activation.text().rfind("gated", 0) == 0;
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  model.dropout = drops(document, "dropout_rate", true);
  model.attention_dropout = drops(document, "dropout_rate", true);
  model.relative_buckets = size_or(document, "relative_attention_num_buckets", max_rows, 32);
  // A table of positions per stack, and the norm behind the encoder.
  model.other_parameters = 2 * model.relative_buckets * model.heads + model.hidden;
  LayerKind encodes, decodes;
  encodes.causal = false;
  decodes.cross = true;
  model.pattern = {{encodes, encoder}, {decodes, decoder}};
  return model;
}

}  // namespace

std::vector<Family> t5() { return {{"t5", import_t5}}; }

}  // namespace headroom::families
