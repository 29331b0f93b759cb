#include "sim/validation/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>

#include "sim/config/node.h"

namespace headroom::validation {
namespace {

using Run = PublishedRun;

// Columns without which a table is not one of training runs; a typing error in them is found so.
constexpr std::array required{
    "source",
    "model",
    "layers",
    "hidden",
    "heads",
    "seq_len",
    "global_batch_seqs",
    "micro_batch_seqs",
    "chip",
    "chip_count",
    "tp",
    "dp",
    "pp",
    "step_time_s",
    "model_tflops_per_chip"};

// Bounds that no real run reaches.
constexpr std::int64_t most_count = std::int64_t{1} << 40;
constexpr double most_figure = 1e15;

const std::map<std::string, std::string Run::*>& text_columns() {
  static const std::map<std::string, std::string Run::*> columns{
      {"id", &Run::id},
      {"source", &Run::source},
      {"source_address", &Run::source_address},
      {"model", &Run::model},
      {"chip", &Run::chip},
      {"sharding", &Run::sharding},
      {"activation_recompute", &Run::recompute},
      {"precision", &Run::precision},
      {"flops_convention", &Run::flops_convention},
      {"derived_fields", &Run::derived_fields},
      {"notes", &Run::notes}};
  return columns;
}

const std::map<std::string, Count Run::*>& count_columns() {
  static const std::map<std::string, Count Run::*> columns{
      {"year", &Run::year},
      {"layers", &Run::layers},
      {"hidden", &Run::hidden},
      {"heads", &Run::heads},
      {"kv_heads", &Run::kv_heads},
      {"ffn_hidden", &Run::ffn},
      {"vocab", &Run::vocab},
      {"seq_len", &Run::sequence},
      {"global_batch_seqs", &Run::global_batch},
      {"micro_batch_seqs", &Run::micro_batch},
      {"chip_count", &Run::chips},
      {"tp", &Run::tensor},
      {"pp", &Run::pipeline},
      {"vpp_chunks", &Run::virtual_pipeline},
      {"dp", &Run::data},
      {"cp", &Run::context},
      {"ep", &Run::expert}};
  return columns;
}

struct FigureColumn {
  Figure Run::*member;
  double unit;  // what the table's number is multiplied by
};

const std::map<std::string, FigureColumn>& figure_columns() {
  static const std::map<std::string, FigureColumn> columns{
      {"params_total_b", {&Run::parameters, 1e9}},
      {"params_active_b", {&Run::active_parameters, 1e9}},
      {"step_time_s", {&Run::step_time_s, 1}},
      {"tokens_per_s_per_chip", {&Run::tokens_per_s_per_chip, 1}},
      {"tokens_per_s_total", {&Run::tokens_per_s, 1}},
      {"model_tflops_per_chip", {&Run::model_tflops, 1}},
      {"hw_tflops_per_chip", {&Run::hardware_tflops, 1}},
      {"peak_tflops_used", {&Run::peak_tflops, 1}},
      {"mfu_pct", {&Run::mfu, 0.01}},
      {"hfu_pct", {&Run::hfu, 0.01}}};
  return columns;
}

// Columns that a table of runs may have and that say nothing about the prediction.
constexpr std::array passed_over{"evidence", "time_to_train_min", "recalled_fields"};

bool known(const std::string& name) {
  return text_columns().count(name) + count_columns().count(name) + figure_columns().count(name) >
             0 ||
         std::find(passed_over.begin(), passed_over.end(), name) != passed_over.end();
}

void require_columns(const CsvTable& table) {
  std::vector<std::string> present;
  for (const Cell& cell : table.header) present.push_back(cell.text);
  for (const std::string name : required) {
    if (std::find(present.begin(), present.end(), name) != present.end()) continue;
    std::vector<std::string> candidates;
    std::copy_if(present.begin(), present.end(), std::back_inserter(candidates),
                 [](const std::string& column) { return !known(column); });
    throw InputError(
        {table.file, table.header.front().line, 1}, "header", fmt::format("no column '{}'", name),
        "the columns of a table of training runs", nearest(name, candidates));
  }
}

// A decimal number with nothing behind it.
double number_of(const CsvTable& table, const std::string& column, const Cell& cell) {
  double value = 0;
  const char* end = cell.text.data() + cell.text.size();
  const auto [rest, error] = std::from_chars(cell.text.data(), end, value);
  if (error != std::errc{} || rest != end || !std::isfinite(value))
    throw InputError(table.at(cell), column, config::in_quotes(cell.text), "a number or nothing");
  if (value <= 0 || value > most_figure)
    throw InputError(table.at(cell), column, config::in_quotes(cell.text), "a number above 0");
  return value;
}

// Whole numbers may be written as 8.0, as spreadsheets do.
std::int64_t count_of(const CsvTable& table, const std::string& column, const Cell& cell) {
  const double value = number_of(table, column, cell);
  if (value != std::floor(value) || value > static_cast<double>(most_count))
    throw InputError(
        table.at(cell), column, config::in_quotes(cell.text), "a whole number above 0");
  return static_cast<std::int64_t>(value);
}

PublishedRun read_run(const CsvTable& table, const std::vector<Cell>& row) {
  PublishedRun run;
  run.at = table.at(row.front());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& column = table.header[i].text;
    const Cell& cell = row[i];
    if (const auto text = text_columns().find(column); text != text_columns().end())
      run.*text->second = cell.text;
    if (cell.text.empty()) continue;
    if (const auto count = count_columns().find(column); count != count_columns().end())
      run.*count->second = count_of(table, column, cell);
    if (const auto figure = figure_columns().find(column); figure != figure_columns().end())
      run.*figure->second.member = number_of(table, column, cell) * figure->second.unit;
  }
  if (run.id.empty()) run.id = fmt::format("line {}", run.at.line);
  return run;
}

}  // namespace

bool PublishedRun::derived(std::string_view column) const {
  return derived_fields.find(column) != std::string::npos;
}

PublishedRuns read_runs(const CsvTable& table) {
  require_columns(table);
  PublishedRuns result;
  for (const Cell& cell : table.header)
    if (!known(cell.text)) result.ignored.push_back(cell.text);
  for (const std::vector<Cell>& row : table.rows) result.runs.push_back(read_run(table, row));
  return result;
}

}  // namespace headroom::validation
