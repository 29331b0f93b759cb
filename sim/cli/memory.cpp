// headroom memory: one HBM device alone: traffic on it, what it is, whether commands are legal.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/hbm/policy.h"
#include "models/hbm/traffic.h"
#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/memory_check.h"
#include "sim/cli/memory_describe.h"
#include "sim/cli/memory_traffic.h"
#include "sim/cli/options.h"
#include "sim/config/load_memory.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

constexpr int most_stacks = 64;
constexpr std::int64_t most_requests = 1'000'000'000'000;

struct Options {
  std::string device, check_commands, json;
  int stacks = 1;
  std::optional<int> stack_ids;
  bool describe = false;
  MemoryTrafficOptions traffic;
  std::vector<std::string> config_paths;
};

void check_task(const Command& command) {
  int tasks = 0;
  for (const char* task : {"--pattern", "--trace", "--describe", "--check-commands"})
    tasks += command.count(task) > 0 ? 1 : 0;
  if (tasks != 1)
    throw OptionError(fmt::format(
        "found {} tasks; expected one of --pattern PATTERN, --trace FILE, --describe "
        "and --check-commands FILE",
        tasks));
  if (command.count("--pattern") == 0)
    for (const char* name : {"--read-share", "--requests", "--stride", "--seed"})
      if (command.count(name) > 0)
        throw OptionError(name, "found without --pattern, whose requests it describes");
}

std::string check(const Options& options, const hbm::Device& device, bool& legal) {
  const std::string refresh = !options.traffic.refresh.empty() ? options.traffic.refresh
                              : device.timing.trefipb          ? "per_bank"
                                                               : "all_bank";
  try {
    const CommandCheck checked = check_commands(
        options.check_commands, device,
        enumerator<hbm::RefreshRule>(hbm::refresh_rule_names, refresh), !options.json.empty());
    legal = checked.legal;
    return checked.text;
  } catch (const std::invalid_argument& error) {
    throw OptionError("--refresh", error.what());
  }
}

// False where commands are illegal.
bool run(const Command& command, const Options& options) {
  check_task(command);
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  hbm::Device device = load_memory(options.device, paths, options.stacks);
  if (options.stack_ids) device.organisation.stack_ids = *options.stack_ids;
  Output output(options.json.empty() ? "-" : options.json);
  bool legal = true;
  if (options.describe)
    output.stream() << describe_memory(device, !options.json.empty());
  else if (!options.check_commands.empty())
    output.stream() << check(options, device, legal);
  else
    output.stream() << memory_traffic(device, options.traffic, !options.json.empty());
  output.commit();
  return legal;
}

void add_device_options(Command& command, Options& options) {
  command.add_option("--device", options.device, "A file of configs/memories, by name or path")
      ->required()
      ->type_name("DEVICE");
  command.add_option("--stacks", options.stacks, "Stacks of the device")
      ->check(in_range(1, most_stacks))
      ->type_name("INT")
      ->capture_default_str();
  command
      .add_option(
          "--stack-ids", options.stack_ids, "Stack ids (ranks) of a stack; default: the device's")
      ->check(in_range(1, 4))
      ->type_name("INT");
}

void add_traffic_options(Command& command, MemoryTrafficOptions& options) {
  command
      .add_option("--pattern", options.pattern,
                  "Simulate requests of 64 bytes: stream, random, strided, or mixed of the first "
                  "two")
      ->check(one_of(hbm::pattern_names))
      ->type_name("PATTERN");
  command
      .add_option(
          "--read-share", options.read_share, "Share of loads among them; default 1, of mixed 2/3")
      ->check(in_range(0.0, 1.0))
      ->type_name("SHARE");
  command.add_option("--requests", options.requests, "How many")
      ->check(in_range(std::int64_t{1}, most_requests))
      ->type_name("INT")
      ->capture_default_str();
  command.add_option("--stride", options.stride, "Bytes from one strided request to the next")
      ->check(in_range(std::int64_t{1}, std::int64_t{1} << 40))
      ->type_name("BYTES")
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Of random addresses and of where streams begin")
      ->type_name("INT")
      ->capture_default_str();
  command
      .add_option("--trace", options.trace,
                  "Simulate the requests of a file, lines LD 0xADDR and ST 0xADDR; - for standard "
                  "input")
      ->type_name("FILE");
  command
      .add_option("--outstanding", options.outstanding,
                  "Requests that may be unanswered at once; default: 64 per pseudo-channel")
      ->check(in_range(1, 1 << 24))
      ->type_name("INT");
}

void add_controller_options(Command& command, MemoryTrafficOptions& options) {
  command.add_option("--interleave", options.interleave, "Bytes on one channel before the next")
      ->check(Check(complaint_about_interleave))
      ->type_name("BYTES")
      ->capture_default_str();
  command
      .add_option("--refresh", options.refresh,
                  "all_bank or per_bank; default: per_bank where the device has it. Of "
                  "--check-commands the average that it expects, or none")
      ->check(one_of(hbm::refresh_rule_names))
      ->type_name("REFRESH");
  command.add_option("--page", options.page, "open or closed: whether rows stay open")
      ->check(one_of(hbm::page_names))
      ->type_name("PAGE")
      ->capture_default_str();
  command
      .add_option("--write-high", options.write_high,
                  "Stores in the queue of a pseudo-channel from which on they are drained")
      ->check(in_range(1, 64))
      ->type_name("INT")
      ->capture_default_str();
  command.add_option("--write-low", options.write_low, "Stores down to which they are drained")
      ->check(in_range(0, 63))
      ->type_name("INT")
      ->capture_default_str();
  command.add_option("--commands", options.commands, "Write every DRAM command as CSV")
      ->type_name("FILE");
}

}  // namespace

void add_memory_command(Command& program, CommandContext& context) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "memory",
      "Simulate traffic on an HBM device burst by burst; describe it, check its commands");
  add_device_options(*command, *options);
  add_traffic_options(*command, options->traffic);
  add_controller_options(*command, options->traffic);
  command->add_flag("--describe", options->describe, "Print organisation and timing");
  command
      ->add_option("--check-commands", options->check_commands,
                   "Check a CSV of DRAM commands against every rule of the device; - for standard "
                   "input. Exit code 1 where one is violated")
      ->type_name("FILE");
  add_json_option(*command, options->json);
  add_config_path_option(*command, options->config_paths);
  command->footer(
      "Example:\n  headroom memory --device hbm3 --pattern random --read-share 0.67\n"
      "  headroom memory --device hbm3 --pattern stream --commands commands.csv --json\n"
      "  headroom memory --device hbm3 --check-commands commands.csv\n"
      "  headroom memory --device hbm3 --describe --json");
  command->callback([options, command, &context] {
    constexpr int run_failed = 1;
    if (!run(*command, *options)) context.exit_code = run_failed;
  });
}

}  // namespace headroom
