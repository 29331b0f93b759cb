// What the readers of all families share: bounds, keys that may be left out, and the keys that most
// decoders since Llama have in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/node.h"
#include "sim/workload/model.h"

namespace headroom::families {

using config::Node;

// A family of models: its `model_type` and the reader of its config.json.
struct Family {
  std::string_view name;
  ModelDescription (*import)(const Node& document);
};

// The largest sizes taken. No model comes near them, and products of them stay below 2^63.
inline constexpr std::int64_t max_layers = std::int64_t{1} << 14;
inline constexpr std::int64_t max_heads = std::int64_t{1} << 14;
inline constexpr std::int64_t max_head_dim = std::int64_t{1} << 12;
inline constexpr std::int64_t max_width = std::int64_t{1} << 20;
inline constexpr std::int64_t max_ffn = std::int64_t{1} << 24;   // of all experts together, too
inline constexpr std::int64_t max_rows = std::int64_t{1} << 28;  // of an embedding table
inline constexpr std::int64_t max_experts = std::int64_t{1} << 14;

// null counts as left out.
[[nodiscard]] bool given(const Node& value);
[[nodiscard]] std::int64_t size(const Node& document, std::string_view key, std::int64_t most);
[[nodiscard]] std::int64_t size_or(
    const Node& document, std::string_view key, std::int64_t most, std::int64_t otherwise);
// A whole number that may be 0; `otherwise` where it is left out.
[[nodiscard]] std::int64_t count_or(
    const Node& document, std::string_view key, std::int64_t most, std::int64_t otherwise);
[[nodiscard]] bool flag(const Node& document, std::string_view key, bool otherwise);

// Whether a rate of dropout, in [0, 1], is above 0; `otherwise` is the family's own default.
[[nodiscard]] bool drops(const Node& document, std::string_view key, bool otherwise);

void require_divisor(const Node& part, std::int64_t value, std::string_view whole_key,
                     std::int64_t whole);

// Heads of equal width that share `hidden`: sets head_dim.
void split_heads(ModelDescription& model, const Node& document, std::string_view heads_key,
                 std::string_view hidden_key);

// Layer norm, learned positions and biases, as GPT-2 and OPT have them.
[[nodiscard]] ModelDescription gpt_style();

// Llama's keys; what may be left out takes Llama's defaults.
[[nodiscard]] ModelDescription llama_style(const Node& document);

// Where a model of text is a part of one that sees (text_config), that part.
[[nodiscard]] Node text_part(const Node& document);

// Reads the number of experts and how many a token goes to.
void read_experts(ModelDescription& model, const Node& document, std::string_view count_key,
                  std::string_view per_token_key);
// The width of one expert.
void read_expert_width(ModelDescription& model, const Node& document, std::string_view key);

// One word of layer_types per layer; none where the key is left out. Anything but a list of
// model.layers of the words is an error.
[[nodiscard]] std::vector<std::string> layer_types(
    const ModelDescription& model, const Node& document, const std::vector<std::string>& words);

// Gives the pattern one layer after the other.
void set_layers(ModelDescription& model, const std::vector<LayerKind>& layers);

}  // namespace headroom::families
