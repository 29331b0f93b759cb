#include "sim/cli/command_line.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/base/unavailable_fidelity.h"
#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/version.h"
#include "sim/config/error.h"

namespace headroom {
namespace {

constexpr int run_failed = 1;
constexpr int input_wrong = 2;

constexpr auto examples = R"(Examples:
  headroom run configs/experiments/llama3-8b_8xh100.yaml
  headroom run configs/experiments/llama3-8b_8xh100.yaml --set plan.micro_batch=2 --json -
  headroom sweep h100_clock_and_links -o out/sweep.sqlite
  headroom export out/sweep.sqlite --format csv
  headroom pareto out/sweep.sqlite --x power.chip_w --y throughput.tokens_per_s
  headroom sensitivity llama3-8b_8xh100
  headroom validate tests/data/runs/small.csv --chip-filter A100
  headroom gemm -m 48 -n 40 -k 64 --array 16x16 --format bf16 --fidelity rtl
  headroom collective --cluster dgx-h100 --op all_reduce --bytes 1GiB --group 16
  headroom cosim --block matrix_engine --format all --dataflow all --cases 20
  headroom scalesim -c configs/scalesim/128x128_ws.cfg -t configs/scalesim/resnet50.csv -p out
  headroom formats fp8_e4m3 --value 17
  headroom memory --device hbm3 --describe --json
  headroom node n3e
  headroom energy --node n5 --format bf16
  headroom quality --format fp32 fp8_e4m3 --steps 300
  headroom die --chip h100-sxm
  headroom list chips
  headroom check configs/experiments/*.yaml
  headroom schema

Exit codes: 0 done, 1 the run failed, 2 the input is wrong.)";

void add_commands(Command& program, CommandContext& context) {
  add_run_command(program, context);
  add_plan_command(program, context);
  add_sweep_command(program, context);
  add_export_command(program, context);
  add_pareto_command(program, context);
  add_sensitivity_command(program, context);
  add_validate_command(program, context);
  add_gemm_command(program, context);
  add_memory_command(program, context);
  add_collective_command(program, context);
  add_cosim_command(program, context);
  add_scalesim_command(program, context);
  add_formats_command(program, context);
  add_node_command(program, context);
  add_energy_command(program, context);
  add_quality_command(program, context);
  add_die_command(program, context);
  add_list_command(program, context);
  add_check_command(program, context);
  add_schema_command(program, context);
}

// The command that was named, or the program itself.
CLI::App& current_command(CLI::App& program) {
  const auto named = program.get_subcommands();
  return named.empty() ? program : *named.front();
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> command_names(CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

// CLI11's own text, but for a word that it did not expect: that one is named with the nearest valid
// one.
std::string complaint(CLI::App& program, const CLI::ParseError& error) {
  CLI::App& command = current_command(program);
  const std::vector<std::string> extras = program.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr || extras.empty())
    return error.what();
  const bool is_option = extras.front().rfind('-', 0) == 0;
  const bool is_command = !is_option && &command == &program;
  const std::string word = extras.front().substr(0, extras.front().find('='));
  std::string text = fmt::format(
      "unknown {} '{}'",
      is_option    ? "option"
      : is_command ? "command"
                   : "argument",
      word);
  std::string near;
  if (is_option) near = nearest(word, option_names(command));
  if (is_command) near = nearest(word, command_names(program));
  if (!near.empty()) text += fmt::format("; did you mean '{}'?", near);
  return text;
}

int refuse(CLI::App& program, const std::string& text) {
  const CLI::App& command = current_command(program);
  const std::string name = &command == &program ? "headroom" : "headroom " + command.get_name();
  spdlog::error("{}: {}\nRun '{} --help' for what it takes.", name, text, name);
  return input_wrong;
}

int parse_and_run(CLI::App& program, const CommandContext& context, int argc,
                  const char* const* argv) {
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    return refuse(program, complaint(program, error));
  } catch (const OptionError& error) {
    return refuse(program, error.what());
  }
  if (program.get_subcommands().empty()) {
    spdlog::error("{}", program.help());
    return input_wrong;
  }
  return context.exit_code;
}

int run_guarded(CLI::App& program, const CommandContext& context, int argc,
                const char* const* argv) {
  try {
    return parse_and_run(program, context, argc, argv);
  } catch (const InputError& error) {
    spdlog::error("{}", error.what());
    return input_wrong;
  } catch (const UnavailableFidelity& error) {
    spdlog::error("headroom: {}", error.what());
    return input_wrong;
  } catch (const std::logic_error& error) {
    spdlog::error(
        "headroom: internal error: {}\nThis is a bug of headroom {}. Please report it with the "
        "command "
        "line and the files that it read.",
        error.what(), version());
  } catch (const std::bad_alloc&) {
    spdlog::error("headroom: out of memory");
  } catch (const std::exception& error) {
    spdlog::error("headroom: {}", error.what());
  }
  return run_failed;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  // Messages are plain lines on standard error, so that standard output holds results only.
  spdlog::set_default_logger(spdlog::stderr_logger_st("headroom"));
  spdlog::set_pattern("%v");
  CLI::App program(
      "Simulates training throughput: what a chip, a cluster and a model really achieve.",
      "headroom");
  program.footer(examples);
  program.set_version_flag(
      "--version", version_text, "Version, commit, paths in use and tools of the build");
  CommandContext context;
  Command commands(program);
  add_commands(commands, context);
  return run_guarded(program, context, argc, argv);
}

}  // namespace headroom
