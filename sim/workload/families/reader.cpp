#include "sim/workload/families/reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace headroom::families {

bool given(const Node& value) { return value.exists() && !value.is_null(); }

std::int64_t size(const Node& document, std::string_view key, std::int64_t most) {
  return document[key].integer(1, most);
}

std::int64_t size_or(const Node& document, std::string_view key, std::int64_t most,
                     std::int64_t otherwise) {
  return given(document[key]) ? size(document, key, most) : otherwise;
}

std::int64_t count_or(const Node& document, std::string_view key, std::int64_t most,
                      std::int64_t otherwise) {
  return given(document[key]) ? document[key].integer(0, most) : otherwise;
}

bool flag(const Node& document, std::string_view key, bool otherwise) {
  return given(document[key]) ? document[key].boolean() : otherwise;
}

bool drops(const Node& document, std::string_view key, bool otherwise) {
  return given(document[key]) ? document[key].number({0, 1}) > 0 : otherwise;
}

void require_divisor(const Node& part, std::int64_t value, std::string_view whole_key,
                     std::int64_t whole) {
  if (whole % value != 0) part.expected(fmt::format("a divisor of {} = {}", whole_key, whole));
}

void split_heads(ModelDescription& model, const Node& document, std::string_view heads_key,
                 std::string_view hidden_key) {
  require_divisor(document[heads_key], model.heads, hidden_key, model.hidden);
  model.head_dim = model.hidden / model.heads;
  if (model.head_dim > max_head_dim)
    document[heads_key].expected(
        fmt::format("heads of at most {} = {} / {}", max_head_dim, hidden_key, heads_key));
}

ModelDescription gpt_style() {
  ModelDescription model;
  model.norm = Norm::layer;
  model.positions = Positions::learned;
  model.attention_bias = model.mlp_bias = true;
  return model;
}

ModelDescription llama_style(const Node& document) {
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

Node text_part(const Node& document) {
  return given(document["text_config"]) ? document["text_config"] : document;
}

void read_experts(ModelDescription& model, const Node& document, std::string_view count_key,
                  std::string_view per_token_key) {
  model.experts.count = size(document, count_key, max_experts);
  model.experts.per_token = size(document, per_token_key, model.experts.count);
}

void read_expert_width(ModelDescription& model, const Node& document, std::string_view key) {
  model.experts.ffn = size(document, key, max_ffn / model.experts.count);
}

std::vector<std::string> layer_types(
    const ModelDescription& model, const Node& document, const std::vector<std::string>& words) {
  std::vector<std::string> result;
  const Node list = document["layer_types"];
  if (!given(list)) return result;
  const std::vector<Node> elements = list.elements();
  if (static_cast<std::int64_t>(elements.size()) != model.layers)
    list.fail(fmt::format("{} elements", elements.size()),
              fmt::format("one for each of num_hidden_layers = {}", model.layers));
  for (const Node& element : elements) {
    const std::string word = element.is_scalar() ? element.text() : "";
    if (std::find(words.begin(), words.end(), word) == words.end())
      element.expected(fmt::format("one of {}", fmt::join(words, ", ")), nearest(word, words));
    result.push_back(word);
  }
  return result;
}

void set_layers(ModelDescription& model, const std::vector<LayerKind>& layers) {
  model.pattern = runs_of(layers);
}

}  // namespace headroom::families
