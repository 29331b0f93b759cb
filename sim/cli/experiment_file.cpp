#include "sim/cli/experiment_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <filesystem>

#include "sim/cli/options.h"
#include "sim/config/load.h"

namespace headroom {

void add_experiment_options(Command& command, ExperimentOptions& options) {
  command
      .add_option(
          "EXPERIMENT", options.experiment, "Experiment file, or the name of a built-in one")
      ->required();
  command
      .add_option("--set", options.assignments, "Replace one value of the experiment; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  add_config_path_option(command, options.config_paths);
}

// `headroom run NAME` finds a built-in experiment as `headroom list experiments` names it.
Experiment load(const ExperimentOptions& options) {
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  const auto file = paths.find("experiments", options.experiment).value_or(options.experiment);
  const bool is_name = options.experiment.find_first_of("./") == std::string::npos;
  if (is_name && !std::filesystem::exists(file)) {
    const std::vector<std::string> names = paths.names("experiments");
    throw InputError(
        {options.experiment}, "document", "no file and no built-in experiment",
        fmt::format("an experiment file or one of {}", fmt::join(names, ", ")),
        nearest(options.experiment, names));
  }
  Experiment experiment = load_experiment(file, paths, options.assignments);
  for (const std::string& warning : experiment.warnings)
    spdlog::warn("headroom: warning: {}", warning);
  return experiment;
}

}  // namespace headroom
