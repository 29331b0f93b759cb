// headroom cosim: a block's RTL against its golden, cycle and analytic models on random cases.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/cosim_block.h"
#include "sim/cli/options.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {

namespace cosim {

void Totals::add(const Comparison& one, const std::function<Json()>& describe) {
  ++cases;
  cycle_mismatches += one.cycle_error != 0;
  sum.value_mismatches += one.value_mismatches;
  sum.cycle_error = std::max(sum.cycle_error, one.cycle_error);
  sum.rtl_cycles += one.rtl_cycles;
  sum.cycle_cycles += one.cycle_cycles;
  sum.analytic_cycles += one.analytic_cycles;
  sum.rtl_seconds += one.rtl_seconds;
  sum.cycle_seconds += one.cycle_seconds;
  if (!one.agrees() && first_failure.is_null()) first_failure = describe();
}

}  // namespace cosim

namespace {

using cosim::Block;
using cosim::CommonOptions;
using cosim::Json;
using cosim::Totals;

constexpr std::array<std::string_view, 2> stall_names{"none", "random"};

// The blocks, each with its options as a group of the command's.
struct Blocks {
  std::vector<std::unique_ptr<Block>> all;
  std::vector<Command*> options;

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    result.reserve(all.size());
    for (const auto& block : all) result.push_back(block->name());
    return result;
  }
};

Blocks all_blocks() {
  Blocks blocks;
  blocks.all.push_back(cosim::matrix_engine_block());
  blocks.all.push_back(cosim::scratchpad_block());
  blocks.all.push_back(cosim::link_block());
  return blocks;
}

// An option of another block would be ignored, so it is an error.
void refuse_options_of_others(const Blocks& blocks, const CommonOptions& common) {
  for (std::size_t i = 0; i < blocks.all.size(); ++i)
    for (const auto& option : blocks.options[i]->get_options())
      if (option->count() > 0 && blocks.all[i]->name() != common.block)
        throw OptionError(
            option->get_name(),
            fmt::format("is an option of --block {}; found --block {}", blocks.all[i]->name(),
                        common.block));
}

Json to_json(const Block& block, const CommonOptions& common, const Totals& totals) {
  Json document{{"schema", "headroom.cosim/1"}, {"block", common.block}};
  document.update(block.settings());
  document.update(Json{
      {"seed", common.seed},
      {"stalls", common.stalls},
      {"cases", totals.cases},
      {"value_mismatches", totals.sum.value_mismatches},
      {"cycle_mismatches", totals.cycle_mismatches},
      {"max_cycle_error", totals.sum.cycle_error},
      {"rtl_cycles", totals.sum.rtl_cycles},
      {"cycle_cycles", totals.sum.cycle_cycles},
      {"analytic_cycles", totals.sum.analytic_cycles},
      {"rtl_seconds", totals.sum.rtl_seconds},
      {"cycle_seconds", totals.sum.cycle_seconds},
      {"first_failure", totals.first_failure}});
  return document;
}

std::string table(const Block& block, const CommonOptions& common, const Totals& totals) {
  std::string text = fmt::format(
      "{} {}, stalls {}, seed {}\n", common.block, block.title(), common.stalls, common.seed);
  const auto row = [&text](const std::string& name, const std::string& value) {
    text += fmt::format("  {:<17}  {}\n", name, value);
  };
  const auto count = [](auto number) { return grouped(static_cast<double>(number)); };
  const auto rate = [](Cycles cycles, double seconds) {
    return grouped(seconds > 0 ? static_cast<double>(cycles) / seconds : 0) + " a second";
  };
  const cosim::Comparison& sum = totals.sum;
  row("cases", count(totals.cases));
  row("value mismatches", count(sum.value_mismatches));
  row("cycle mismatches", count(totals.cycle_mismatches));
  row("max cycle error", count(sum.cycle_error));
  row("rtl cycles", count(sum.rtl_cycles) + ", " + rate(sum.rtl_cycles, sum.rtl_seconds));
  row("cycle cycles", count(sum.cycle_cycles) + ", " + rate(sum.cycle_cycles, sum.cycle_seconds));
  row("analytic cycles",
      count(sum.analytic_cycles) +
          (common.random_stalls() ? " (without stalls; not compared)" : ""));
  for (const auto& [name, value] : totals.notes) row(name, value);
  if (!totals.first_failure.is_null()) row("first failure", totals.first_failure.dump());
  return text;
}

void run_cosim(const Blocks& blocks, const CommonOptions& common, CommandContext& context) {
  refuse_options_of_others(blocks, common);
  if (common.dump == "-" && (common.json.empty() || common.json == "-"))
    throw OptionError("--dump", "standard output is taken by the results; give --json a file");
  Block& block = **std::find_if(blocks.all.begin(), blocks.all.end(), [&](const auto& candidate) {
    return candidate->name() == common.block;
  });
  Output output(common.json.empty() ? "-" : common.json);
  std::optional<Output> dump;
  if (!common.dump.empty()) dump.emplace(common.dump);
  const std::function<void(const Json&)> write = [&dump](const Json& one) {
    dump->stream() << one.dump() << '\n';
  };
  Totals totals;
  block.compare(common, totals, dump ? &write : nullptr);
  if (common.json.empty())
    output.stream() << table(block, common, totals);
  else
    output.stream() << to_json(block, common, totals).dump(2) << '\n';
  if (dump) dump->commit();
  output.commit();
  if (totals.first_failure.is_null()) return;
  spdlog::error("headroom cosim: the models of {} differ", common.block);
  context.exit_code = 1;
}

}  // namespace

void add_cosim_command(Command& program, CommandContext& context) {
  auto common = std::make_shared<CommonOptions>();
  auto blocks = std::make_shared<Blocks>(all_blocks());
  Command* command = program.add_subcommand(
      "cosim", "Compare a block's RTL with its golden, cycle and analytic models");
  command
      ->add_option(
          "--block", common->block, "Block: " + fmt::format("{}", fmt::join(blocks->names(), ", ")))
      ->required()
      ->check(one_of(blocks->names()))
      ->type_name("BLOCK");
  command->add_option("--cases", common->cases, "Random cases of each combination of settings")
      ->check(in_range(1, 10'000'000))
      ->type_name("INT")
      ->capture_default_str();
  command->add_option("--seed", common->seed, "Of all that is random")
      ->type_name("INT")
      ->capture_default_str();
  command->add_option("--stalls", common->stalls, "Of all edges: none or random")
      ->check(one_of(stall_names))
      ->type_name("STALLS")
      ->capture_default_str();
  command
      ->add_option("--dump", common->dump,
                   "Write operands and results of each case as a line of JSON; - for standard "
                   "output")
      ->type_name("FILE");
  add_json_option(*command, common->json);
  for (const auto& block : blocks->all) {
    blocks->options.push_back(command->add_option_group("--block " + block->name()));
    block->add_options(*blocks->options.back());
  }
  command->footer(
      "Exit code 1 when anything differs.\n"
      "Example:\n  headroom cosim --block matrix_engine --format all --dataflow all --cases 20 "
      "--stalls none\n"
      "  headroom cosim --block scratchpad --pattern all --arbitration all --read-latency all\n"
      "  headroom cosim --block link --flit-bits 256 --bit-errors random");
  command->callback([blocks, common, &context] { run_cosim(*blocks, *common, context); });
}

}  // namespace headroom
