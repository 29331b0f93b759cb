// headroom memory: one HBM device alone.
#include <fmt/format.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "sim/cli/commands.h"
#include "sim/cli/memory_check.h"
#include "sim/cli/memory_describe.h"
#include "sim/cli/options.h"
#include "sim/config/load_memory.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

constexpr int most_stacks = 64;

struct Options {
  std::string device, commands, json, refresh = "all_bank";
  int stacks = 1;
  bool describe = false;
  std::vector<std::string> config_paths;
};

bool run(const Options& options) {
  if (options.describe != options.commands.empty())
    throw CLI::ValidationError(
        options.describe ? "found both --describe and --check-commands; expected one"
                         : "found no task; expected --describe or --check-commands FILE");
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  const hbm::Device device = load_memory(options.device, paths, options.stacks);
  Output output(options.json.empty() ? "-" : options.json);
  const bool json = !options.json.empty();
  if (options.describe) {
    output.stream() << describe_memory(device, json);
    output.commit();
    return true;
  }
  const auto refresh = enumerator<hbm::RefreshRule>(hbm::refresh_rule_names, options.refresh);
  try {
    const CommandCheck check = check_commands(options.commands, device, refresh, json);
    output.stream() << check.text;
    output.commit();
    return check.legal;
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("--refresh", error.what());
  }
}

}  // namespace

void add_memory_command(CLI::App& program, CommandContext& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "memory", "Describe an HBM device, check its commands");
  command->add_option("--device", options->device, "A file of configs/memories, by name or path")
      ->required()
      ->type_name("DEVICE");
  command->add_option("--stacks", options->stacks, "Stacks of the device")
      ->check(CLI::Range(1, most_stacks))
      ->type_name("INT")
      ->capture_default_str();
  command->add_flag("--describe", options->describe, "Print organisation and timing");
  command
      ->add_option("--check-commands", options->commands,
                   "Check a CSV of DRAM commands against every rule of the device; - for standard "
                   "input. Exit code 1 where one is violated")
      ->type_name("FILE");
  command
      ->add_option("--refresh", options->refresh,
                   "Whose average --check-commands expects: all_bank (tREFI), per_bank (tREFIpb), "
                   "none")
      ->check(one_of(hbm::refresh_rule_names))
      ->type_name("REFRESH")
      ->capture_default_str();
  command
      ->add_option(
          "--json", options->json,
          "Write a JSON document instead of the table, to standard output where no FILE is "
          "named")
      ->type_name("FILE")
      ->expected(0, 1)
      ->default_str("-");
  add_config_path_option(*command, options->config_paths);
  command->footer(
      "Example:\n  headroom memory --device hbm3 --describe --json\n"
      "  headroom memory --device hbm3 --check-commands commands.csv --refresh per_bank");
  command->callback([options, &context] {
    constexpr int run_failed = 1;
    if (!run(*options)) context.exit_code = run_failed;
  });
}

}  // namespace headroom
