// headroom plan: the fastest plans that fit.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/experiment_file.h"
#include "sim/cli/options.h"
#include "sim/cli/version.h"
#include "sim/engine/simulate.h"
#include "sim/engine/workers.h"
#include "sim/report/output.h"
#include "sim/search/plans.h"
#include "sim/search/report.h"
#include "sim/search/search.h"

namespace headroom {
namespace {

struct Options {
  ExperimentOptions experiment;
  std::string json;
  int top = 10, confirm = 1;
};

search::Outcome find(const Experiment& experiment, const Options& options) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return search::find_plans(
      experiment, static_cast<std::size_t>(options.top), [&](std::size_t done, std::size_t all) {
        if (terminal) fmt::print(stderr, "\r{} of {} plans{}", done, all, done == all ? "\n" : "");
      });
}

// The best few at the experiment's own fidelity; SystemC elaborates once a process.
std::vector<double> confirm(
    const Experiment& experiment, const search::Outcome& outcome, std::size_t count) {
  const auto simulated = [&](std::size_t i) {
    Experiment one = experiment;
    one.plan = outcome.best[i].plan;
    return fmt::format("{}", simulate(one, Tracing::off).result.step.time_s);
  };
  std::vector<double> steps;
  constexpr std::size_t at_once = 2;
  for (const WorkerAnswer& answer :
       run_forked(std::min(count, outcome.best.size()), at_once, simulated)) {
    if (!answer.ok) throw std::runtime_error("a plan that was found fails: " + answer.text);
    steps.push_back(std::stod(answer.text));
  }
  return steps;
}

void plan(const Options& options, CommandContext& context) {
  const Experiment experiment = load(options.experiment);
  const auto open = [](const std::string& target) {
    return target.empty() ? nullptr : std::make_unique<Output>(target);
  };
  const auto json = open(options.json), text = open(options.json == "-" ? "" : "-");
  const search::Outcome outcome = find(experiment, options);
  const search::Report report{
      experiment, outcome, confirm(experiment, outcome, static_cast<std::size_t>(options.confirm)),
      version()};
  if (json) {
    json->stream() << search::to_json(report).dump(2) << '\n';
    json->commit();
  }
  if (text) {
    text->stream() << search::text(report);
    text->commit();
  }
  constexpr int nothing_fits = 1;
  if (outcome.best.empty()) context.exit_code = nothing_fits;
}

}  // namespace

void add_plan_command(Command& program, CommandContext& context) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "plan", "Find the fastest plans of an experiment that fit its chips");
  add_experiment_options(*command, options->experiment);
  command->add_option("--top", options->top, "Plans to list")
      ->check(in_range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--confirm", options->confirm,
                   "The best of them that are also simulated, at the experiment's fidelity")
      ->check(in_range(0, 1000))
      ->type_name("N")
      ->capture_default_str();
  add_json_option(*command, options->json);
  command->footer("Example:\n  headroom plan llama3-70b_512xh100 --top 5 --json out/plans.json");
  command->callback([options, &context] { plan(*options, context); });
}

}  // namespace headroom
