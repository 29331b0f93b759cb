// The model of a published run.
#include <fmt/format.h>

#include <cmath>

#include "sim/validation/resolve.h"
#include "sim/workload/import.h"
#include "sim/workload/terse.h"

namespace headroom::validation {
namespace {

// Parameter counts further apart than this are pointed out: another vocabulary or position table
// makes less.
constexpr double notable_difference = 0.03;

ModelDescription gpt() {
  ModelDescription model;
  model.family = "gpt";
  model.norm = Norm::layer;
  model.positions = Positions::learned;
  return model;
}

ModelDescription llama() {
  ModelDescription model;
  model.family = "llama";
  model.gated = true;
  return model;
}

const ModelName* name_of(const PublishedRun& run, const RunTables& tables) {
  for (const ModelName& name : tables.models)
    if (name.match.matches(run.model)) return &name;
  return nullptr;
}

void take(std::int64_t& dimension, std::int64_t from_table) {
  if (from_table > 0) dimension = from_table;
}

ModelDescription named_model(const ModelName& name, const Context& context) {
  if (!name.config.empty()) return load_model(*context.paths.find("models", name.config));
  ModelDescription model = name.style == "gpt" ? gpt() : llama();
  model.tied_embedding = name.tied_embedding;
  model.attention_bias = model.mlp_bias = name.bias;
  take(model.layers, name.layers);
  take(model.hidden, name.hidden);
  take(model.heads, name.heads);
  take(model.kv_heads, name.kv_heads);
  take(model.head_dim, name.head_dim);
  take(model.ffn, name.ffn);
  take(model.vocab, name.vocab);
  return model;
}

// The row's own dimensions over those of its name; what neither states follows from the others.
void take_row(const PublishedRun& run, ModelDescription& model, bool own_head_dim,
              std::vector<std::string>& assumptions) {
  const auto need = [](std::int64_t value, const char* column) {
    if (value == 0)
      throw Skipped{fmt::format("model: the row has no {} and its name stands for none", column)};
  };
  const std::int64_t named_heads = model.heads;
  model.layers = run.layers.value_or(model.layers);
  model.hidden = run.hidden.value_or(model.hidden);
  model.heads = run.heads.value_or(model.heads);
  need(model.layers, "layers");
  need(model.hidden, "hidden");
  need(model.heads, "heads");
  if (run.kv_heads) model.kv_heads = *run.kv_heads;
  if (model.kv_heads == 0 || (!run.kv_heads && model.kv_heads == named_heads))
    model.kv_heads = model.heads;
  if (!own_head_dim) {
    if (model.hidden % model.heads != 0)
      throw Skipped{fmt::format(
          "model: {} heads do not divide a hidden width of {}", model.heads, model.hidden)};
    model.head_dim = model.hidden / model.heads;
  }
  model.ffn = run.ffn.value_or(model.ffn);
  if (model.ffn == 0 && !model.gated) {
    model.ffn = 4 * model.hidden;
    assumptions.push_back(fmt::format("model: feed-forward width 4 x hidden = {}", model.ffn));
  }
  need(model.ffn, "ffn_hidden");
  if (!run.vocab && model.vocab > 0)
    assumptions.push_back(fmt::format("model: vocabulary {} from its name", model.vocab));
  model.vocab = run.vocab.value_or(model.vocab);
  need(model.vocab, "vocab");
  model.embedding_width = model.hidden;
  if (model.heads % model.kv_heads != 0)
    throw Skipped{fmt::format(
        "model: {} key-value heads do not divide {} heads", model.kv_heads, model.heads)};
}

// Layers of several kinds, experts or latents: the dimensions of a row do not say all of them.
bool is_whole(const ModelDescription& model) {
  return !model.pattern.empty() || model.experts.count > 0 || model.latent.kv_rank > 0;
}

// A published model as it is, or its first layers; a row may pad the vocabulary.
void take_whole(const PublishedRun& run, const Context& context, const ModelName& name,
                ModelDescription& model, std::vector<std::string>& assumptions) {
  if (run.layers && *run.layers != model.layers) {
    const std::string keys = fmt::format("{{base: {}, layers: {}}}", name.config, *run.layers);
    model = cut(
        config::Node::parse(keys, run.id), load_model(*context.paths.find("models", name.config)));
  }
  model.vocab = run.vocab.value_or(model.vocab);
  assumptions.push_back(fmt::format("model: dimensions of {} ({})", run.model, name.source));
}

double apart(const ModelDescription& model, double parameters) {
  return std::fabs(static_cast<double>(model.parameters()) / parameters - 1);
}

// A name that no table has: the architecture whose parameters come closer to the row's number.
ModelDescription unnamed_model(const PublishedRun& run, std::vector<std::string>& assumptions) {
  if (!run.layers)
    throw Skipped{
        fmt::format("model: '{}' is not described yet and the row has no dimensions", run.model)};
  if (!run.parameters)
    throw Skipped{fmt::format(
        "model: '{}' is not described yet and the row states no number of "
        "parameters to tell its architecture by",
        run.model)};
  std::vector<std::string> of_gpt, of_llama;
  ModelDescription plain = gpt(), gated = llama();
  plain.tied_embedding = true;
  take_row(run, plain, false, of_gpt);
  if (run.ffn) {
    take_row(run, gated, false, of_llama);
    if (apart(gated, *run.parameters) < apart(plain, *run.parameters)) {
      assumptions.emplace_back("model: gated, RMS norm, rotary, by its number of parameters");
      return gated;
    }
  }
  assumptions.insert(assumptions.end(), of_gpt.begin(), of_gpt.end());
  assumptions.emplace_back(
      "model: not gated, layer norm, learned positions, tied embedding, by its number of "
      "parameters");
  return plain;
}

}  // namespace

ModelDescription resolve_model(
    const PublishedRun& run, const Context& context, std::vector<std::string>& assumptions) {
  ModelDescription model;
  const ModelName* name = name_of(run, context.tables);
  if (name == nullptr) {
    model = unnamed_model(run, assumptions);
  } else {
    if (!name->missing.empty()) throw Skipped{fmt::format("model: {}", name->missing)};
    model = named_model(*name, context);
    if (!name->config.empty() && is_whole(model)) {
      take_whole(run, context, *name, model, assumptions);
    } else {
      if (!run.layers || !run.hidden || !run.heads)
        assumptions.push_back(fmt::format("model: dimensions of {} ({})", run.model, name->source));
      take_row(run, model, name->head_dim > 0, assumptions);
    }
  }
  model.id = run.model;
  if (model.positions == Positions::learned && run.sequence)
    model.position_rows = std::max(model.position_rows, *run.sequence);
  model.max_positions = 0;  // the run has shown that its sequences fit
  if (run.parameters && apart(model, *run.parameters) > notable_difference)
    assumptions.push_back(fmt::format(
        "model: {:.2f} thousand million parameters, the row states {:.2f}",
        static_cast<double>(model.parameters()) / 1e9, *run.parameters / 1e9));
  return model;
}

}  // namespace headroom::validation
