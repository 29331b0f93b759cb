// Reads a model from the config.json that Hugging Face publishes with it.
//
// Families by `model_type`: gpt2, opt, llama. Sizes must be in the file, also where the Hugging
// Face classes would fall back on those of one small model. What may be left out takes the default
// of those classes:
//   gpt2   n_inner = 4 n_embd, tie_word_embeddings = true
//   opt    word_embed_proj_dim = hidden_size, do_layer_norm_before = true, enable_bias = true,
//          _remove_final_layer_norm = false, tie_word_embeddings = true
//   llama  num_key_value_heads = num_attention_heads, head_dim = hidden_size / num_attention_heads,
//          attention_bias = false, mlp_bias = false, tie_word_embeddings = false
// null counts as left out. Keys that say nothing about sizes are passed over.
#pragma once

#include <filesystem>
#include <string>

#include "sim/config/node.h"
#include "sim/workload/model.h"

namespace headroom {

// Throws InputError, with the place in the file, on a file that does not describe a model we know.
// The id is the name of the folder that a config.json lies in, or else the path.
[[nodiscard]] ModelDescription load_model(const std::filesystem::path& config_json);

// The same from a document that is read already.
[[nodiscard]] ModelDescription import_model(const config::Node& document, const std::string& id);

}  // namespace headroom
