// headroom sweep beyond one machine.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/commands.h"
#include "sim/sweep/run.h"

namespace headroom {

inline constexpr int stopped_by_user = 130;  // as shells say it of SIGINT

struct SweepOptions {
  std::string sweep, out, executor = "local", task;
  std::vector<std::string> config_paths, sbatch;
  int jobs = 0, chunk = 0;
  std::optional<int> limit;
  bool resume = false, status = false;
};

// Submits what is missing, unless tasks still run, and waits; with --status says how far it is.
void run_on_slurm(const sweep::Job& job, sweep::Store& store, const std::filesystem::path& file,
                  const SweepOptions& options, CommandContext& context);

// What a task of the job array does.
void run_task_of(const sweep::Job& job, const SweepOptions& options, CommandContext& context);

}  // namespace headroom
