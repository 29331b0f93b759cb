#include "sim/sweep/sensitivity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "sim/config/chip.h"
#include "sim/config/cluster.h"
#include "sim/sweep/evaluate.h"
#include "sim/sweep/export.h"
#include "sim/sweep/key.h"

namespace headroom::sweep {

using config::Assignment;
using config::Node;

namespace {

// Numbers that move together, in SI.
struct Numbers {
  std::string path;
  std::vector<std::pair<std::string, double>> values;
};

std::string text_of(const std::string& path, double si) {
  const std::string unit = si_unit(path).value_or("");
  const std::string number = fmt::format("{:.12g}", si);
  return unit.empty() ? number : number + ' ' + unit;
}

// Numbers of a mapping as its record writes it. What is published of the chip is no part of it.
void collect(const config::Json& node, const std::string& path, std::vector<Numbers>& levers) {
  if (path == "chip.published_peak") return;
  if (node.is_object()) {
    for (const auto& [key, child] : node.items()) collect(child, path + '.' + key, levers);
    return;
  }
  if (!node.is_number() || node.get<double>() == 0 || !si_unit(path)) return;
  const double si = node.get<double>();
  const std::string clocks = "chip.clock";
  const bool is_clock = path.rfind(clocks + '.', 0) == 0;
  if (is_clock && !levers.empty() && levers.back().path == clocks)
    levers.back().values.emplace_back(path, si);
  else
    levers.push_back({is_clock ? clocks : path, {{path, si}}});
}

std::vector<Numbers> levers_of(const Experiment& experiment) {
  std::vector<Numbers> levers;
  collect(config::chip_record().write(experiment.chip), "chip", levers);
  const config::Json cluster = config::write_cluster(experiment.cluster);
  for (const char* part : {"scale_out", "oversubscription", "host_time", "host"})
    if (cluster.contains(part)) collect(cluster[part], std::string("cluster.") + part, levers);
  return levers;
}

Effect effect_of(const Row& row, const Row& base) {
  Effect effect;
  effect.reason = row.reason;
  const auto ratio = [&](const char* path, bool inverse) -> std::optional<double> {
    const auto now = number_at(row.result, path), before = number_at(base.result, path);
    if (!now || !before || *now == 0 || *before == 0) return std::nullopt;
    return inverse ? *before / *now : *now / *before;
  };
  effect.throughput = ratio("throughput.tokens_per_s", false);
  effect.tokens_per_joule = ratio("power.energy_per_token_j", true);
  effect.tokens_per_dollar = ratio("cost.usd_per_million_tokens", true);
  return effect;
}

double elasticity(const Lever& lever) {
  const auto &less = lever.effects[0].throughput, &more = lever.effects[1].throughput;
  if (less && more) return std::log(*more / *less) / std::log(factors[1] / factors[0]);
  if (less) return std::log(*less) / std::log(factors[0]);
  if (more) return std::log(*more) / std::log(factors[1]);
  return 0;
}

}  // namespace

Sensitivity sensitivity(const std::filesystem::path& file, const config::ConfigPaths& paths,
                        const std::vector<std::string>& assignments, const std::string& fidelity) {
  Sweep sweep;
  sweep.name = file.stem().string();
  sweep.base = file;
  for (const char* block : {"matrix_engine", "hbm", "link"})
    sweep.fixed.push_back(Assignment::parse(fmt::format("fidelity.{}={}", block, fidelity)));
  for (const std::string& text : assignments) sweep.fixed.push_back(Assignment::parse(text));

  ExperimentReader reader(file, paths);
  Evaluator evaluator(sweep, paths, "");
  const auto evaluate = [&](const Point& point) {
    return evaluator.evaluate(evaluator.prepare(point));
  };
  const Experiment experiment = reader.read(sweep.fixed);
  const Row base = evaluate({});
  if (base.status != Status::ok) throw std::runtime_error(base.reason);
  Sensitivity result;
  result.experiment = sweep.name;
  result.tokens_per_s = number_at(base.result, "throughput.tokens_per_s").value_or(0);
  result.joules_per_token = number_at(base.result, "power.energy_per_token_j");
  result.usd_per_million_tokens = number_at(base.result, "cost.usd_per_million_tokens");
  for (const Numbers& numbers : levers_of(experiment)) {
    Lever lever;
    lever.path = numbers.path;
    const auto& [path_of_first, first] = numbers.values.front();
    if (numbers.values.size() == 1) lever.value = text_of(path_of_first, first);
    for (std::size_t i = 0; i < factors.size(); ++i) {
      Point point;
      for (const auto& [path, si] : numbers.values)
        point.assignments.push_back(Assignment::of(
            path, Node::scalar(text_of(path, si * factors[i]), {"sensitivity", 1, 1}),
            {"sensitivity", 1, 1}));
      lever.effects[i] = effect_of(evaluate(point), base);
    }
    lever.elasticity = elasticity(lever);
    result.levers.push_back(std::move(lever));
  }
  std::stable_sort(result.levers.begin(), result.levers.end(), [](const auto& a, const auto& b) {
    return std::abs(a.elasticity) > std::abs(b.elasticity);
  });
  return result;
}

}  // namespace headroom::sweep
