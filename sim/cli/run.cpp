// headroom run: one experiment, simulated; its table, its result document, its timeline.
#include <fmt/format.h>
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/experiment_file.h"
#include "sim/cli/options.h"
#include "sim/cli/terminal.h"
#include "sim/cli/version.h"
#include "sim/die/fill.h"
#include "sim/engine/memory_terms.h"
#include "sim/engine/simulate.h"
#include "sim/power/step.h"
#include "sim/quality/format_effects.h"
#include "sim/report/identify.h"
#include "sim/report/invariants.h"
#include "sim/report/json.h"
#include "sim/report/output.h"
#include "sim/report/table.h"
#include "sim/report/trace.h"

namespace headroom {
namespace {

constexpr std::array<std::string_view, 2> explained{"memory", "format"};

struct Options {
  ExperimentOptions experiment;
  std::string json, trace, explain;

  [[nodiscard]] bool stdout_is_taken() const { return json == "-" || trace == "-"; }
};

double peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;  // Linux counts KiB
}

// The experiment's outcome with everything that the simulation itself does not know filled in,
// checked.
Outcome simulate_and_check(
    Experiment experiment, const config::ConfigPaths& paths, Tracing tracing) {
  const auto start = std::chrono::steady_clock::now();
  const StepPower power(experiment, paths);
  settle_clock(experiment, power);
  const Hertz clock = experiment.chip.clock.sustained_matmul;
  Outcome outcome = simulate(experiment, tracing);
  Result& result = outcome.result;
  identify(result, experiment);
  power.fill(result, clock);
  if (tracing == Tracing::on) power.count(outcome.trace, clock);
  fill_die_and_cost(result, experiment, die_of(experiment, paths));
  result.version = version();
  result.simulation
      .wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.simulation.peak_rss_bytes = peak_rss_bytes();
  if (result.step.tokens == 0 || result.step.model_flops == 0)
    throw std::runtime_error(
        fmt::format("{}: no work was simulated (0 tokens or 0 FLOPs)", experiment.name));
  check(result);
  return outcome;
}

std::unique_ptr<Output> open_output(const std::string& target) {
  return target.empty() ? nullptr : std::make_unique<Output>(target);
}

void run(const Options& options) {
  if (options.json == "-" && options.trace == "-")
    throw OptionError("--trace", "standard output cannot hold both the result and the trace");
  if (!options.explain.empty() && options.stdout_is_taken())
    throw OptionError(
        "--explain", "standard output cannot hold both a document and the explanation");
  const Experiment experiment = load(options.experiment);
  const std::vector<std::string>& folders = options.experiment.config_paths;
  const config::ConfigPaths paths({folders.begin(), folders.end()});
  if (!options.explain.empty()) {
    // Before the simulation, which refuses what does not fit.
    Output explanation("-");
    explanation.stream() << (options.explain == "memory"
                                 ? text(explain_memory(experiment), experiment)
                                 : text(quality::explain_format(experiment, paths), experiment));
    explanation.commit();
  }
  // Opened before the work: a path that cannot be written is found now.
  const auto json = open_output(options.json);
  const auto trace = open_output(options.trace);
  const auto table_out = open_output(options.stdout_is_taken() ? "" : "-");

  const Outcome outcome = simulate_and_check(experiment, paths, trace ? Tracing::on : Tracing::off);
  if (json) {
    write_json(outcome.result, json->stream());
    json->commit();
  }
  if (trace) {
    write_trace(outcome.trace, trace->stream());
    trace->commit();
  }
  if (table_out) {
    table_out->stream() << table(outcome.result, style_of_stdout());
    table_out->commit();
  }
}

}  // namespace

void add_run_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "run", "Simulate one experiment and show where the time goes");
  add_experiment_options(*command, options->experiment);
  add_json_option(*command, options->json);
  command
      ->add_option("--trace", options->trace,
                   "Write the timeline for ui.perfetto.dev; - for standard output")
      ->type_name("FILE");
  command
      ->add_option(
          "--explain", options->explain,
          "Print where a number comes from, term by term, before the result: memory, format")
      ->check(one_of(explained))
      ->type_name("WORD");
  command->footer(
      "Example:\n  headroom run configs/experiments/llama3-8b_8xh100.yaml --set plan.micro_batch=2 "
      "--json out/result.json --trace out/trace.json");
  command->callback([options] { run(*options); });
}

}  // namespace headroom
