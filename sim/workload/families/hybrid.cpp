// Hybrids with Mamba-2: Nemotron-H and Nemotron 3, whose layers are one part each (M Mamba-2,
// * attention, - feed-forward, E experts), Granite 4 and Bamba, whose layers have a feed-forward
// part too, and Mamba-2 alone.
#include <fmt/format.h>

#include "sim/workload/families/registry.h"

namespace headroom::families {
namespace {

struct MambaKeys {
  std::string_view heads, head_dim, state, groups, convolution, chunk, bias;
};
constexpr MambaKeys nemotron_keys{
    "mamba_num_heads", "mamba_head_dim", "ssm_state_size", "n_groups",
    "conv_kernel",     "chunk_size",     "use_conv_bias"};
constexpr MambaKeys granite_keys{
    "mamba_n_heads", "mamba_d_head",     "mamba_d_state",  "mamba_n_groups",
    "mamba_d_conv",  "mamba_chunk_size", "mamba_conv_bias"};
constexpr MambaKeys mamba2_keys{
    "num_heads",   "head_dim",   "state_size",   "n_groups",
    "conv_kernel", "chunk_size", "use_conv_bias"};

void read_mamba(ModelDescription& model, const Node& document, const MambaKeys& keys) {
  Mamba& mamba = model.mamba;
  mamba.heads = size(document, keys.heads, max_heads);
  mamba.head_dim = size(document, keys.head_dim, max_head_dim);
  mamba.state = size(document, keys.state, max_head_dim);
  mamba.groups = size(document, keys.groups, max_heads);
  require_divisor(document[keys.groups], mamba.groups, keys.heads, mamba.heads);
  mamba.convolution = size_or(document, keys.convolution, 64, 4);
  mamba.chunk = size_or(document, keys.chunk, max_rows, 256);
  mamba.convolution_bias = flag(document, keys.bias, true);
}

// The layers of a pattern such as "M-M*ME".
std::vector<LayerKind> kinds_of(const Node& pattern) {
  std::vector<LayerKind> layers;
  for (const char letter : pattern.text()) {
    LayerKind kind;
    kind.mixer = letter == 'M' ? Mixer::mamba : letter == '*' ? Mixer::attention : Mixer::none;
    kind.feed_forward = letter == '-'   ? FeedForward::dense
                        : letter == 'E' ? FeedForward::experts
                                        : FeedForward::none;
    if (kind.mixer == Mixer::none && kind.feed_forward == FeedForward::none)
      pattern.fail(fmt::format("the letter '{}'", letter), "the letters M, *, - and E");
    layers.push_back(kind);
  }
  return layers;
}

std::vector<LayerKind> pattern_of(const ModelDescription& model, const Node& pattern) {
  const std::size_t letters = pattern.text().size();
  if (static_cast<std::int64_t>(letters) != model.layers)
    pattern.fail(fmt::format("{} layers", letters),
                 fmt::format("one letter for each of num_hidden_layers = {}", model.layers));
  return kinds_of(pattern);
}

// Beside num_nextn_predict_layers, Megatron-Core's names: weights that repeat and stay in bf16 are
// settings of training, which config.json of Hugging Face does not have.
void read_prediction(ModelDescription& model, const Node& document) {
  model.prediction_layers = count_or(document, "num_nextn_predict_layers", 64, 0);
  if (const Node pattern = document["mtp_hybrid_override_pattern"]; given(pattern))
    model.prediction_pattern = kinds_of(pattern);
  model.prediction_shared = flag(document, "mtp_use_repeated_layer", false);
  model.prediction_wide = flag(document, "keep_mtp_spec_in_bf16", false);
}

ModelDescription import_nemotron_h(const Node& document) {
  ModelDescription model = llama_style(document);
  model.gated = false;
  model.positions = Positions::none;
  read_mamba(model, document, nemotron_keys);
  const Node pattern = document.at("hybrid_override_pattern", "letters M, *, - and E");
  const std::vector<LayerKind> layers = pattern_of(model, pattern);
  set_layers(model, layers);
  read_prediction(model, document);
  if (pattern.text().find('E') == std::string::npos) return model;
  read_experts(model, document, "n_routed_experts", "num_experts_per_tok");
  read_expert_width(model, document, "moe_intermediate_size");
  model.experts.latent = size_or(document, "moe_latent_size", max_width, 0);
  model.experts.shared_ffn = size_or(document, "moe_shared_expert_intermediate_size", max_ffn, 0);
  return model;
}

ModelDescription import_granite(const Node& document) {
  ModelDescription model = llama_style(document);
  read_mamba(model, document, granite_keys);
  model.tied_embedding = flag(document, "tie_word_embeddings", true);
  if (given(document["position_embedding_type"]) &&
      document["position_embedding_type"].text() != "rope")
    model.positions = Positions::none;
  const std::int64_t experts = count_or(document, "num_local_experts", max_experts, 0);
  if (experts > 0) {
    read_experts(model, document, "num_local_experts", "num_experts_per_tok");
    read_expert_width(model, document, "intermediate_size");
    model.experts.shared_ffn = size(document, "shared_intermediate_size", max_ffn);
  } else {
    model.ffn = size_or(document, "shared_intermediate_size", max_ffn, model.ffn);
  }
  std::vector<LayerKind> layers;
  static_cast<void>(document.at("layer_types", "a list of 'mamba' and 'attention'"));
  for (const std::string& type : layer_types(model, document, {"mamba", "attention"})) {
    layers.emplace_back();
    if (type == "mamba") layers.back().mixer = Mixer::mamba;
    if (experts > 0) layers.back().feed_forward = FeedForward::experts;
  }
  set_layers(model, layers);
  return model;
}

ModelDescription import_bamba(const Node& document) {
  ModelDescription model = llama_style(document);
  read_mamba(model, document, granite_keys);
  LayerKind mamba;
  mamba.mixer = Mixer::mamba;
  std::vector<LayerKind> layers(static_cast<std::size_t>(model.layers), mamba);
  const Node attention = document.at("attn_layer_indices", "a list of layers");
  for (const Node& index : attention.elements())
    layers[static_cast<std::size_t>(index.integer(0, model.layers - 1))].mixer = Mixer::attention;
  set_layers(model, layers);
  return model;
}

ModelDescription import_mamba2(const Node& document) {
  ModelDescription model;
  model.positions = Positions::none;
  model.layers = size(document, "num_hidden_layers", max_layers);
  model.hidden = size(document, "hidden_size", max_width);
  model.vocab = size(document, "vocab_size", max_rows);
  model.embedding_width = model.hidden;
  model.tied_embedding = flag(document, "tie_word_embeddings", false);
  read_mamba(model, document, mamba2_keys);
  LayerKind kind;
  kind.mixer = Mixer::mamba;
  kind.feed_forward = FeedForward::none;
  model.pattern = {{kind, model.layers}};
  return model;
}

}  // namespace

std::vector<Family> hybrid() {
  return {{"nemotron_h", import_nemotron_h},
          {"granitemoehybrid", import_granite},
          {"bamba", import_bamba},
          {"mamba2", import_mamba2}};
}

}  // namespace headroom::families
