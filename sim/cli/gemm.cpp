// headroom gemm: one product on one matrix engine, at one fidelity.
#include "models/matrix_engine/gemm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using matrix_engine::ArrayParameters;
using matrix_engine::GemmResult;
using matrix_engine::Product;

constexpr int max_side = 4096;  // of an array; the largest built is 256

struct Options {
  Product product;
  std::string array, format = "bf16", fidelity = "cycle", json;
  int dot_length = 1;
  std::uint64_t seed = 1;
};

// Reads "16x32" into `rows` and `columns`.
bool read_array(std::string_view text, int& rows, int& columns) {
  const auto read_side = [](std::string_view digits, int& side) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), side);
    return error == std::errc{} && end == digits.data() + digits.size() && side >= 1 &&
           side <= max_side;
  };
  const auto cross = text.find('x');
  return cross != std::string_view::npos && read_side(text.substr(0, cross), rows) &&
         read_side(text.substr(cross + 1), columns);
}

std::string complaint_about_array(const std::string& text) {
  int rows = 0;
  int columns = 0;
  if (read_array(text, rows, columns)) return "";
  return fmt::format(
      "found '{}'; expected ROWSxCOLUMNS, each from 1 to {}, such as 16x16", text, max_side);
}

// The enumerator whose name is `word`, which the option has checked.
template <class Enum, std::size_t N>
Enum enumerator(const std::array<std::string_view, N>& names, std::string_view word) {
  return static_cast<Enum>(std::find(names.begin(), names.end(), word) - names.begin());
}

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
    throw CLI::ValidationError(error.what());
  }
}

void gemm(const Options& options) {
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

}  // namespace

void add_gemm_command(CLI::App& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("gemm", "Run one product on one matrix engine alone");
  const auto size = CLI::Range(std::int64_t{1}, std::int64_t{1} << 20);
  command->add_option("-m", options->product.m, "Rows of A and C")
      ->required()
      ->check(size)
      ->type_name("INT");
  command->add_option("-n", options->product.n, "Columns of B and C")
      ->required()
      ->check(size)
      ->type_name("INT");
  command->add_option("-k", options->product.k, "Columns of A, rows of B")
      ->required()
      ->check(size)
      ->type_name("INT");
  command->add_option("--array", options->array, "Processing elements: along K x along N")
      ->required()
      ->check(CLI::Validator(complaint_about_array, ""))
      ->type_name("ROWSxCOLUMNS");
  command
      ->add_option(
          "--dot", options->dot_length, "Products that one processing element sums in a cycle")
      ->check(CLI::Range(1, 1024))
      ->type_name("INT")
      ->capture_default_str();
  command->add_option("--format", options->format, "Number format")
      ->check(one_of(format_names))
      ->type_name("FORMAT")
      ->capture_default_str();
  command->add_option("--fidelity", options->fidelity, "analytic, cycle or rtl")
      ->check(one_of(fidelity_names))
      ->type_name("FIDELITY")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of the pseudo-random operands")
      ->type_name("INT")
      ->capture_default_str();
  command
      ->add_option("--json", options->json,
                   "Write a JSON document instead of the table; - for standard output")
      ->type_name("FILE");
  command->footer(
      "Example:\n  headroom gemm -m 48 -n 40 -k 64 --array 16x16 --format bf16 --fidelity rtl "
      "--json -");
  command->callback([options] { gemm(*options); });
}

}  // namespace headroom
