// A transformer as its public config.json states it, in one vocabulary for all families.
#pragma once

#include <cstdint>
#include <string>

namespace headroom {

enum class Norm { layer, rms };
enum class Positions { learned, rotary };

struct ModelDescription {
  std::string id;      // directory name or path it was read from
  std::string family;  // model_type of the config.json
  std::int64_t layers = 0;
  std::int64_t hidden = 0;
  std::int64_t heads = 0;
  std::int64_t kv_heads = 0;  // = heads without grouped-query attention
  std::int64_t head_dim = 0;
  std::int64_t ffn = 0;  // width of the feed-forward layer
  bool gated = false;    // gate, up, down (SwiGLU) instead of up, down
  std::int64_t vocab = 0;
  std::int64_t max_positions = 0;
  std::int64_t embedding_width = 0;  // of a token's vector; OPT 350M projects it to hidden
  std::int64_t position_rows = 0;    // of the learned position table; 0 with rotary positions
  Norm norm = Norm::rms;
  Positions positions = Positions::rotary;
  bool attention_bias = false;  // the four linear layers of attention carry a bias
  bool mlp_bias = false;        // those of the feed-forward layer do
  bool final_norm = true;       // a norm stands before the output head
  bool tied_embedding = false;  // the output head shares the embedding's weight

  // Number of trainable parameters, as published counts give it.
  [[nodiscard]] std::int64_t parameters() const;
  // Parameters of one transformer layer.
  [[nodiscard]] std::int64_t layer_parameters() const;
  // Input embedding (token and learned position tables, projection to the hidden width).
  [[nodiscard]] std::int64_t embedding_parameters() const;
  // Final norm, projection from the hidden width and, if not tied, the output head.
  [[nodiscard]] std::int64_t head_parameters() const;
};

}  // namespace headroom
