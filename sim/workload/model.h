// A model as its public config.json states it, in one vocabulary for all families.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/workload/layer.h"

namespace headroom {

enum class Norm { layer, rms };
enum class Positions {
  learned,   // a table
  rotary,    // queries and keys are turned
  alibi,     // a slope per head is added to the scores
  relative,  // T5: a table per stack of layers is added to the scores
  none,
};

struct ModelDescription {
  std::string id;           // directory name or path it was read from
  std::string family;       // model_type of the config.json
  std::int64_t layers = 0;  // all of them, an encoder's too
  std::int64_t hidden = 0;
  std::int64_t heads = 0;
  std::int64_t kv_heads = 0;  // = heads without grouped-query attention
  std::int64_t head_dim = 0;  // of queries and keys
  std::int64_t ffn = 0;       // width of the dense feed-forward layer
  bool gated = false;         // gate, up, down (SwiGLU) instead of up, down
  std::int64_t vocab = 0;
  std::int64_t max_positions = 0;
  std::int64_t embedding_width = 0;  // of a token's vector; OPT 350M projects it to hidden
  std::int64_t position_rows = 0;    // of the learned position table and of BERT's token types
  Norm norm = Norm::rms;
  Positions positions = Positions::rotary;
  bool attention_bias = false;  // the four linear layers of attention carry a bias
  bool mlp_bias = false;        // those of the feed-forward layer do
  bool clamped = false;         // gates clamp both of their inputs (gpt-oss)
  bool final_norm = true;       // a norm stands before the output head
  bool tied_embedding = false;  // the output head shares the embedding's weight

  bool qkv_bias = false;        // where attention_bias is false: queries, keys and values have one
  bool output_bias = true;      // where attention_bias is true: the output projection has one
  bool norm_bias = true;        // layer norm shifts beside scaling
  bool query_key_norm = false;  // RMS norm with weights over each head's query and key
  bool sinks = false;           // one learned score per head that no key stands for (gpt-oss)
  bool post_norm = false;       // a second norm behind each half of a layer (Gemma 2)
  bool parallel = false;        // attention and feed-forward side by side (GPT-J, PaLM)
  std::int64_t parallel_norms = 1;     // norms before the two where they are parallel: 1 or 2
  bool embedding_norm = false;         // behind the embedding (BLOOM, BERT)
  bool head_transform = false;         // a linear layer and activation before the final norm (BERT)
  bool head_bias = false;              // of the output head
  std::int64_t relative_buckets = 0;   // rows of T5's position tables
  std::int64_t prediction_layers = 0;  // modules of multi-token prediction (DeepSeek-V3)
  bool prediction_shared = false;      // all of them have the same weights (Nemotron 3 Super)
  bool prediction_wide = false;        // their products have two-byte operands in every format
  std::int64_t other_parameters = 0;   // beside layers, embedding and head, such as BERT's pooler
  bool dropout = false;                // behind the embedding and each half of a layer
  bool attention_dropout = false;      // of attention's scores

  Latent latent;
  Experts experts;
  Mamba mamba;
  // Runs of equal layers from the first to the last, `layers` in all; empty: `layers` causal layers
  // of full attention, with experts where there are any.
  std::vector<LayerRun> pattern;
  // Layers of each module of multi-token prediction; empty: one like the last layer.
  std::vector<LayerKind> prediction_pattern;

  // The layers as runs of equal ones; `pattern` or what its absence means.
  [[nodiscard]] std::vector<LayerRun> runs() const;
  // The distinct kinds of layers in the order in which they first appear.
  [[nodiscard]] std::vector<LayerKind> kinds() const;
  // The kind of most layers, the first of equally frequent ones.
  [[nodiscard]] LayerKind common_kind() const;
  // The kind that layer `index` (from 0) is of.
  [[nodiscard]] LayerKind kind_of(std::int64_t index) const;

  // Number of trainable parameters, as published counts give it: without the modules of multi-token
  // prediction.
  [[nodiscard]] std::int64_t parameters() const;
  // Those that work on one token: all but the routed experts that it does not go to.
  [[nodiscard]] std::int64_t active_parameters() const;
  // Parameters of one layer of a kind; without one, of the common kind.
  [[nodiscard]] std::int64_t layer_parameters(const LayerKind& kind) const;
  [[nodiscard]] std::int64_t layer_parameters() const { return layer_parameters(common_kind()); }
  // Those of them that are routed experts' (the matrices that expert parallelism spreads).
  [[nodiscard]] std::int64_t expert_parameters(const LayerKind& kind) const;
  // Input embedding (token and learned position tables, projection to the hidden width).
  [[nodiscard]] std::int64_t embedding_parameters() const;
  // Final norm, projection from the hidden width and, if not tied, the output head.
  [[nodiscard]] std::int64_t head_parameters() const;
  // Layers of one module of multi-token prediction.
  [[nodiscard]] std::vector<LayerKind> prediction_kinds() const;
  // Modules of multi-token prediction that have weights of their own.
  [[nodiscard]] std::int64_t prediction_sets() const {
    return prediction_shared ? std::min<std::int64_t>(prediction_layers, 1) : prediction_layers;
  }
  // All modules of multi-token prediction; embedding and output head are the model's own.
  [[nodiscard]] std::int64_t prediction_parameters() const;
};

// The runs of a list of layers.
[[nodiscard]] std::vector<LayerRun> runs_of(const std::vector<LayerKind>& layers);

}  // namespace headroom
