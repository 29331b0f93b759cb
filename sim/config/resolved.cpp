#include "sim/config/chip.h"
#include "sim/config/cluster.h"
#include "sim/config/cost.h"
#include "sim/config/die.h"
#include "sim/config/load.h"
#include "sim/config/memory.h"
#include "sim/config/plan.h"
#include "sim/config/power_use.h"
#include "sim/config/reliability.h"
#include "sim/config/stack.h"

namespace headroom {
namespace {

const char* word(Norm norm) { return norm == Norm::layer ? "layer" : "rms"; }

const char* word(Positions positions) {
  switch (positions) {
    case Positions::learned: return "learned";
    case Positions::rotary: return "rotary";
    case Positions::alibi: return "alibi";
    case Positions::relative: return "relative";
    case Positions::none: return "none";
  }
  return "";
}

config::Json write_pattern(const std::vector<LayerRun>& pattern) {
  static constexpr const char* mixers[] = {"attention", "mamba", "none"};
  static constexpr const char* feed_forwards[] = {"dense", "experts", "none"};
  config::Json result = config::Json::array();
  for (const LayerRun& run : pattern)
    result.push_back(
        {{"count", run.count},
         {"mixer", mixers[static_cast<int>(run.kind.mixer)]},
         {"feed_forward", feed_forwards[static_cast<int>(run.kind.feed_forward)]},
         {"window", run.kind.window},
         {"chunked", run.kind.chunked},
         {"causal", run.kind.causal},
         {"cross", run.kind.cross}});
  return result;
}

config::Json write_parts(const Latent& latent, const Experts& experts, const Mamba& mamba) {
  const auto& [q_rank, kv_rank, rope_dim, value_dim] = latent;
  const auto& [count, per_token, ffn, shared_ffn, narrow, shared_gate, router_bias] = experts;
  const auto& [heads, head_dim, state, groups, convolution, chunk, convolution_bias] = mamba;
  config::Json result = config::Json::object();
  if (kv_rank > 0)
    result["latent"] = {
        {"q_rank", q_rank}, {"kv_rank", kv_rank}, {"rope_dim", rope_dim}, {"value_dim", value_dim}};
  if (count > 0)
    result["experts"] = {
        {"count", count},
        {"per_token", per_token},
        {"ffn", ffn},
        {"shared_ffn", shared_ffn},
        {"latent", narrow},
        {"shared_gate", shared_gate},
        {"router_bias", router_bias}};
  if (heads > 0)
    result["mamba"] = {
        {"heads", heads},          {"head_dim", head_dim},       {"state", state},
        {"groups", groups},        {"convolution", convolution}, {"chunk", chunk},
        {"bias", convolution_bias}};
  return result;
}

// The bindings name every member, so that a new one cannot be forgotten here: it does not compile
// then. What only some models have is written for those that have it.
config::Json write_model(const ModelDescription& model) {
  const auto& [id, family, layers, hidden, heads, kv_heads, head_dim, ffn, gated, vocab,
               max_positions, embedding_width, position_rows, norm, positions, attention_bias,
               mlp_bias, clamped, final_norm, tied_embedding, qkv_bias, output_bias, norm_bias,
               query_key_norm, sinks, post_norm, parallel, parallel_norms, embedding_norm,
               head_transform, head_bias, relative_buckets, prediction_layers, prediction_shared,
               prediction_wide, other_parameters, dropout, attention_dropout, latent, experts,
               mamba, pattern, prediction_pattern] = model;
  static_cast<void>(id);  // a name or a path, which the outcome does not depend on
  config::Json result{
      {"family", family},
      {"layers", layers},
      {"hidden", hidden},
      {"heads", heads},
      {"kv_heads", kv_heads},
      {"head_dim", head_dim},
      {"ffn", ffn},
      {"gated", gated},
      {"vocab", vocab},
      {"max_positions", max_positions},
      {"embedding_width", embedding_width},
      {"position_rows", position_rows},
      {"norm", word(norm)},
      {"positions", word(positions)},
      {"attention_bias", attention_bias},
      {"mlp_bias", mlp_bias},
      {"clamped", clamped},
      {"final_norm", final_norm},
      {"tied_embedding", tied_embedding}};
  const ModelDescription plain;
  const auto add = [&](const char* key, auto value, auto usual) {
    if (value != usual) result[key] = value;
  };
  add("qkv_bias", qkv_bias, plain.qkv_bias);
  add("output_bias", output_bias, plain.output_bias);
  add("norm_bias", norm_bias, plain.norm_bias);
  add("query_key_norm", query_key_norm, plain.query_key_norm);
  add("sinks", sinks, plain.sinks);
  add("post_norm", post_norm, plain.post_norm);
  add("parallel", parallel, plain.parallel);
  add("parallel_norms", parallel_norms, plain.parallel_norms);
  add("embedding_norm", embedding_norm, plain.embedding_norm);
  add("head_transform", head_transform, plain.head_transform);
  add("head_bias", head_bias, plain.head_bias);
  add("relative_buckets", relative_buckets, plain.relative_buckets);
  add("prediction_layers", prediction_layers, plain.prediction_layers);
  add("prediction_shared", prediction_shared, plain.prediction_shared);
  add("prediction_wide", prediction_wide, plain.prediction_wide);
  add("other_parameters", other_parameters, plain.other_parameters);
  add("dropout", dropout, plain.dropout);
  add("attention_dropout", attention_dropout, plain.attention_dropout);
  result.update(write_parts(latent, experts, mamba));
  if (!pattern.empty()) result["pattern"] = write_pattern(pattern);
  if (!prediction_pattern.empty())
    result["prediction_pattern"] = write_pattern(runs_of(prediction_pattern));
  return result;
}

}  // namespace

config::Json resolved_model(const ModelDescription& model) { return write_model(model); }

config::Json resolved_chip(const ChipDescription& description) {
  config::Json chip = config::chip_record().write(description);
  chip["hbm"].update(config::write_device(description.hbm.device));
  return chip;
}

config::Json resolved(const Experiment& experiment) {
  return {
      {"model", resolved_model(experiment.model)},
      {"cluster", config::write_cluster(experiment.cluster)},
      {"chip", resolved_chip(experiment.chip)},
      {"die", config::die_use_record().write(experiment.die)},
      {"cost", config::write_cost_use(experiment.cost)},
      {"plan", config::plan_record().write(experiment.plan)},
      {"reliability", config::reliability_record().write(experiment.reliability)},
      {"power", config::power_use_record().write(experiment.power)},
      {"stack", config::stack_record().write(experiment.stack)},
      {"fidelity", config::fidelity_record().write(experiment.fidelity)}};
}

}  // namespace headroom
