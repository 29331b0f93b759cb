#include "sim/report/json.h"

#include <algorithm>
#include <string>

#include "sim/report/causes.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

Json value(const Maybe& number) { return number ? Json(*number) : Json(nullptr); }

Json waterfall_json(const Result& result) {
  Json rows = Json::array();
  for (const WaterfallStep& step : result.waterfall)
    rows.push_back(
        {{"name", step.name},
         {"tflops_per_chip", step.tflops_per_chip},
         {"lost_to", step.lost_to}});
  return rows;
}

Json time_json(const TimeBreakdown& time) {
  Json block{{"ideal_s", time.ideal_s}};
  for (const Cause& cause : causes(time)) {
    const auto dot = cause.path.find('.');
    if (dot == std::string::npos)
      block[cause.path] = value(cause.seconds);
    else
      block[cause.path.substr(0, dot)][cause.path.substr(dot + 1)] = value(cause.seconds);
  }
  return block;
}

Json memory_json(const MemoryUse& memory) {
  return {
      {"capacity_bytes", memory.capacity_bytes},   {"peak_bytes", memory.peak_bytes},
      {"weights_bytes", memory.weights_bytes},     {"gradients_bytes", memory.gradients_bytes},
      {"optimizer_bytes", memory.optimizer_bytes}, {"activations_bytes", memory.activations_bytes}};
}

Json power_json(const Result& result) {
  const auto& power = result.power;
  return {
      {"chip_w", value(power.chip_w)},
      {"cap_w", power.cap_w},
      {"clock_hz",
       {{"nameplate", power.clock_nameplate_hz},
        {"matrix", power.clock_matrix_hz},
        {"average", value(power.clock_average_hz)}}},
      {"energy_per_token_j", value(power.energy_per_token_j)},
      {"breakdown_w",
       {{"matrix", value(power.matrix_w)},
        {"vector", value(power.vector_w)},
        {"sram", value(power.sram_w)},
        {"network_on_chip", value(power.network_on_chip_w)},
        {"hbm", value(power.hbm_w)},
        {"links", value(power.links_w)},
        {"leakage", value(power.leakage_w)},
        {"fixed", value(power.fixed_w)}}}};
}

Json cost_json(const Result& result) {
  const auto& cost = result.cost;
  return {
      {"usd_per_million_tokens", value(cost.usd_per_million_tokens)},
      {"usd_per_million_tokens_maker", value(cost.usd_per_million_tokens_maker)},
      {"energy_per_token_j", value(cost.energy_per_token_j)},
      {"list_price_usd", value(cost.list_price_usd)},
      {"chip_cost_usd", value(cost.chip_cost_usd)},
      {"system_usd", value(cost.system_usd)}};
}

Json part_names(const std::vector<LayerPart>& parts) {
  Json names = Json::array();
  for (const LayerPart part : parts) names.push_back(to_string(part));
  return names;
}

Json setup_json(const Setup& setup) {
  const Plan& plan = setup.plan;
  return {
      {"model", setup.model},
      {"chip", setup.chip},
      {"cluster", setup.cluster},
      {"chips", setup.chips},
      {"plan",
       {{"data", plan.data},
        {"tensor", plan.tensor},
        {"pipeline", plan.pipeline},
        {"virtual_pipeline", plan.virtual_pipeline},
        {"schedule", to_string(plan.schedule)},
        {"context", plan.context},
        {"context_method", to_string(plan.context_method)},
        {"expert", plan.expert},
        {"sharding", to_string(plan.sharding)},
        {"shard_group", plan.shard_group},
        {"micro_batch", plan.micro_batch},
        {"global_batch", plan.global_batch},
        {"sequence", plan.sequence},
        {"recompute", to_string(plan.recompute)},
        {"recompute_parts", part_names(plan.recompute_parts)},
        {"recompute_layers", plan.recompute_layers},
        {"format", to_string(plan.format)},
        {"optimizer", to_string(plan.optimizer)},
        {"optimizer_state", to_string(plan.optimizer_state)},
        {"offload", to_string(plan.offload)}}}};
}

// Is `path`, or a parent of it, named by an entry "path" or "path: reason"?
bool is_listed(const std::vector<std::string>& entries, const std::string& path) {
  return std::any_of(entries.begin(), entries.end(), [&path](const std::string& entry) {
    const std::string head = entry.substr(0, entry.find(':'));
    return path == head || path.rfind(head + ".", 0) == 0;
  });
}

void collect_nulls(const Json& node, const std::string& path, std::vector<std::string>& nulls) {
  if (node.is_null()) nulls.push_back(path);
  if (!node.is_object()) return;
  for (const auto& [key, child] : node.items())
    collect_nulls(child, path.empty() ? key : path + "." + key, nulls);
}

}  // namespace

Json to_json(const Result& result) {
  const auto& step = result.step;
  const auto& rate = result.throughput;
  Json document{
      {"schema", "headroom.result/1"},
      {"experiment", result.experiment},
      {"version", result.version},
      {"config_digest", result.config_digest},
      {"fidelity",
       {{"matrix_engine", result.fidelity.matrix_engine},
        {"vector_unit", result.fidelity.vector_unit},
        {"hbm", result.fidelity.hbm},
        {"link", result.fidelity.link}}},
      {"step",
       {{"time_s", step.time_s},
        {"tokens", step.tokens},
        {"model_flops", step.model_flops},
        {"hardware_flops", step.hardware_flops}}},
      {"throughput",
       {{"tokens_per_s", rate.tokens_per_s},
        {"tokens_per_s_per_chip", rate.tokens_per_s_per_chip},
        {"model_tflops_per_chip", rate.model_tflops_per_chip},
        {"mfu", rate.mfu},
        {"mfu_bf16", rate.mfu_bf16},
        {"hfu", rate.hfu},
        {"goodput", value(rate.goodput)}}},
      {"waterfall", waterfall_json(result)},
      {"time", time_json(result.time)},
      {"overlapped",
       {{"communication_s", result.overlapped.communication_s},
        {"vector_s", result.overlapped.vector_s}}},
      {"memory", memory_json(result.memory)},
      {"power", power_json(result)},
      {"die",
       {{"area_mm2", value(result.die.area_mm2)},
        {"yield", value(result.die.yield)},
        {"cost_usd", value(result.die.cost_usd)}}},
      {"cost", cost_json(result)},
      {"bound_by", result.bound_by},
      {"assumed", result.assumed},
  };
  std::vector<std::string> nulls;
  collect_nulls(document, "", nulls);
  std::vector<std::string> not_modelled = result.not_modelled;
  for (const std::string& path : nulls)
    if (!is_listed(not_modelled, path)) not_modelled.push_back(path);
  document["not_modelled"] = not_modelled;
  document["setup"] = setup_json(result.setup);
  document["simulation"] = {
      {"wall_s", result.simulation.wall_s},
      {"events", result.simulation.events},
      {"peak_rss_bytes", result.simulation.peak_rss_bytes}};
  return document;
}

void write_json(const Result& result, std::ostream& out) {
  // Names come from files: bytes that are no UTF-8 are replaced instead of ending the run.
  out << to_json(result).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace headroom
