// A model in a few keys, so that a row of a table can be one:
//
//   model: {layers: 24, hidden: 2304, heads: 24, ffn: 9216, gated: false, vocab: 51200}
//
// in an experiment, or alone in a file. Without more than the sizes it is a decoder as Llama is:
// gated feed-forward, RMS norm, rotary positions, no biases, an output head of its own. Or a model
// that is there already, cut to its first layers:
//
//   model: {base: deepseek-v3, layers: 4}
//
// headroom schema and docs/models.md have every key with its default; both come from the
// declaration in terse.cpp.
#pragma once

#include <string>

#include "sim/config/record.h"
#include "sim/workload/model.h"

namespace headroom {

// The keys of the terse form.
struct TerseModel {
  std::int64_t layers = 0, hidden = 0, heads = 0, kv_heads = 0, head_dim = 0, ffn = 0, vocab = 0;
  std::int64_t max_positions = 0;
  bool gated = true, bias = false, qkv_bias = false, norm_bias = true, query_key_norm = false;
  bool post_norm = false, tied_embedding = false, parallel = false, causal = true;
  bool dropout = false, attention_dropout = false;
  Norm norm = Norm::rms;
  Positions positions = Positions::rotary;
  std::int64_t window = 0, full_every = 0;
  std::int64_t experts = 0, experts_per_token = 0, expert_ffn = 0, shared_experts = 0;
  std::int64_t dense_layers = 0, experts_every = 1, prediction_layers = 0;
  std::string pattern;
  Latent latent;
  Mamba mamba;
};

// A model of configs/models, or of a path, that is cut.
struct CutModel {
  std::string base;
  std::int64_t layers = 0;
};

[[nodiscard]] const config::Record<TerseModel>& terse_record();
[[nodiscard]] const config::Record<CutModel>& cut_record();

// Whether a document is a model in the terse form: layers and no model_type.
[[nodiscard]] bool is_terse(const config::Node& document);

// Throws InputError at the first key that does not fit the others.
[[nodiscard]] ModelDescription import_terse(const config::Node& document, const std::string& id);

// The first layers of a model with its embedding and head; `document` has the keys of cut_record().
// Modules of multi-token prediction stay where the model keeps its last layer's kind.
[[nodiscard]] ModelDescription cut(const config::Node& document, ModelDescription model);

}  // namespace headroom
