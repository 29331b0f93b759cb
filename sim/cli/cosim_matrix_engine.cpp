// The matrix engine in `headroom cosim`.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/matrix_engine/cosim.h"
#include "sim/cli/command.h"
#include "sim/cli/cosim_block.h"
#include "sim/cli/options.h"

namespace headroom::cosim {
namespace {

using matrix_engine::ArrayParameters;
using matrix_engine::Dataflow;
namespace cases = matrix_engine::cosim;

struct Options {
  std::string format = "bf16", dataflow = "weight_stationary", array = "4x4";
  int dot_length = 1, align_bits = ArrayParameters::default_align;
  bool saturate = false;
};

ArrayParameters array_of(
    const Options& options, const std::string& format, const std::string& dataflow) {
  ArrayParameters array;
  if (!read_array(options.array, array.rows, array.columns))
    throw OptionError("--array", complaint_about_array(options.array));
  array.dot_length = options.dot_length;
  array.format = enumerator<Format>(format_names, format);
  array.dataflow = enumerator<Dataflow>(matrix_engine::dataflow_names, dataflow);
  array.align_bits = options.align_bits;
  array.saturate = options.saturate;
  return array;
}

// Whether cases can be run; "all" leaves out formats that were not built, and gives formats whose
// sums are always exact no bits to align.
bool prepare(const Options& options, ArrayParameters& array, std::vector<std::string>& not_built) {
  try {
    matrix_engine::check_rtl_variant(array);
  } catch (const UnavailableFidelity&) {
    if (options.format != all) throw;
    const std::string name(to_string(array.format));
    if (not_built.empty() || not_built.back() != name) not_built.push_back(name);
    return false;
  } catch (const std::invalid_argument& error) {
    if (options.format != all || array.align_bits == ArrayParameters::default_align)
      throw OptionError(error.what());
    array.align_bits = ArrayParameters::default_align;
    return prepare(options, array, not_built);
  }
  return true;
}

Json describe(const cases::Case& one, std::uint64_t number) {
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

Json dumped(const cases::Case& one, const cases::Outcome& outcome, std::uint64_t number) {
  Json line = describe(one, number);
  line["a"] = outcome.operands.a;
  line["b"] = outcome.operands.b;
  line["a_scales"] = outcome.operands.a_scales;
  line["b_scales"] = outcome.operands.b_scales;
  line["c"] = outcome.rtl.values;
  line["cycles"] = outcome.rtl.cycles;
  return line;
}

Json failure(const cases::Case& one, const cases::Outcome& outcome, std::uint64_t number) {
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

Comparison compared(const cases::Outcome& outcome) {
  return {outcome.value_mismatches, outcome.cycle_error, outcome.rtl.cycles,   outcome.cycle_cycles,
          outcome.analytic_cycles,  outcome.rtl_seconds, outcome.cycle_seconds};
}

class MatrixEngineBlock : public Block {
 public:
  [[nodiscard]] std::string name() const override { return "matrix_engine"; }

  void add_options(Command& command) override {
    command.add_option("--format", options_.format, "Number format, or all")
        ->check(one_of_or_all(format_names))
        ->type_name("FORMAT")
        ->capture_default_str();
    command
        .add_option("--dataflow", options_.dataflow,
                    "weight_stationary, output_stationary, input_stationary or all")
        ->check(one_of_or_all(matrix_engine::dataflow_names))
        ->type_name("DATAFLOW")
        ->capture_default_str();
    command.add_option("--array", options_.array, "Processing elements of the built variant")
        ->check(Check(complaint_about_array))
        ->type_name("ROWSxCOLUMNS")
        ->capture_default_str();
    command
        .add_option(
            "--dot", options_.dot_length, "Products that one processing element sums in a cycle")
        ->check(in_range(1, 1024))
        ->type_name("INT")
        ->capture_default_str();
    command
        .add_option("--align-bits", options_.align_bits,
                    "Places kept of an aligned sum, with --dot above 1; 0: exact")
        ->check(in_range(0, 30))
        ->type_name("INT");
    command.add_flag("--saturate", options_.saturate, "Clamp int32 sums instead of wrapping them");
  }

  [[nodiscard]] std::string title() const override {
    return fmt::format("{} array, dot length {}, format {}, dataflow {}", options_.array,
                       options_.dot_length, options_.format, options_.dataflow);
  }

  [[nodiscard]] Json settings() const override {
    return {{"format", options_.format},
            {"dataflow", options_.dataflow},
            {"array", options_.array},
            {"dot", options_.dot_length}};
  }

  void compare(const CommonOptions& common, Totals& totals,
               const std::function<void(const Json&)>* dump) override {
    std::vector<std::string> not_built;  // formats that "all" left out
    for (const std::string& format : asked_for(options_.format, format_names))
      for (const std::string& dataflow :
           asked_for(options_.dataflow, matrix_engine::dataflow_names)) {
        ArrayParameters array = array_of(options_, format, dataflow);
        if (prepare(options_, array, not_built)) compare(array, common, totals, dump);
      }
    if (totals.cases == 0)  // nothing of "all" was built: the error says what was
      matrix_engine::check_rtl_variant(array_of(
          options_, std::string(format_names.front()),
          std::string(matrix_engine::dataflow_names.front())));
    if (!not_built.empty())
      totals.notes.emplace_back("not built", fmt::format("{}", fmt::join(not_built, ", ")));
  }

 private:
  static void compare(const ArrayParameters& array, const CommonOptions& common, Totals& totals,
                      const std::function<void(const Json&)>* dump) {
    const cases::Options drawn{array, common.seed, common.random_stalls()};
    for (std::uint64_t number = 0; number < common.cases; ++number) {
      const cases::Case one = cases::draw(drawn, number);
      const cases::Outcome outcome = cases::run(one, common.random_stalls());
      totals.add(compared(outcome), [&] { return failure(one, outcome, number); });
      if (dump != nullptr) (*dump)(dumped(one, outcome, number));
    }
  }

  Options options_;
};

}  // namespace

std::unique_ptr<Block> matrix_engine_block() { return std::make_unique<MatrixEngineBlock>(); }

}  // namespace headroom::cosim
