#include "sim/workload/terse.h"

#include <fmt/format.h>

#include "sim/workload/families/reader.h"

namespace headroom {
namespace {

using config::integer;
using config::Node;
using config::Record;
using namespace families;

const Record<Latent>& latent_record() {
  static const auto
      record = Record<Latent>("multi-head latent attention; kv_rank 0: none")
                   .optional("q_rank", &Latent::q_rank, integer(0, max_width), "0",
                             "width of the queries' latent; 0: none")
                   .optional("kv_rank", &Latent::kv_rank, integer(0, max_width), "0",
                             "width of the latent of keys and values")
                   .optional("rope_dim", &Latent::rope_dim, integer(0, max_head_dim), "0",
                             "features of head_dim that carry the position")
                   .optional("value_dim", &Latent::value_dim, integer(0, max_head_dim), "0",
                             "features of a head's values; 0: head_dim");
  return record;
}

const Record<Mamba>& mamba_record() {
  static const auto
      record = Record<Mamba>("Mamba-2 of the layers M of the pattern; heads 0: none")
                   .optional("heads", &Mamba::heads, integer(0, max_heads), "0", "of the scan")
                   .optional("head_dim", &Mamba::head_dim, integer(1, max_head_dim), "64",
                             "features of a head")
                   .optional("state", &Mamba::state, integer(1, max_head_dim), "128",
                             "numbers of state per feature")
                   .optional("groups", &Mamba::groups, integer(1, max_heads), "1",
                             "of heads that share B and C")
                   .optional("convolution", &Mamba::convolution, integer(1, 64), "4", "taps")
                   .optional("chunk", &Mamba::chunk, integer(1, max_rows), "256",
                             "tokens that the scan works on as products")
                   .optional("bias", &Mamba::convolution_bias, config::boolean(), "true",
                             "of the convolution");
  return record;
}

using Terse = TerseModel;

void declare_sizes(Record<Terse>& record) {
  record.required("layers", &Terse::layers, integer(1, max_layers), "of the whole model")
      .required("hidden", &Terse::hidden, integer(1, max_width), "features of a token's vector")
      .required("heads", &Terse::heads, integer(1, max_heads), "of the queries")
      .optional("kv_heads", &Terse::kv_heads, integer(0, max_heads), "0",
                "of keys and values; 0: as many as heads")
      .optional("head_dim", &Terse::head_dim, integer(0, max_head_dim), "0",
                "features of a head; 0: hidden / heads")
      .required("ffn", &Terse::ffn, integer(1, max_ffn), "width of the dense feed-forward layer")
      .required("vocab", &Terse::vocab, integer(1, max_rows), "rows of the embedding")
      .optional("max_positions", &Terse::max_positions, integer(0, max_rows), "0",
                "longest sequence; 0: not stated");
}

void declare_parts(Record<Terse>& record) {
  const auto yes_or_no =
      [&](const char* key, bool Terse::*member, const char* fallback, const char* meaning) {
        record.optional(key, member, config::boolean(), fallback, meaning);
      };
  yes_or_no("gated", &Terse::gated, "true", "gate, up and down instead of up and down");
  yes_or_no("bias", &Terse::bias, "false", "of the linear layers of attention and feed-forward");
  yes_or_no("qkv_bias", &Terse::qkv_bias, "false", "of queries, keys and values alone");
  record.optional(
      "norm", &Terse::norm, config::word<Norm>({{"rms", Norm::rms}, {"layer", Norm::layer}}), "rms",
      "of each half of a layer");
  yes_or_no("norm_bias", &Terse::norm_bias, "true", "layer norm shifts beside scaling");
  yes_or_no("query_key_norm", &Terse::query_key_norm, "false", "RMS norm of queries and keys");
  yes_or_no("post_norm", &Terse::post_norm, "false", "a second norm behind each half of a layer");
  record.optional(
      "positions", &Terse::positions,
      config::word<Positions>(
          {{"rotary", Positions::rotary},
           {"learned", Positions::learned},
           {"alibi", Positions::alibi},
           {"none", Positions::none}}),
      "rotary", "how positions enter; learned: max_positions rows");
  yes_or_no("tied_embedding", &Terse::tied_embedding, "false", "the head is the embedding");
  yes_or_no("parallel", &Terse::parallel, "false", "attention beside feed-forward, one norm");
  yes_or_no("causal", &Terse::causal, "true", "false: every token sees every other");
  yes_or_no("dropout", &Terse::dropout, "false", "behind embedding and each half of a layer");
  yes_or_no("attention_dropout", &Terse::attention_dropout, "false",
            "of attention's scores, where the stack keeps them");
}

void declare_kinds(Record<Terse>& record) {
  record
      .optional("window", &Terse::window, integer(0, max_rows), "0",
                "keys that a query sees at most; 0: all")
      .optional("full_every", &Terse::full_every, integer(0, max_layers), "0",
                "every so many layers one without window; 0: none")
      .optional("experts", &Terse::experts, integer(0, max_experts), "0", "routed ones of a layer")
      .optional("experts_per_token", &Terse::experts_per_token, integer(0, max_experts), "0",
                "routed experts that a token goes to")
      .optional("expert_ffn", &Terse::expert_ffn, integer(0, max_ffn), "0", "width of one; 0: ffn")
      .optional("shared_experts", &Terse::shared_experts, integer(0, max_experts), "0",
                "experts that every token goes to beside them")
      .optional("dense_layers", &Terse::dense_layers, integer(0, max_layers), "0",
                "first layers without experts")
      .optional("experts_every", &Terse::experts_every, integer(1, max_layers), "1",
                "of so many layers the last has experts")
      .optional("prediction_layers", &Terse::prediction_layers, integer(0, 64), "0",
                "modules of multi-token prediction")
      .optional(
          "pattern", &Terse::pattern, config::text(), "''",
          "a letter per layer: M Mamba-2, * attention, - feed-forward, E experts, each alone; "
          "empty: attention and feed-forward in every layer")
      .group("latent", &Terse::latent, latent_record())
      .group("mamba", &Terse::mamba, mamba_record());
}

void set_heads(ModelDescription& model, const Terse& terse, const Node& document) {
  model.heads = terse.heads;
  model.kv_heads = terse.kv_heads > 0 ? terse.kv_heads : terse.heads;
  require_divisor(config::bare(document["kv_heads"]), model.kv_heads, "heads", model.heads);
  model.head_dim = terse.head_dim;
  if (model.head_dim == 0) split_heads(model, document, "heads", "hidden");
  model.latent = terse.latent;
  if (model.latent.kv_rank == 0) return;
  if (model.latent.value_dim == 0) model.latent.value_dim = model.head_dim;
  if (model.latent.rope_dim >= model.head_dim)
    config::bare(document["latent"]["rope_dim"])
        .expected(fmt::format("fewer than head_dim = {}", model.head_dim));
}

void set_experts(ModelDescription& model, const Terse& terse, const Node& document) {
  if (terse.experts == 0) return;
  Experts& experts = model.experts;
  experts.count = terse.experts;
  experts.per_token = terse.experts_per_token;
  if (experts.per_token < 1 || experts.per_token > experts.count)
    config::bare(document["experts_per_token"])
        .expected(fmt::format("a whole number from 1 to experts = {}", experts.count));
  experts.ffn = terse.expert_ffn > 0 ? terse.expert_ffn : terse.ffn;
  if (experts.ffn > max_ffn / experts.count)
    config::bare(document["expert_ffn"])
        .expected(fmt::format(
            "at most {} for each of {} experts", max_ffn / experts.count, experts.count));
  experts.shared_ffn = terse.shared_experts * experts.ffn;
}

LayerKind letter_kind(const Terse& terse, char letter, const Node& pattern) {
  LayerKind kind;
  const std::string_view letters = "M*-E";
  if (letters.find(letter) == std::string_view::npos)
    pattern.fail(fmt::format("the letter '{}'", letter), "the letters M, *, - and E");
  kind.mixer = letter == 'M' ? Mixer::mamba : letter == '*' ? Mixer::attention : Mixer::none;
  kind.feed_forward = letter == '-'   ? FeedForward::dense
                      : letter == 'E' ? FeedForward::experts
                                      : FeedForward::none;
  if (letter == '*') kind.window = terse.window, kind.causal = terse.causal;
  if (letter == 'M' && terse.mamba.heads == 0)
    pattern.fail("a layer M", "mamba.heads of at least 1 beside it");
  if (letter == 'E' && terse.experts == 0)
    pattern.fail("a layer E", "experts of at least 1 beside it");
  return kind;
}

std::vector<LayerKind> layers_of(const Terse& terse, const Node& document) {
  std::vector<LayerKind> layers;
  const Node pattern = config::bare(document["pattern"]);
  if (!terse.pattern.empty() && static_cast<std::int64_t>(terse.pattern.size()) != terse.layers)
    pattern.fail(fmt::format("{} letters", terse.pattern.size()),
                 fmt::format("one for each of layers = {}", terse.layers));
  for (std::int64_t i = 0; i < terse.layers; ++i) {
    if (!terse.pattern.empty()) {
      layers.push_back(letter_kind(terse, terse.pattern[static_cast<std::size_t>(i)], pattern));
      continue;
    }
    LayerKind kind;
    const bool full = terse.full_every > 0 && (i + 1) % terse.full_every == 0;
    kind.window = full ? 0 : terse.window;
    kind.causal = terse.causal;
    if (terse.experts > 0 && i >= terse.dense_layers && (i + 1) % terse.experts_every == 0)
      kind.feed_forward = FeedForward::experts;
    layers.push_back(kind);
  }
  return layers;
}

}  // namespace

const Record<TerseModel>& terse_record() {
  static const auto record = [] {
    Record<Terse> r("a model in a few keys");
    declare_sizes(r);
    declare_parts(r);
    declare_kinds(r);
    return r;
  }();
  return record;
}

const Record<CutModel>& cut_record() {
  static const auto
      record = Record<CutModel>("the first layers of a model")
                   .required("base", &CutModel::base, config::text(),
                             "a folder of configs/models, or the path of a file")
                   .required(
                       "layers", &CutModel::layers, integer(1, max_layers), "of it that are kept");
  return record;
}

bool is_terse(const Node& document) {
  return document.is_mapping() && document["layers"].exists() && !document["model_type"].exists();
}

ModelDescription import_terse(const Node& document, const std::string& id) {
  const Terse terse = terse_record().read(document);
  ModelDescription model;
  model.id = id;
  model.family = "terse";
  model.layers = terse.layers;
  model.hidden = model.embedding_width = terse.hidden;
  set_heads(model, terse, document);
  model.ffn = terse.ffn;
  model.vocab = terse.vocab;
  model.max_positions = terse.max_positions;
  model.gated = terse.gated;
  model.attention_bias = model.mlp_bias = terse.bias;
  model.qkv_bias = terse.qkv_bias;
  model.norm = terse.norm;
  model.norm_bias = terse.norm_bias;
  model.query_key_norm = terse.query_key_norm;
  model.post_norm = terse.post_norm;
  model.positions = terse.positions;
  if (terse.positions == Positions::learned) {
    if (terse.max_positions == 0)
      config::bare(document["max_positions"]).expected("at least 1 where positions are learned");
    model.position_rows = terse.max_positions;
  }
  model.tied_embedding = terse.tied_embedding;
  model.parallel = terse.parallel;
  model.dropout = terse.dropout;
  model.attention_dropout = terse.attention_dropout;
  model.prediction_layers = terse.prediction_layers;
  set_experts(model, terse, document);
  model.mamba = terse.mamba;
  if (model.mamba.heads > 0)
    require_divisor(config::bare(document["mamba"]["groups"]), model.mamba.groups, "mamba.heads",
                    model.mamba.heads);
  set_layers(model, layers_of(terse, document));
  return model;
}

ModelDescription cut(const Node& document, ModelDescription model) {
  const CutModel keys = cut_record().read(document);
  if (keys.layers > model.layers)
    config::bare(document["layers"])
        .expected(fmt::format("at most the {} layers of {}", model.layers, model.id));
  std::vector<LayerRun> pattern;
  std::int64_t left = keys.layers;
  for (const LayerRun& run : model.pattern) {
    const std::int64_t count = std::min(left, run.count);
    if (count > 0) pattern.push_back({run.kind, count});
    left -= count;
  }
  model.pattern = pattern;
  model.id = fmt::format("{}, {} layers", model.id, keys.layers);
  model.layers = keys.layers;
  return model;
}

}  // namespace headroom
