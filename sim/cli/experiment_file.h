// The experiment that a command is asked about: by file, or by the name of a built-in one.
#pragma once

#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/config/experiment.h"

namespace headroom {

struct ExperimentOptions {
  std::string experiment;
  std::vector<std::string> assignments, config_paths;
};

// EXPERIMENT, --set and --config-path.
void add_experiment_options(Command& command, ExperimentOptions& options);

// Reads and checks it; its warnings go to standard error. Every mistake is an InputError.
[[nodiscard]] Experiment load(const ExperimentOptions& options);

}  // namespace headroom
