// headroom gemm: one product on one matrix engine alone, or on a whole chip, at one fidelity.
#include "models/matrix_engine/gemm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/gemm_chip.h"
#include "sim/cli/options.h"
#include "sim/power/activity.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using matrix_engine::ArrayParameters;
using matrix_engine::GemmResult;
using matrix_engine::Product;

constexpr std::int64_t max_size = std::int64_t{1} << 20;  // of m, n and k

struct Options {
  Product product;
  std::string array, format = "bf16", fidelity = "cycle", json;
  int dot_length = 1;
  std::uint64_t seed = 1;
  ChipGemmOptions chip;
};

ArrayParameters array_of(const Options& options) {
  ArrayParameters array;
  read_array(options.array, array.rows, array.columns);
  array.dot_length = options.dot_length;
  array.format = enumerator<Format>(format_names, options.format);
  return array;
}

nlohmann::ordered_json to_json(const Options& options, const GemmResult& result) {
  const Product& product = options.product;
  nlohmann::ordered_json document{
      {"schema", "headroom.gemm/1"},
      {"m", product.m},
      {"n", product.n},
      {"k", product.k},
      {"array", options.array},
      {"dot_length", options.dot_length},
      {"format", options.format},
      {"fidelity", options.fidelity},
      {"seed", options.seed},
      {"cycles", result.cycles},
      {"folds", result.folds},
      {"macs", product.m * product.n * product.k},
      {"utilization", result.utilization},
      {"value_mismatches", nullptr},
      {"value_checksum", nullptr},
      {"seconds", result.seconds},
      {"events", result.events}};
  // Only RTL computes values; elsewhere a zero would claim a comparison that never took place.
  if (options.fidelity == to_string(Fidelity::rtl)) {
    document["value_mismatches"] = result.mismatches;
    document["value_checksum"] = fmt::format("{:016x}", result.checksum);
  }
  return document;
}

std::string table(const Options& options, const GemmResult& result) {
  const Product& product = options.product;
  std::string text = fmt::format(
      "{} x {} x {} (m, n, k) in {} on one {} array, fidelity {}\n", product.m, product.n,
      product.k, options.format, options.array, options.fidelity);
  const auto row = [&text](const char* name, const std::string& value) {
    text += fmt::format("  {:<12}  {}\n", name, value);
  };
  row("cycles", grouped(static_cast<double>(result.cycles)));
  row("folds", grouped(static_cast<double>(result.folds)));
  row("utilization", percent(result.utilization) + " of the array's multiply-accumulates");
  if (options.fidelity == to_string(Fidelity::rtl))
    row("values",
        result.mismatches == 0
            ? "every one equal to the golden model, bit for bit"
            : fmt::format("{} differ from the golden model", result.mismatches));
  return text +
         fmt::format("Simulated one product with {} events in {}\n",
                     grouped(static_cast<double>(result.events)), seconds_text(result.seconds));
}

GemmResult simulate(const Options& options) {
  try {
    return matrix_engine::run_gemm(
        enumerator<Fidelity>(fidelity_names, options.fidelity), array_of(options), options.product,
        options.seed);
  } catch (const std::invalid_argument& error) {
    throw OptionError(error.what());
  }
}

void array_gemm(const Options& options) {
  Output output(options.json.empty() ? "-" : options.json);
  const GemmResult result = simulate(options);
  if (options.json.empty())
    output.stream() << table(options, result);
  else
    output.stream() << to_json(options, result).dump(2) << '\n';
  output.commit();
  if (result.mismatches != 0)
    throw std::logic_error(
        fmt::format("{} values of the RTL differ from the golden model", result.mismatches));
}

void whole_chip_gemm(Options& options) {
  ChipGemmOptions& chip = options.chip;
  chip.m = options.product.m, chip.n = options.product.n, chip.k = options.product.k;
  chip.format = options.format, chip.fidelity = options.fidelity;
  Output output(options.json.empty() ? "-" : options.json);
  output.stream() << chip_gemm(chip, !options.json.empty());
  output.commit();
}

// Options of one of the two forms beside the other, and what only one form requires.
void check_form(const Command& command, const Options& options) {
  const bool on_chip = !options.chip.chip.empty();
  if (on_chip != options.array.empty())
    throw OptionError(
        on_chip ? "found both --chip and --array; expected one of them"
                : "found neither --chip nor --array; expected --chip NAME for a whole chip or "
                  "--array ROWSxCOLUMNS for one matrix engine alone");
  for (const char* name :
       {"--batch", "--groups", "--transpose-a", "--transpose-b", "--split-k", "--tile", "--order",
        "--set", "--config-path", "--data", "--power-cap"})
    if (!on_chip && command.count(name) > 0)
      throw OptionError(name, "found beside --array, one matrix engine alone; expected --chip");
  for (const char* name : {"--dot", "--seed"})
    if (on_chip && command.count(name) > 0)
      throw OptionError(
          name, "found beside --chip, whose engines are described in its file; expected --array");
  if (!options.chip.power_cap.empty() && options.chip.data.empty())
    throw OptionError("--power-cap", "found without --data; expected the data that it limits");
  const bool grouped = !options.chip.groups.empty();
  if ((options.product.m == 0) != grouped)
    throw OptionError(
        grouped   ? "found both -m and --groups; expected one of them"
        : on_chip ? "found neither -m nor --groups; expected one of them"
                  : "-m is required");
  if (grouped && options.chip.batch > 1)
    throw OptionError("found both --batch and --groups; expected one of them");
}

void add_chip_options(Command& command, ChipGemmOptions& options) {
  command.add_option("--chip", options.chip, "A chip of configs/chips, or the path of a file")
      ->type_name("CHIP");
  command.add_option("--batch", options.batch, "Independent products of this shape (attention)")
      ->check(in_range(std::int64_t{1}, std::int64_t{1} << 20))
      ->type_name("INT")
      ->capture_default_str();
  command
      .add_option("--groups", options.groups,
                  "Rows of A of each of several products with n and k in common (experts); 0 skips "
                  "one")
      ->delimiter(',')
      ->check(in_range(std::int64_t{0}, max_size))
      ->type_name("M1,M2,...")
      ->expected(1, 65536);
  command.add_flag("--transpose-a", options.transpose_a, "A lies in memory as k x m");
  command.add_flag("--transpose-b", options.transpose_b, "B lies in memory as n x k");
  command.add_option("--split-k", options.split_k, "Parts that k is cut into, summed at the end")
      ->type_name("PARTS|auto")
      ->capture_default_str();
  command
      .add_option("--tile", options.tile,
                  "Output tile of a core and depth of its operand buffers; default: searched")
      ->type_name("MxN[xK]");
  command
      .add_option("--order", options.order,
                  "n_inner: rows of A stay on the chip while columns of B pass; m_inner: the other "
                  "way")
      ->check(one_of(std::vector<std::string>{"auto", "n_inner", "m_inner"}))
      ->type_name("ORDER")
      ->capture_default_str();
  command
      .add_option("--data", options.data,
                  "Distribution of the operands: adds power, and the clock that the cap leaves")
      ->check(one_of(data_names()))
      ->type_name("DATA");
  command.add_option("--power-cap", options.power_cap, "In place of the chip's own; needs --data")
      ->type_name("WATTS");
  command.add_option("--set", options.assignments, "Replace one value of the chip; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  add_config_path_option(command, options.config_paths);
}

}  // namespace

void add_gemm_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "gemm", "Run one product on one matrix engine or on a whole chip");
  const auto size = in_range(std::int64_t{1}, max_size);
  command->add_option("-m", options->product.m, "Rows of A and C")->check(size)->type_name("INT");
  command->add_option("-n", options->product.n, "Columns of B and C")
      ->required()
      ->check(size)
      ->type_name("INT");
  command->add_option("-k", options->product.k, "Columns of A, rows of B")
      ->required()
      ->check(size)
      ->type_name("INT");
  command
      ->add_option("--array", options->array,
                   "One matrix engine alone: processing elements along K x along N")
      ->check(Check(complaint_about_array))
      ->type_name("ROWSxCOLUMNS");
  command
      ->add_option(
          "--dot", options->dot_length, "Products that one processing element sums in a cycle")
      ->check(in_range(1, 1024))
      ->type_name("INT")
      ->capture_default_str();
  command->add_option("--format", options->format, "Number format")
      ->check(one_of(format_names))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->add_option("--fidelity", options->fidelity, "analytic, cycle or, of one array, rtl")
      ->check(one_of(fidelity_names))
      ->type_name("FIDELITY")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of the pseudo-random operands")
      ->type_name("INT")
      ->capture_default_str();
  add_json_option(*command, options->json);
  add_chip_options(*command, options->chip);
  command->footer(
      "Example:\n  headroom gemm -m 48 -n 40 -k 64 --array 16x16 --format bf16 --fidelity rtl "
      "--json -\n  headroom gemm -m 8192 -n 8192 -k 8192 --chip h100-sxm --set "
      "hbm.bandwidth=4TB/s");
  command->callback([options, command] {
    check_form(*command, *options);
    if (options->chip.chip.empty())
      array_gemm(*options);
    else
      whole_chip_gemm(*options);
  });
}

}  // namespace headroom
