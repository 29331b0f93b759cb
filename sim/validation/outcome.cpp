#include "sim/validation/outcome.h"

#include <array>
#include <string_view>

namespace headroom::validation {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> status_names{"used", "unknown_convention", "skipped"};

Status status_of(const std::string& name) {
  for (std::size_t i = 0; i < status_names.size(); ++i)
    if (name == status_names[i]) return static_cast<Status>(i);
  return Status::skipped;
}

Json pairs_to_json(const std::vector<std::pair<std::string, double>>& pairs) {
  Json json = Json::object();
  for (const auto& [name, share] : pairs) json[name] = share;
  return json;
}

std::vector<std::pair<std::string, double>> pairs_of(const Json& json) {
  std::vector<std::pair<std::string, double>> pairs;
  for (const auto& [name, share] : json.items()) pairs.emplace_back(name, share.get<double>());
  return pairs;
}

}  // namespace

Json to_json(const RunOutcome& outcome) {
  Json json{
      {"id", outcome.id},
      {"source", outcome.source},
      {"chip", outcome.chip},
      {"model", outcome.model},
      {"status", status_names[static_cast<std::size_t>(outcome.status)]}};
  if (outcome.status == Status::skipped) {
    json["reason"] = outcome.reason;
    return json;
  }
  json["predicted_tflops_per_chip"] = outcome.predicted_tflops;
  if (outcome.status == Status::used) {
    json["published_tflops_per_chip"] = outcome.published_tflops;
    json["error_pct"] = outcome.error_pct;
    json["compared_by"] = outcome.figure;
    json["published_step_time_s"] = outcome.published_step_s;
  }
  if (outcome.interval)
    json["interval"] = {
        {"level", Interval::level},
        {"low_tflops_per_chip", outcome.interval->low_tflops},
        {"high_tflops_per_chip", outcome.interval->high_tflops},
        {"inputs", pairs_to_json(outcome.interval->inputs)}};
  json["flops_convention"] = outcome.convention;
  json["predicted_step_time_s"] = outcome.predicted_step_s;
  json["bound_by"] = outcome.bound_by;
  json["fits"] = outcome.fits;
  json["plan"] = outcome.plan;
  json["framework"] = outcome.framework;
  json["stack"] = outcome.stack;
  json["cluster"] = outcome.cluster;
  json["default_network"] = outcome.default_network;
  json["time_share"] = pairs_to_json(outcome.time);
  json["assumptions"] = outcome.assumptions;
  json["config_digest"] = outcome.digest;
  return json;
}

RunOutcome outcome_from_json(const Json& json) {
  RunOutcome outcome;
  const auto take = [&](const char* key, auto& member) {
    if (json.contains(key)) json.at(key).get_to(member);
  };
  outcome.status = status_of(json.at("status").get<std::string>());
  take("id", outcome.id);
  take("source", outcome.source);
  take("chip", outcome.chip);
  take("model", outcome.model);
  take("reason", outcome.reason);
  take("predicted_tflops_per_chip", outcome.predicted_tflops);
  take("published_tflops_per_chip", outcome.published_tflops);
  take("error_pct", outcome.error_pct);
  take("compared_by", outcome.figure);
  take("published_step_time_s", outcome.published_step_s);
  take("flops_convention", outcome.convention);
  take("predicted_step_time_s", outcome.predicted_step_s);
  take("bound_by", outcome.bound_by);
  take("fits", outcome.fits);
  take("plan", outcome.plan);
  take("framework", outcome.framework);
  take("stack", outcome.stack);
  take("cluster", outcome.cluster);
  take("default_network", outcome.default_network);
  if (json.contains("interval")) {
    const Json& interval = json.at("interval");
    outcome.interval = Interval{
        interval.at("low_tflops_per_chip").get<double>(),
        interval.at("high_tflops_per_chip").get<double>(), pairs_of(interval.at("inputs"))};
  }
  if (json.contains("time_share")) outcome.time = pairs_of(json.at("time_share"));
  take("assumptions", outcome.assumptions);
  take("config_digest", outcome.digest);
  return outcome;
}

}  // namespace headroom::validation
