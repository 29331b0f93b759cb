#include "sim/workload/import.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

namespace headroom {
namespace {

using config::Node;

// The largest sizes taken. No model comes near them, and products of them stay below 2^63.
constexpr std::int64_t max_layers = std::int64_t{1} << 14;
constexpr std::int64_t max_heads = std::int64_t{1} << 14;
constexpr std::int64_t max_head_dim = std::int64_t{1} << 12;
constexpr std::int64_t max_width = std::int64_t{1} << 20;
constexpr std::int64_t max_ffn = std::int64_t{1} << 24;
constexpr std::int64_t max_rows = std::int64_t{1} << 28;  // of an embedding table

bool given(const Node& value) { return value.exists() && !value.is_null(); }

std::int64_t size(const Node& document, std::string_view key, std::int64_t most) {
  return document[key].integer(1, most);
}

std::int64_t size_or(const Node& document, std::string_view key, std::int64_t most,
                     std::int64_t otherwise) {
  return given(document[key]) ? size(document, key, most) : otherwise;
}

bool flag(const Node& document, std::string_view key, bool otherwise) {
  return given(document[key]) ? document[key].boolean() : otherwise;
}

void require_divisor(const Node& part, std::int64_t value, std::string_view whole_key,
                     std::int64_t whole) {
  if (whole % value != 0) part.expected(fmt::format("a divisor of {} = {}", whole_key, whole));
}

// Heads of equal width that share `hidden`.
void split_heads(ModelDescription& model, const Node& document, std::string_view heads_key,
                 std::string_view hidden_key) {
  require_divisor(document[heads_key], model.heads, hidden_key, model.hidden);
  model.head_dim = model.hidden / model.heads;
  if (model.head_dim > max_head_dim)
    document[heads_key].expected(
        fmt::format("heads of at most {} = {} / {}", max_head_dim, hidden_key, heads_key));
}

// Layer norm, learned positions and biases, as GPT-2 and OPT have them.
ModelDescription gpt_style() {
  ModelDescription model;
  model.norm = Norm::layer;
  model.positions = Positions::learned;
  model.attention_bias = model.mlp_bias = true;
  return model;
}

ModelDescription import_gpt2(const Node& document) {
  ModelDescription model = gpt_style();
  model.layers = size(document, "n_layer", max_layers);
  model.hidden = size(document, "n_embd", max_width);
  model.heads = size(document, "n_head", max_heads);
  split_heads(model, document, "n_head", "n_embd");
  model.kv_heads = model.heads;
  model.ffn = size_or(document, "n_inner", max_ffn, 4 * model.hidden);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "n_positions", max_rows);
  model.position_rows = model.max_positions;
  model.embedding_width = model.hidden;
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  return model;
}

ModelDescription import_opt(const Node& document) {
  ModelDescription model = gpt_style();
  model.layers = size(document, "num_hidden_layers", max_layers);
  model.hidden = size(document, "hidden_size", max_width);
  model.heads = size(document, "num_attention_heads", max_heads);
  split_heads(model, document, "num_attention_heads", "hidden_size");
  model.kv_heads = model.heads;
  model.ffn = size(document, "ffn_dim", max_ffn);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "max_position_embeddings", max_rows);
  model.position_rows = model.max_positions + 2;  // OPT numbers positions from 2
  model.embedding_width = size_or(document, "word_embed_proj_dim", max_width, model.hidden);
  model.attention_bias = model.mlp_bias = flag(document, "enable_bias", true);
  model.final_norm = flag(document, "do_layer_norm_before", true) &&
                     !flag(document, "_remove_final_layer_norm", false);
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  return model;
}

ModelDescription import_llama(const Node& document) {
  ModelDescription model;
  model.gated = true;
  model.layers = size(document, "num_hidden_layers", max_layers);
  model.hidden = size(document, "hidden_size", max_width);
  model.heads = size(document, "num_attention_heads", max_heads);
  if (given(document["head_dim"]))
    model.head_dim = size(document, "head_dim", max_head_dim);
  else
    split_heads(model, document, "num_attention_heads", "hidden_size");
  model.kv_heads = size_or(document, "num_key_value_heads", max_heads, model.heads);
  require_divisor(
      document["num_key_value_heads"], model.kv_heads, "num_attention_heads", model.heads);
  model.ffn = size(document, "intermediate_size", max_ffn);
  model.vocab = size(document, "vocab_size", max_rows);
  model.max_positions = size(document, "max_position_embeddings", max_rows);
  model.embedding_width = model.hidden;
  model.attention_bias = flag(document, "attention_bias", false);
  model.mlp_bias = flag(document, "mlp_bias", false);
  model.tied_embedding = flag(document, "tie_word_embeddings", false);
  return model;
}

struct Family {
  std::string_view name;  // model_type of the config.json
  ModelDescription (*import)(const Node&);
};

// A new family is one function and one line here.
constexpr std::array families{
    Family{"gpt2", import_gpt2}, Family{"llama", import_llama}, Family{"opt", import_opt}};

const Family& family_of(const Node& document) {
  std::vector<std::string> names;
  names.reserve(families.size());
  for (const Family& family : families) names.emplace_back(family.name);
  const std::string known = fmt::format("one of {}", fmt::join(names, ", "));
  const Node type = document.at("model_type", known);
  for (const Family& family : families)
    if (type.is_scalar() && type.text() == family.name) return family;
  type.expected(known, type.is_scalar() ? nearest(type.text(), names) : "");
}

}  // namespace

ModelDescription import_model(const Node& document, const std::string& id) {
  const Family& family = family_of(document);
  ModelDescription model = family.import(document);
  model.id = id;
  model.family = family.name;
  return model;
}

ModelDescription load_model(const std::filesystem::path& config_json) {
  const std::filesystem::path folder = config_json.parent_path().filename();
  const bool named_by_folder = config_json.filename() == "config.json" && !folder.empty();
  return import_model(
      Node::load(config_json), named_by_folder ? folder.string() : config_json.string());
}

}  // namespace headroom
