// headroom check: are these files right? Reads each as `run` would, and goes on after a wrong one.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/config/error.h"
#include "sim/config/load.h"
#include "sim/engine/simulate.h"
#include "sim/report/output.h"
#include "sim/sweep/space.h"

namespace headroom {
namespace {

struct Options {
  std::vector<std::string> files, config_paths;
};

bool all_right(const Options& options) {
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  Output output("-");
  bool right = true;
  for (const std::string& file : options.files) {
    try {
      const bool is_sweep = config::Node::load(file)["axes"].exists();
      if (is_sweep) {
        const sweep::Sweep sweep = sweep::load_sweep(file, paths);
        static_cast<void>(sweep::Space(sweep, paths, 1));
      }
      const std::string kind = is_sweep ? "sweep" : check_file(file, paths);
      if (kind == "experiment") check_feasible(load_experiment(file, paths));
      output.stream() << fmt::format("{}: ok, {}\n", file, kind);
    } catch (const InputError& error) {
      spdlog::error("{}", error.what());
      right = false;
    }
  }
  output.commit();
  return right;
}

}  // namespace

void add_check_command(Command& program, CommandContext& context) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "check", "Say what is wrong with files of configs/, or that nothing is");
  command
      ->add_option("FILE", options->files,
                   "Experiments, sweeps, chips, clusters, memories, links, config.json of a model")
      ->required();
  add_config_path_option(*command, options->config_paths);
  command->footer(
      "Example:\n  headroom check configs/experiments/*.yaml "
      "configs/models/llama-3-8b/config.json");
  command->callback([options, &context] {
    constexpr int input_wrong = 2;
    if (!all_right(*options)) context.exit_code = input_wrong;
  });
}

}  // namespace headroom
