// headroom sensitivity: what each number of a chip and its cluster is worth.
#include "sim/sweep/sensitivity.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/experiment_file.h"
#include "sim/cli/options.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  ExperimentOptions experiment;
  std::string fidelity = "analytic", json;
};

constexpr std::array<std::string_view, 2> fidelities{"analytic", "cycle"};

Json value(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json to_json(const sweep::Sensitivity& result) {
  Json levers = Json::array();
  for (const sweep::Lever& lever : result.levers) {
    Json effects = Json::array();
    for (std::size_t i = 0; i < sweep::factors.size(); ++i) {
      const sweep::Effect& effect = lever.effects[i];
      effects.push_back(
          {{"factor", sweep::factors[i]},
           {"tokens_per_s", value(effect.throughput)},
           {"tokens_per_joule", value(effect.tokens_per_joule)},
           {"tokens_per_dollar", value(effect.tokens_per_dollar)},
           {"reason", effect.reason}});
    }
    levers.push_back(
        {{"path", lever.path},
         {"value", lever.value},
         {"elasticity", lever.elasticity},
         {"effects", effects}});
  }
  return {
      {"schema", "headroom.sensitivity/1"},
      {"experiment", result.experiment},
      {"tokens_per_s", result.tokens_per_s},
      {"joules_per_token", value(result.joules_per_token)},
      {"usd_per_million_tokens", value(result.usd_per_million_tokens)},
      {"levers", levers}};
}

std::string change(const std::optional<double>& ratio) {
  return ratio ? fmt::format("{:+.2f} %", 100 * (*ratio - 1)) : "-";
}

std::string text(const sweep::Sensitivity& result) {
  std::string text = fmt::format(
      "{}: {} tokens/s\nEach number alone, by these factors; change of tokens per second, and of "
      "tokens per joule{} at x 1.1\n\n  {:<46} {:>14} {:>9} {:>9} {:>9} {:>9}  {:>10} {:>10}\n",
      result.experiment, grouped(result.tokens_per_s),
      result.usd_per_million_tokens ? " and per dollar" : "", "", "value", "x 0.9", "x 1.1",
      "x 0.5", "x 2", "per joule", "per dollar");
  std::string idle;
  for (const sweep::Lever& lever : result.levers) {
    bool matters = false;
    for (const sweep::Effect& effect : lever.effects)
      for (const auto& ratio :
           {effect.throughput, effect.tokens_per_joule, effect.tokens_per_dollar})
        matters = matters || (ratio && *ratio != 1);
    if (!matters) {
      idle += (idle.empty() ? "" : ", ") + lever.path;
      continue;
    }
    text += fmt::format("  {:<46} {:>14}", lever.path, lever.value);
    for (const sweep::Effect& effect : lever.effects)
      text += fmt::format(" {:>9}", change(effect.throughput));
    text += fmt::format(
        "  {:>10} {:>10}\n", change(lever.effects[1].tokens_per_joule),
        change(lever.effects[1].tokens_per_dollar));
  }
  if (!result.usd_per_million_tokens) text += "\n  dollars: cost is not modelled\n";
  if (!result.joules_per_token) text += "\n  joules: this chip's power is not modelled\n";
  if (!idle.empty()) text += '\n' + wrapped("  without effect, or impossible alone: ", idle, 100);
  return text;
}

void run(const Options& options) {
  const config::ConfigPaths paths(
      {options.experiment.config_paths.begin(), options.experiment.config_paths.end()});
  static_cast<void>(load(options.experiment));  // its warnings, and its mistakes as run says them
  const auto file = paths.find("experiments", options.experiment.experiment)
                        .value_or(options.experiment.experiment);
  Output output(options.json.empty() ? "-" : options.json);
  const sweep::Sensitivity result = sweep::sensitivity(
      file, paths, options.experiment.assignments, options.fidelity);
  output.stream() << (options.json.empty() ? text(result) : to_json(result).dump(2) + "\n");
  output.commit();
}

}  // namespace

void add_sensitivity_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "sensitivity", "Rank what the numbers of a chip and its cluster are worth");
  add_experiment_options(*command, options->experiment);
  command->add_option("--fidelity", options->fidelity, "Of matrix engines, memory and links")
      ->check(one_of(fidelities))
      ->type_name("WORD")
      ->capture_default_str();
  add_json_option(*command, options->json);
  command->footer("Example:\n  headroom sensitivity llama3-8b_8xh100");
  command->callback([options] { run(*options); });
}

}  // namespace headroom
