// headroom cosim: a Verilated block beside its models on random work; values and cycles must agree.
#include "models/matrix_engine/cosim.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/base/unavailable_fidelity.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using matrix_engine::ArrayParameters;
using matrix_engine::Dataflow;
namespace cosim = matrix_engine::cosim;
using Json = nlohmann::ordered_json;

struct Options {
  std::string block, format = "bf16", dataflow = "weight_stationary", array = "4x4";
  std::string stalls = "random", dump, json;
  int dot_length = 1;
  std::optional<int> align_bits;
  bool saturate = false;
  std::int64_t cases = 100;
  std::uint64_t seed = 1;
};

const std::vector<std::string> blocks{"matrix_engine"};

// Sums over cases.
struct Figures {
  std::int64_t cases = 0;
  std::int64_t value_mismatches = 0;  // values of C
  std::int64_t cycle_mismatches = 0;  // cases
  std::uint64_t max_cycle_error = 0;
  Cycles rtl_cycles = 0, cycle_cycles = 0, analytic_cycles = 0;
  double rtl_seconds = 0, cycle_seconds = 0;
  std::string first_failure;  // "" if nothing differs

  void add(const cosim::Case& one, std::int64_t number, const cosim::Outcome& outcome);
  void add(const Figures& other);
};

// One format in one dataflow.
struct Row {
  Format format;
  Dataflow dataflow;
  Figures figures;
};

struct Report {
  std::vector<Row> rows;
  std::vector<std::string> skipped;  // formats of which `all` found no variant built
  Figures total;
};

std::string describe(const cosim::Case& one, std::int64_t number) {
  return fmt::format(
      "case {}: {} {}, m {}, n {}, k {}, {}-buffered, {} accumulator rows", number,
      to_string(one.array.format), to_string(one.array.dataflow), one.product.m, one.product.n,
      one.product.k, one.array.double_buffered ? "double" : "single", one.array.accumulator_rows);
}

void Figures::add(const cosim::Case& one, std::int64_t number, const cosim::Outcome& outcome) {
  ++cases;
  value_mismatches += outcome.value_mismatches;
  cycle_mismatches += outcome.cycle_error > 0 ? 1 : 0;
  max_cycle_error = std::max(max_cycle_error, outcome.cycle_error);
  rtl_cycles += outcome.rtl.cycles;
  cycle_cycles += outcome.cycle_cycles;
  analytic_cycles += outcome.analytic_cycles;
  rtl_seconds += outcome.rtl_seconds;
  cycle_seconds += outcome.cycle_seconds;
  if (first_failure.empty() && !outcome.agrees())
    first_failure = fmt::format(
        "{}: {} values differ; cycles rtl {}, cycle {}, analytic {}", describe(one, number),
        outcome.value_mismatches, outcome.rtl.cycles, outcome.cycle_cycles,
        outcome.analytic_cycles);
}

void Figures::add(const Figures& other) {
  cases += other.cases;
  value_mismatches += other.value_mismatches;
  cycle_mismatches += other.cycle_mismatches;
  max_cycle_error = std::max(max_cycle_error, other.max_cycle_error);
  rtl_cycles += other.rtl_cycles;
  cycle_cycles += other.cycle_cycles;
  analytic_cycles += other.analytic_cycles;
  rtl_seconds += other.rtl_seconds;
  cycle_seconds += other.cycle_seconds;
  if (first_failure.empty()) first_failure = other.first_failure;
}

template <class Names>
std::vector<std::string> or_all(const Names& names) {
  std::vector<std::string> words(names.begin(), names.end());
  words.emplace_back("all");
  return words;
}

template <class Enum, std::size_t N>
std::vector<Enum> chosen(const std::array<std::string_view, N>& names, const std::string& word) {
  if (word != "all") return {enumerator<Enum>(names, word)};
  std::vector<Enum> result;
  for (std::size_t i = 0; i < N; ++i) result.push_back(static_cast<Enum>(i));
  return result;
}

cosim::Options request_of(const Options& options, Format format, Dataflow dataflow) {
  cosim::Options request;
  read_array_size(options.array, request.array.rows, request.array.columns);
  request.array.dot_length = options.dot_length;
  request.array.format = format;
  request.array.dataflow = dataflow;
  request.array.align_bits = options.align_bits.value_or(ArrayParameters::default_align);
  request.array.saturate = options.saturate;
  request.seed = options.seed;
  request.stalls = options.stalls == "random";
  return request;
}

// All that a case is made of, so that anyone can compute it again.
Json dumped(const cosim::Case& one, std::int64_t number, const cosim::Outcome& outcome) {
  const auto& operands = outcome.operands;
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
      {"accumulator_rows", array.accumulator_rows},
      {"a", operands.a},
      {"b", operands.b},
      {"a_scales", operands.a_scales},
      {"b_scales", operands.b_scales},
      {"c", outcome.rtl.values},
      {"value_mismatches", outcome.value_mismatches},
      {"cycles", outcome.rtl.cycles},
      {"cycle_cycles", outcome.cycle_cycles},
      {"analytic_cycles", outcome.analytic_cycles}};
}

Figures run_cases(const Options& options, const cosim::Options& request, Output* dump) {
  Figures figures;
  for (std::int64_t number = 0; number < options.cases; ++number) {
    const cosim::Case one = cosim::draw(request, static_cast<std::uint64_t>(number));
    const cosim::Outcome outcome = cosim::run(one, request.stalls);
    figures.add(one, number, outcome);
    if (dump) dump->stream() << dumped(one, number, outcome).dump() << '\n';
  }
  return figures;
}

Report compare(const Options& options, Output* dump) {
  Report report;
  for (const Format format : chosen<Format>(format_names, options.format)) {
    bool built = true;
    for (const Dataflow dataflow :
         chosen<Dataflow>(matrix_engine::dataflow_names, options.dataflow)) {
      Row row{format, dataflow, {}};
      try {
        row.figures = run_cases(options, request_of(options, format, dataflow), dump);
      } catch (const UnavailableFidelity&) {
        if (options.format != "all") throw;
        built = false;
        break;
      }
      report.total.add(row.figures);
      report.rows.push_back(std::move(row));
    }
    if (!built) report.skipped.emplace_back(to_string(format));
  }
  if (report.rows.empty())
    throw CLI::ValidationError(fmt::format(
        "no format has a variant built for {} with dot length {}", options.array,
        options.dot_length));
  return report;
}

Json to_json(const Figures& result) {
  Json json{
      {"cases", result.cases},
      {"value_mismatches", result.value_mismatches},
      {"cycle_mismatches", result.cycle_mismatches},
      {"max_cycle_error", result.max_cycle_error},
      {"rtl_cycles", result.rtl_cycles},
      {"cycle_cycles", result.cycle_cycles},
      {"analytic_cycles", result.analytic_cycles},
      {"rtl_seconds", result.rtl_seconds},
      {"cycle_seconds", result.cycle_seconds},
      {"first_failure", nullptr}};
  if (!result.first_failure.empty()) json["first_failure"] = result.first_failure;
  return json;
}

Json to_json(const Options& options, const Report& report) {
  Json json{
      {"schema", "headroom.cosim/1"}, {"block", options.block},
      {"format", options.format},     {"dataflow", options.dataflow},
      {"array", options.array},       {"dot_length", options.dot_length},
      {"align_bits", nullptr},        {"saturate", options.saturate},
      {"seed", options.seed},         {"stalls", options.stalls}};
  if (options.align_bits) json["align_bits"] = *options.align_bits;
  json.update(to_json(report.total));
  json["not_built"] = report.skipped;
  json["results"] = Json::array();
  for (const Row& row : report.rows) {
    Json one{{"format", to_string(row.format)}, {"dataflow", to_string(row.dataflow)}};
    one.update(to_json(row.figures));
    json["results"].push_back(std::move(one));
  }
  return json;
}

std::string table(const Options& options, const Report& report) {
  std::string text = fmt::format(
      "matrix_engine {} array, dot length {}, seed {}, stalls {}\n"
      "{:<12}  {:<17}  {:>6}  {:>12}  {:>12}  {:>13}\n",
      options.array, options.dot_length, options.seed, options.stalls, "format", "dataflow",
      "cases", "values differ", "cycles differ", "cycles of rtl");
  for (const Row& row : report.rows)
    text += fmt::format(
        "{:<12}  {:<17}  {:>6}  {:>13}  {:>13}  {:>13}\n", to_string(row.format),
        to_string(row.dataflow), row.figures.cases, row.figures.value_mismatches,
        row.figures.cycle_mismatches, grouped(static_cast<double>(row.figures.rtl_cycles)));
  if (!report.skipped.empty())
    text += fmt::format("Not built in this size: {}\n", fmt::join(report.skipped, ", "));
  const Figures& total = report.total;
  text += total.first_failure.empty()
              ? std::string("RTL equals golden in every value and cycle in every cycle count\n")
              : fmt::format("First failure: {}\n", total.first_failure);
  return text + fmt::format("rtl {}, cycle {}\n", seconds_text(total.rtl_seconds),
                            seconds_text(total.cycle_seconds));
}

void compare_and_report(const Options& options) {
  Output output(options.json.empty() ? "-" : options.json);
  std::optional<Output> dump;
  if (!options.dump.empty()) dump.emplace(options.dump);
  Report report;
  try {
    report = compare(options, dump ? &*dump : nullptr);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError(error.what());
  }
  if (options.json.empty())
    output.stream() << table(options, report);
  else
    output.stream() << to_json(options, report).dump(2) << '\n';
  if (dump) dump->commit();
  output.commit();
  if (!report.total.first_failure.empty()) throw std::runtime_error(report.total.first_failure);
}

}  // namespace

void add_cosim_command(CLI::App& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "cosim", "Run a block's RTL beside its models on random work and compare");
  command->add_option("--block", options->block, "Which block")
      ->required()
      ->check(one_of(blocks))
      ->type_name("BLOCK");
  command->add_option("--format", options->format, "Number format, or all")
      ->check(one_of(or_all(format_names)))
      ->type_name("FORMAT")
      ->capture_default_str();
  command
      ->add_option("--dataflow", options->dataflow,
                   "weight_stationary, output_stationary, input_stationary or all")
      ->check(one_of(or_all(matrix_engine::dataflow_names)))
      ->type_name("DATAFLOW")
      ->capture_default_str();
  command->add_option("--array", options->array, "Processing elements of the array")
      ->check(array_size())
      ->type_name("ROWSxCOLUMNS")
      ->capture_default_str();
  command
      ->add_option(
          "--dot", options->dot_length, "Products that one processing element sums in a cycle")
      ->check(CLI::Range(1, 1024))
      ->type_name("INT")
      ->capture_default_str();
  command
      ->add_option("--align-bits", options->align_bits,
                   "Places that a longer dot product keeps; 0: exact (docs/formats.md)")
      ->check(CLI::Range(0, 30))
      ->type_name("INT");
  command->add_flag("--saturate", options->saturate, "int32 sums are clamped instead of wrapping");
  command->add_option("--cases", options->cases, "Random products")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 32))
      ->type_name("INT")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of everything random")
      ->type_name("INT")
      ->capture_default_str();
  command
      ->add_option(
          "--stalls", options->stalls, "random: edges shut and open in two cases of three; none")
      ->check(one_of(std::vector<std::string>{"none", "random"}))
      ->type_name("STALLS")
      ->capture_default_str();
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
      "Example:\n  headroom cosim --block matrix_engine --format fp8_e4m3 --dataflow all --cases "
      "200 --json -");
  command->callback([options] { compare_and_report(*options); });
}

}  // namespace headroom
