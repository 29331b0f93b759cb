// headroom sweep: one experiment at many points.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/cli/sweep_slurm.h"
#include "sim/cli/version.h"
#include "sim/config/error.h"
#include "sim/sweep/progress.h"
#include "sim/sweep/run.h"

namespace headroom {
namespace {

constexpr std::array<std::string_view, 2> executors{"local", "slurm"};
volatile sig_atomic_t stop_asked = 0;
void ask_to_stop(int) { stop_asked = 1; }

// Ctrl-C and a polite kill end the sweep with what is finished stored; a second one ends it at
// once.
void catch_signals() {
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

std::filesystem::path file_of(const SweepOptions& options, const config::ConfigPaths& paths) {
  if (const auto file = paths.find("sweeps", options.sweep)) return *file;
  const bool is_name = options.sweep.find_first_of("./") == std::string::npos;
  if (is_name && !std::filesystem::exists(options.sweep)) {
    const std::vector<std::string> names = paths.names("sweeps");
    throw InputError(
        {options.sweep}, "", "no file and no built-in sweep",
        fmt::format("a sweep file or one of {}", fmt::join(names, ", ")),
        nearest(options.sweep, names));
  }
  return options.sweep;
}

void run_here(const sweep::Job& job, sweep::Store& store, const SweepOptions& options,
              CommandContext& context) {
  if (options.resume) sweep::forget_interrupted(job, store);
  const bool complete = sweep::run_sweep(job, store);
  if (isatty(STDERR_FILENO) == 1) fmt::print(stderr, "\n");
  fmt::print("{}: {}\n", options.out, sweep::summary(store));
  if (complete) return;
  spdlog::warn("headroom: stopped; the same command goes on where this ended");
  context.exit_code = stopped_by_user;
}

void run(const SweepOptions& options, CommandContext& context) {
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  const std::filesystem::path file = file_of(options, paths);
  const sweep::Sweep sweep = sweep::load_sweep(file, paths);
  const sweep::Space space(sweep, paths, options.limit);
  if (space.size() == 0)
    throw InputError(*sweep.axes_at, "axes", "no point that meets the conditions", "at least one");
  const bool exists = std::filesystem::exists(options.out);
  if (options.resume && !exists)
    throw OptionError("--resume", options.out + " does not exist: nothing to go on with");
  const bool slurm = options.executor == "slurm";
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t jobs = options.jobs > 0 ? static_cast<std::size_t>(options.jobs)
                           : slurm          ? 1
                                            : cores;
  sweep::Progress progress(space.size(), isatty(STDERR_FILENO) == 1);
  catch_signals();
  const sweep::Job job{
      sweep,
      space,
      paths,
      version(),
      jobs,
      {},
      [&](std::size_t done, std::size_t known) { progress.show(done, known); },
      [] { return stop_asked != 0; }};
  if (!options.task.empty()) return run_task_of(job, options, context);
  if (options.status && !slurm) {
    sweep::Store store = sweep::Store::open(options.out);
    fmt::print("{}: {}\n", options.out, sweep::summary(store));
    return;
  }
  sweep::Store store = sweep::Store::create(options.out, sweep.columns());
  if (slurm)
    run_on_slurm(job, store, file, options, context);
  else
    run_here(job, store, options, context);
}

}  // namespace

void add_sweep_command(Command& program, CommandContext& context) {
  auto options = std::make_shared<SweepOptions>();
  Command* command = program.add_subcommand(
      "sweep", "Simulate an experiment at many points, in parallel, into one file");
  command->add_option("SWEEP", options->sweep, "Sweep file, or the name of a built-in one")
      ->required();
  command->add_option("-o,--output", options->out, "Results, SQLite; what is there is kept")
      ->type_name("OUT")
      ->required();
  command->add_option("--jobs", options->jobs, "Processes at once; 0: one a core")
      ->check(in_range(0, 4096))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--executor", options->executor, "What runs the points")
      ->check(one_of(executors))
      ->type_name("WORD")
      ->capture_default_str();
  command->add_option("--limit", options->limit, "Only the first N points")
      ->check(in_range(1, 1'000'000'000))
      ->type_name("N");
  command->add_flag(
      "--resume", options->resume,
      "Go on with OUT, which must be there, and try points again that crashed, took "
      "too long or too much memory");
  command->add_flag("--status", options->status, "Only say what OUT holds; Slurm: and what runs");
  command->add_option("--chunk", options->chunk, "Slurm: points of a task; 0: at most 1,000 tasks")
      ->check(in_range(0, 1'000'000'000))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--sbatch", options->sbatch, "Slurm: an option for sbatch; repeatable")
      ->type_name("OPTION")
      ->allow_extra_args(false);
  command->add_option("--task", options->task, "Slurm: work on a task, as the job's script asks")
      ->type_name("FOLDER");
  add_config_path_option(*command, options->config_paths);
  command->footer("Example:\n  headroom sweep h100_clock_and_links -o out/sweep.sqlite --jobs 2");
  command->callback([options, &context] { run(*options, context); });
}

}  // namespace headroom
