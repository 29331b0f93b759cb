#include "sim/cli/sweep_slurm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "sim/sweep/slurm.h"

namespace headroom {
namespace {

namespace fs = std::filesystem;

sweep::SlurmOptions slurm_options(
    const sweep::Job& job, const fs::path& file, const SweepOptions& options) {
  sweep::SlurmOptions slurm;
  slurm.cpus = job.jobs;
  slurm.chunk = static_cast<std::uint64_t>(options.chunk);
  slurm.sbatch = options.sbatch;
  slurm.command = {
      fs::read_symlink("/proc/self/exe").string(), "sweep",  fs::absolute(file).string(), "-o",
      fs::absolute(options.out).string(),          "--jobs", std::to_string(job.jobs)};
  for (const std::string& folder : options.config_paths)
    slurm.command.insert(slurm.command.end(), {"--config-path", fs::absolute(folder).string()});
  if (options.limit)
    slurm.command.insert(slurm.command.end(), {"--limit", std::to_string(*options.limit)});
  return slurm;
}

std::size_t stored(sweep::Store& store) {
  const std::vector<std::int64_t> counts = store.counts();
  return static_cast<std::size_t>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
}

// Merges what tasks write until all have ended. False where the user stopped waiting.
bool wait_for_tasks(const sweep::Job& job, sweep::SlurmRun& slurm, sweep::Store& store,
                    std::size_t known) {
  constexpr std::chrono::seconds pause{1};
  for (bool runs = true; runs;) {
    runs = !slurm.running().empty();  // before the merge, which then sees what the last one wrote
    slurm.merge(store);
    job.progress(stored(store), known);
    if (job.is_stopped()) return false;
    if (runs) std::this_thread::sleep_for(pause);
  }
  return true;
}

}  // namespace

void run_on_slurm(const sweep::Job& job, sweep::Store& store, const fs::path& file,
                  const SweepOptions& options, CommandContext& context) {
  const std::string setting = sweep::setting_of(job.sweep, job.paths);
  store.begin(setting, job.sweep.name, job.version);
  sweep::SlurmRun slurm(options.out, setting);
  slurm.merge(store);
  const std::vector<std::string> running = slurm.running();
  if (options.status) {
    fmt::print("{}: {} of {}\n", options.out, sweep::summary(store), job.space.size());
    fmt::print(
        "{}\n", running.empty() ? "no tasks wait or run"
                                : fmt::format("jobs {} wait or run", fmt::join(running, ", ")));
    return;
  }
  if (options.resume && running.empty()) store.forget_interrupted();
  const std::size_t known = stored(store);
  if (running.empty()) {
    const auto missing = sweep::missing(job, store.keys());
    if (!missing.empty())
      fmt::print(stderr, "submitted as job {}; --status says how far it is\n",
                 slurm.submit(missing, slurm_options(job, file, options)));
  }
  const bool waited = wait_for_tasks(job, slurm, store, known);
  fmt::print("{}: {}\n", options.out, sweep::summary(store));
  if (!waited) {
    spdlog::warn("headroom: stopped waiting; the tasks go on, and the same command waits again");
    context.exit_code = stopped_by_user;
    return;
  }
  std::uint64_t missing = 0;
  for (const sweep::IndexRange& range : sweep::missing(job, store.keys()))
    missing += range.end - range.begin;
  if (missing > 0)
    throw std::runtime_error(fmt::format(
        "{} points are missing, whose tasks ended early (logs in {}); --resume submits them again",
        missing, slurm.folder().string()));
  slurm.clean_up();
}

void run_task_of(const sweep::Job& job, const SweepOptions& options, CommandContext& context) {
  const char* task = std::getenv("SLURM_ARRAY_TASK_ID");
  if (task == nullptr)
    throw OptionError(
        "--task", "SLURM_ARRAY_TASK_ID is not set: only a job's script asks for this");
  if (!sweep::run_task(job, options.task, task)) context.exit_code = stopped_by_user;
}

}  // namespace headroom
