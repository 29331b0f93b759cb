// What one layer of a model consists of. A model is a short list of runs of equal layers; sizes
// that all its layers share stand in the model (model.h).
#pragma once

#include <cstdint>
#include <tuple>

namespace headroom {

// What mixes tokens.
enum class Mixer {
  attention,
  mamba,  // Mamba-2: a state-space scan behind a short convolution
  none,
};
// What works on each token alone.
enum class FeedForward { dense, experts, none };

struct LayerKind {
  Mixer mixer = Mixer::attention;
  FeedForward feed_forward = FeedForward::dense;
  std::int64_t window = 0;  // keys that a query sees at most, itself included; 0: all
  bool chunked = false;  // the window does not slide: a query sees the keys of its own block only
  bool causal = true;    // false: every query sees every key (encoders)
  bool cross = false;    // attention over the encoder's output follows (T5's decoder)

  friend bool operator==(const LayerKind& a, const LayerKind& b) {
    return a.members() == b.members();
  }
  friend bool operator!=(const LayerKind& a, const LayerKind& b) { return !(a == b); }
  friend bool operator<(const LayerKind& a, const LayerKind& b) {
    return a.members() < b.members();
  }

 private:
  [[nodiscard]] std::tuple<Mixer, FeedForward, std::int64_t, bool, bool, bool> members() const {
    return {mixer, feed_forward, window, chunked, causal, cross};
  }
};

// `count` equal layers that follow one another.
struct LayerRun {
  LayerKind kind;
  std::int64_t count = 1;
};

// Multi-head latent attention (DeepSeek-V2, section 2.1): queries and keys-with-values come out of
// narrow vectors. Of each head's query and key `rope_dim` features carry the position; the keys'
// are shared by all heads. kv_rank = 0: ordinary attention.
struct Latent {
  std::int64_t q_rank = 0;  // 0: queries come from the hidden vector
  std::int64_t kv_rank = 0;
  std::int64_t rope_dim = 0;   // of head_dim
  std::int64_t value_dim = 0;  // of a head's values
};

// Mixture of experts; count = 0: none.
struct Experts {
  std::int64_t count = 0;       // routed ones
  std::int64_t per_token = 0;   // that each token goes to
  std::int64_t ffn = 0;         // width of one
  std::int64_t shared_ffn = 0;  // width of all shared ones together, which every token goes to
  std::int64_t latent = 0;      // width of the vectors that routed experts work on; 0: hidden
  bool shared_gate = false;     // the shared experts' output is weighted by a gate of its own
  bool router_bias = false;     // one number per expert beside the router's matrix
};

// Mamba-2 (Dao and Gu 2024); heads = 0: none.
struct Mamba {
  std::int64_t heads = 0, head_dim = 0;
  std::int64_t state = 0;        // of each feature of a head
  std::int64_t groups = 1;       // of heads that share B and C
  std::int64_t convolution = 4;  // taps
  std::int64_t chunk = 256;      // tokens that the scan works on as products
  bool convolution_bias = true;

  [[nodiscard]] std::int64_t inner() const { return heads * head_dim; }
};

}  // namespace headroom
