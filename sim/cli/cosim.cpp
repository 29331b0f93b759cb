// headroom cosim: a block's RTL against its golden, cycle and analytic models on random cases.
#include "models/matrix_engine/cosim.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using matrix_engine::ArrayParameters;
using matrix_engine::Dataflow;
using Json = nlohmann::ordered_json;
namespace cosim = matrix_engine::cosim;

constexpr std::array<std::string_view, 1> block_names{"matrix_engine"};
constexpr std::array<std::string_view, 2> stall_names{"none", "random"};
constexpr std::string_view all = "all";

struct Options {
  std::string block, format = "bf16", dataflow = "weight_stationary", array = "4x4";
  std::string stalls = "random", dump, json;
  int dot_length = 1, align_bits = ArrayParameters::default_align;
  bool saturate = false;
  std::uint64_t cases = 100, seed = 1;
};

struct Totals {
  std::uint64_t cases = 0, cycle_mismatches = 0, max_cycle_error = 0;
  std::int64_t value_mismatches = 0;
  Cycles rtl_cycles = 0, cycle_cycles = 0, analytic_cycles = 0;
  double rtl_seconds = 0, cycle_seconds = 0;
  Json first_failure;
  std::vector<std::string> not_built;  // formats that "all" left out
};

// Every name, or the one that was asked for.
template <std::size_t N>
std::vector<std::string> asked_for(
    const std::string& word, const std::array<std::string_view, N>& names) {
  if (word == all) return {names.begin(), names.end()};
  return {word};
}

template <std::size_t N>
CLI::Validator one_of_or_all(const std::array<std::string_view, N>& names) {
  std::vector<std::string> words(names.begin(), names.end());
  words.emplace_back(all);
  return one_of(words);
}

ArrayParameters array_of(
    const Options& options, const std::string& format, const std::string& dataflow) {
  ArrayParameters array;
  if (!read_array(options.array, array.rows, array.columns))
    throw CLI::ValidationError("--array", complaint_about_array(options.array));
  array.dot_length = options.dot_length;
  array.format = enumerator<Format>(format_names, format);
  array.dataflow = enumerator<Dataflow>(matrix_engine::dataflow_names, dataflow);
  array.align_bits = options.align_bits;
  array.saturate = options.saturate;
  return array;
}

// Whether cases can be run; "all" leaves out formats that were not built, and gives formats whose
// sums are always exact no bits to align.
bool prepare(const Options& options, ArrayParameters& array, Totals& totals) {
  try {
    matrix_engine::check_rtl_variant(array);
  } catch (const UnavailableFidelity&) {
    if (options.format != all) throw;
    const std::string name(to_string(array.format));
    if (totals.not_built.empty() || totals.not_built.back() != name)
      totals.not_built.push_back(name);
    return false;
  } catch (const std::invalid_argument& error) {
    if (options.format != all || array.align_bits == ArrayParameters::default_align)
      throw CLI::ValidationError(error.what());
    array.align_bits = ArrayParameters::default_align;
    return prepare(options, array, totals);
  }
  return true;
}

Json describe(const cosim::Case& one, std::uint64_t number) {
  const ArrayParameters& array = one.array;
  return {
      {"case", number},
      {"seed", one.seed},
      {"m", one.product.m},
      {"n", one.product.n},
      {"k", one.product.k},
      {"format", to_string(array.format)},
      {"dataflow", to_string(array.dataflow)},
      {"array", fmt::format("{}x{}", array.rows, array.columns)},
      {"dot_length", array.dot_length},
      {"align_bits", matrix_engine::golden::dot_parameters(array).align_bits},
      {"saturate", array.saturate},
      {"double_buffered", array.double_buffered},
      {"accumulator_rows", array.accumulator_rows}};
}

Json dumped(const cosim::Case& one, const cosim::Outcome& outcome, std::uint64_t number) {
  Json line = describe(one, number);
  line["a"] = outcome.operands.a;
  line["b"] = outcome.operands.b;
  line["a_scales"] = outcome.operands.a_scales;
  line["b_scales"] = outcome.operands.b_scales;
  line["c"] = outcome.rtl.values;
  line["cycles"] = outcome.rtl.cycles;
  return line;
}

Json failure(const cosim::Case& one, const cosim::Outcome& outcome, std::uint64_t number) {
  Json result = describe(one, number);
  result["rtl_cycles"] = outcome.rtl.cycles;
  result["cycle_cycles"] = outcome.cycle_cycles;
  result["analytic_cycles"] = outcome.analytic_cycles;
  result["wrong_values"] = outcome.value_mismatches;
  if (outcome.first_wrong) {
    const std::size_t at = *outcome.first_wrong;
    const auto n = static_cast<std::size_t>(one.product.n);
    result["first_wrong"] = {
        {"row", at / n},
        {"column", at % n},
        {"golden", outcome.expected[at]},
        {"rtl", outcome.rtl.values[at]}};
  }
  return result;
}

void add(Totals& totals, const cosim::Case& one, const cosim::Outcome& outcome,
         std::uint64_t number) {
  ++totals.cases;
  totals.value_mismatches += outcome.value_mismatches;
  totals.cycle_mismatches += outcome.cycle_error != 0;
  totals.max_cycle_error = std::max(totals.max_cycle_error, outcome.cycle_error);
  totals.rtl_cycles += outcome.rtl.cycles;
  totals.cycle_cycles += outcome.cycle_cycles;
  totals.analytic_cycles += outcome.analytic_cycles;
  totals.rtl_seconds += outcome.rtl_seconds;
  totals.cycle_seconds += outcome.cycle_seconds;
  if (!outcome.agrees() && totals.first_failure.is_null())
    totals.first_failure = failure(one, outcome, number);
}

Totals compare(const Options& options, std::optional<Output>& dump) {
  Totals totals;
  const bool stalls = options.stalls == "random";
  for (const std::string& format : asked_for(options.format, format_names))
    for (const std::string& dataflow : asked_for(options.dataflow, matrix_engine::dataflow_names)) {
      cosim::Options cases{array_of(options, format, dataflow), options.seed, stalls};
      if (!prepare(options, cases.array, totals)) continue;
      for (std::uint64_t number = 0; number < options.cases; ++number) {
        const cosim::Case one = cosim::draw(cases, number);
        const cosim::Outcome outcome = cosim::run(one, stalls);
        add(totals, one, outcome, number);
        if (dump) dump->stream() << dumped(one, outcome, number).dump() << '\n';
      }
    }
  if (totals.cases == 0)  // nothing of "all" was built: the error says what was
    matrix_engine::check_rtl_variant(array_of(
        options, std::string(format_names.front()),
        std::string(matrix_engine::dataflow_names.front())));
  return totals;
}

Json to_json(const Options& options, const Totals& totals) {
  return {
      {"schema", "headroom.cosim/1"},
      {"block", options.block},
      {"format", options.format},
      {"dataflow", options.dataflow},
      {"array", options.array},
      {"dot", options.dot_length},
      {"seed", options.seed},
      {"stalls", options.stalls},
      {"cases", totals.cases},
      {"value_mismatches", totals.value_mismatches},
      {"cycle_mismatches", totals.cycle_mismatches},
      {"max_cycle_error", totals.max_cycle_error},
      {"rtl_cycles", totals.rtl_cycles},
      {"cycle_cycles", totals.cycle_cycles},
      {"analytic_cycles", totals.analytic_cycles},
      {"rtl_seconds", totals.rtl_seconds},
      {"cycle_seconds", totals.cycle_seconds},
      {"first_failure", totals.first_failure}};
}

std::string table(const Options& options, const Totals& totals) {
  std::string text = fmt::format(
      "{} {} array, dot length {}, format {}, dataflow {}, stalls {}, seed {}\n", options.block,
      options.array, options.dot_length, options.format, options.dataflow, options.stalls,
      options.seed);
  const auto row = [&text](const char* name, const std::string& value) {
    text += fmt::format("  {:<17}  {}\n", name, value);
  };
  const auto count = [](auto number) { return grouped(static_cast<double>(number)); };
  const auto rate = [](Cycles cycles, double seconds) {
    return grouped(seconds > 0 ? static_cast<double>(cycles) / seconds : 0) + " a second";
  };
  row("cases", count(totals.cases));
  row("value mismatches", count(totals.value_mismatches));
  row("cycle mismatches", count(totals.cycle_mismatches));
  row("max cycle error", count(totals.max_cycle_error));
  row("rtl cycles", count(totals.rtl_cycles) + ", " + rate(totals.rtl_cycles, totals.rtl_seconds));
  row("cycle cycles",
      count(totals.cycle_cycles) + ", " + rate(totals.cycle_cycles, totals.cycle_seconds));
  row("analytic cycles",
      count(totals.analytic_cycles) +
          (options.stalls == "none" ? "" : " (without stalls; not compared)"));
  if (!totals.not_built.empty())
    row("not built", fmt::format("{}", fmt::join(totals.not_built, ", ")));
  if (!totals.first_failure.is_null()) row("first failure", totals.first_failure.dump());
  return text;
}

void run_cosim(const Options& options, CommandContext& context) {
  if (options.dump == "-" && (options.json.empty() || options.json == "-"))
    throw CLI::ValidationError(
        "--dump", "standard output is taken by the results; give --json a file");
  Output output(options.json.empty() ? "-" : options.json);
  std::optional<Output> dump;
  if (!options.dump.empty()) dump.emplace(options.dump);
  const Totals totals = compare(options, dump);
  if (options.json.empty())
    output.stream() << table(options, totals);
  else
    output.stream() << to_json(options, totals).dump(2) << '\n';
  if (dump) dump->commit();
  output.commit();
  if (totals.first_failure.is_null()) return;
  spdlog::error("headroom cosim: the models of {} differ", options.block);
  context.exit_code = 1;
}

}  // namespace

void add_cosim_command(CLI::App& program, CommandContext& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "cosim", "Compare a block's RTL with its golden, cycle and analytic models");
  command->add_option("--block", options->block, "Block: matrix_engine")
      ->required()
      ->check(one_of(block_names))
      ->type_name("BLOCK");
  command->add_option("--format", options->format, "Number format, or all")
      ->check(one_of_or_all(format_names))
      ->type_name("FORMAT")
      ->capture_default_str();
  command
      ->add_option("--dataflow", options->dataflow,
                   "weight_stationary, output_stationary, input_stationary or all")
      ->check(one_of_or_all(matrix_engine::dataflow_names))
      ->type_name("DATAFLOW")
      ->capture_default_str();
  command->add_option("--array", options->array, "Processing elements of the built variant")
      ->check(CLI::Validator(complaint_about_array, ""))
      ->type_name("ROWSxCOLUMNS")
      ->capture_default_str();
  command
      ->add_option(
          "--dot", options->dot_length, "Products that one processing element sums in a cycle")
      ->check(CLI::Range(1, 1024))
      ->type_name("INT")
      ->capture_default_str();
  command->add_option("--cases", options->cases, "Random products of each format and dataflow")
      ->check(CLI::Range(1, 10'000'000))
      ->type_name("INT")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of all that is random")
      ->type_name("INT")
      ->capture_default_str();
  command->add_option("--stalls", options->stalls, "Of all three edges: none or random")
      ->check(one_of(stall_names))
      ->type_name("STALLS")
      ->capture_default_str();
  command
      ->add_option("--align-bits", options->align_bits,
                   "Places kept of an aligned sum, with --dot above 1; 0: exact")
      ->check(CLI::Range(0, 30))
      ->type_name("INT");
  command->add_flag("--saturate", options->saturate, "Clamp int32 sums instead of wrapping them");
  command
      ->add_option("--dump", options->dump,
                   "Write operands and results of each case as a line of JSON; - for standard "
                   "output")
      ->type_name("FILE");
  command
      ->add_option("--json", options->json,
                   "Write a JSON document instead of the table; - for standard output")
      ->type_name("FILE");
  command->footer(
      "Exit code 1 when anything differs.\n"
      "Example:\n  headroom cosim --block matrix_engine --format all --dataflow all --cases 20 "
      "--stalls none");
  command->callback([options, &context] { run_cosim(*options, context); });
}

}  // namespace headroom
