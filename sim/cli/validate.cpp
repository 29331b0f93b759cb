// headroom validate: published training runs against predictions.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/cli/version.h"
#include "sim/engine/simulate.h"
#include "sim/power/step.h"
#include "sim/report/output.h"
#include "sim/validation/constants.h"
#include "sim/validation/fit.h"
#include "sim/validation/interval.h"
#include "sim/validation/predict.h"
#include "sim/validation/report.h"

namespace headroom {
namespace {

struct Options {
  std::string runs, chip_filter, source_filter, json, csv, fidelity = "cycle", clock = "measured";
  std::vector<std::string> config_paths, fit;
  std::size_t jobs = 0;
  bool cross_validate = false, intervals = false, no_intervals = false, list_constants = false;

  // They take a dozen steps a run, all analytic: little beside simulated steps, most beside
  // computed ones.
  [[nodiscard]] bool wants_intervals() const {
    return intervals || (!no_intervals && fidelity != "analytic");
  }

  [[nodiscard]] bool stdout_is_taken() const { return json == "-" || csv == "-"; }
};

constexpr std::array<std::string_view, 2> clock_words{"measured", "governed"};
constexpr std::array<std::string_view, 2> fidelity_words{"analytic", "cycle"};

FidelityChoice fidelity_of(const std::string& word) {
  return word == "analytic" ? all_analytic : FidelityChoice{};
}

bool contains(std::string text, std::string part) {
  const auto lower = [](std::string& word) {
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
      return static_cast<char>(std::tolower(c));
    });
  };
  lower(text);
  lower(part);
  return text.find(part) != std::string::npos;
}

std::unique_ptr<Output> open_output(const std::string& target) {
  return target.empty() ? nullptr : std::make_unique<Output>(target);
}

std::vector<validation::PublishedRun> filtered(
    std::vector<validation::PublishedRun> runs, const Options& options) {
  const auto other = [&](const validation::PublishedRun& run) {
    return !contains(run.chip, options.chip_filter) || !contains(run.source, options.source_filter);
  };
  runs.erase(std::remove_if(runs.begin(), runs.end(), other), runs.end());
  if (runs.empty())
    throw InputError(
        {options.runs, 1, 1}, "", "no row that the filters leave", "at least one training run");
  return runs;
}

// Steps at the clock that their power leaves, on chips whose power is known.
void govern(Experiment& experiment, const config::ConfigPaths& paths) {
  const StepPower power(experiment, paths);
  if (!power.is_known()) return;
  experiment.power.clock = ClockChoice::governed;
  settle_clock(experiment, power);
}

std::vector<validation::PublishedRun> read_runs(const Options& options) {
  validation::PublishedRuns table = validation::read_runs(validation::read_csv(options.runs));
  for (const std::string& column : table.ignored)
    spdlog::warn("headroom: warning: {}: column '{}' means nothing here", options.runs, column);
  return filtered(std::move(table.runs), options);
}

validation::Report make_report(const Options& options, const config::ConfigPaths& paths) {
  const std::vector<validation::PublishedRun> runs = read_runs(options);
  const RunTables tables = config::read_run_tables(paths);
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const auto progress = [&](std::size_t done) {
    if (terminal)
      fmt::print(stderr, "\r{} of {} runs{}", done, runs.size(), done == runs.size() ? "\n" : "");
  };
  const std::size_t jobs = options.jobs > 0 ? options.jobs
                                            : std::max(1U, std::thread::hardware_concurrency());
  validation::Context context{paths, tables, fidelity_of(options.fidelity)};
  if (options.clock == "governed")
    context.prepare = [&paths](Experiment& experiment) { govern(experiment, paths); };
  std::vector<validation::Constant> ranged;
  if (options.wants_intervals()) {
    ranged = validation::ranged_constants(paths, tables);
    context.ranged = &ranged;
  }
  validation::Report report = validation::make_report(
      runs, validation::predict_all(runs, context, jobs, progress));
  report.file = options.runs;
  report.fidelity = options.fidelity;
  report.version = version();
  if (options.wants_intervals()) report.intervals = validation::coverage_of(report.rows);
  if (options.cross_validate) report.cross_validation = validation::cross_validate(report.rows);
  return report;
}

void fit(const Options& options, const config::ConfigPaths& paths) {
  const RunTables tables = config::read_run_tables(paths);
  std::vector<validation::Constant> constants;
  try {
    constants = validation::constants_to_fit(options.fit, validation::constants(paths, tables));
  } catch (const std::invalid_argument& error) {
    throw OptionError("--fit", error.what());
  }
  const std::vector<validation::PublishedRun> runs = read_runs(options);
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const auto progress = [&](std::size_t left) {
    if (terminal) fmt::print(stderr, "\r{:>3} searches left{}", left, left == 0 ? "\n" : "");
  };
  Output output("-");
  output.stream() << text(
      validation::fit(runs, {paths, tables, all_analytic}, constants, progress));
  output.commit();
}

void validate(const Options& options) {
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  if (options.list_constants) {
    Output output("-");
    output.stream() << text(validation::constants(paths, config::read_run_tables(paths)));
    return output.commit();
  }
  if (options.runs.empty()) throw OptionError("RUNS.csv is required");
  if (!options.fit.empty()) return fit(options, paths);
  if (options.json == "-" && options.csv == "-")
    throw OptionError("--csv", "standard output cannot hold both the report and the rows");
  const auto json = open_output(options.json);
  const auto csv = open_output(options.csv);
  const auto table = open_output(options.stdout_is_taken() ? "" : "-");
  const validation::Report report = make_report(options, paths);
  if (json) {
    json->stream() << to_json(report).dump(2) << '\n';
    json->commit();
  }
  if (csv) {
    write_csv(report, csv->stream());
    csv->commit();
  }
  if (table) {
    table->stream() << text(report);
    table->commit();
  }
}

}  // namespace

void add_validate_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "validate", "Predict published training runs and compare");
  command->add_option("RUNS", options->runs, "Table of published runs (CSV)");
  command->add_option("--chip-filter", options->chip_filter, "Only chips whose name has this in it")
      ->type_name("TEXT");
  command
      ->add_option(
          "--source-filter", options->source_filter, "Only sources whose name has this in it")
      ->type_name("TEXT");
  add_json_option(*command, options->json);
  command->add_option("--csv", options->csv, "Write one line per run; - for standard output")
      ->type_name("FILE");
  command->add_option("--fidelity", options->fidelity, "Of matrix engines, memory and links")
      ->check(one_of(fidelity_words))
      ->type_name("WORD")
      ->capture_default_str();
  command
      ->add_option("--clock", options->clock,
                   "Of steps: measured in large products, or governed by the step's own power")
      ->check(one_of(clock_words))
      ->type_name("WORD")
      ->capture_default_str();
  command->add_flag("--cross-validate", options->cross_validate,
                    "Errors on rows left out: ten-fold, by source, by chip");
  command->add_flag(
      "--intervals", options->intervals,
      "80 % interval of each prediction from the ranges of its inputs; where "
      "fidelity is cycle anyway");
  command->add_flag("--no-intervals", options->no_intervals, "No intervals at either fidelity");
  command->add_flag("--list-constants", options->list_constants,
                    "Print every number that is not architecture, with its source, and end");
  command
      ->add_option("--fit", options->fit,
                   "Only turn this constant within its range, and those of further --fit, until "
                   "these runs are predicted best, and print it; nothing is written")
      ->type_name("FILE:KEY");
  command->add_option("--jobs", options->jobs, "Runs that are simulated at once; 0: one a core")
      ->type_name("N")
      ->capture_default_str();
  add_config_path_option(*command, options->config_paths);
  command->footer(
      "Example:\n  headroom validate tests/data/runs/small.csv --chip-filter A100 --json "
      "out/validation.json");
  command->callback([options] { validate(*options); });
}

}  // namespace headroom
