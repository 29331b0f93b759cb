// The report as a person reads it on a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/report/numbers.h"
#include "sim/validation/report.h"

namespace headroom::validation {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t worst_rows = 10;
constexpr std::size_t name_width = 46;

// A name in its column; one that is longer loses its middle, because sources differ at their ends.
std::string name_cell(const std::string& name, std::size_t cells = name_width) {
  if (columns(name) <= cells) return name + std::string(cells - columns(name), ' ');
  const std::size_t tail = cells / 2 - 2, head = cells - 3 - tail;
  return name.substr(0, head) + "..." + name.substr(name.size() - tail);
}

std::string cell(const std::optional<double>& value, bool with_sign = false) {
  if (!value) return "-";
  return with_sign ? fmt::format("{:+.1f}", *value) : fmt::format("{:.1f}", *value);
}

std::string error_cells(const Errors& errors) {
  return fmt::format("{:>9}{:>9}{:>9}{:>9}", cell(errors.mape_pct), cell(errors.bias_pct, true),
                     cell(errors.median_ape_pct), cell(errors.p90_ape_pct));
}

std::string heading(const std::string& name, const char* used = "used", const char* total = "of") {
  return fmt::format("{}{:>6}{:>6}{:>9}{:>9}{:>9}{:>9}\n", name_cell(name), used, total, "MAPE %",
                     "bias %", "median %", "p90 %");
}

std::string group_lines(const std::string& title, const std::vector<Group>& groups) {
  std::string text = heading(title);
  for (const Group& group : groups)
    text += fmt::format(
        "{}{:>6}{:>6}{}\n", name_cell("  " + group.name), group.errors.rows, group.rows_total,
        error_cells(group.errors));
  return text;
}

std::string errors_line(const std::string& name, const Errors& errors) {
  return fmt::format(
      "{}{:>6}{:>6}{}\n", name_cell("  " + name), errors.rows, "", error_cells(errors));
}

std::string worst(const Report& report) {
  std::vector<const RunOutcome*> rows;
  for (const RunOutcome& row : report.rows)
    if (row.status == Status::used) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const RunOutcome* a, const RunOutcome* b) {
    return std::fabs(a->error_pct) > std::fabs(b->error_pct);
  });
  if (rows.size() > worst_rows) rows.resize(worst_rows);
  std::string text = fmt::format(
      "{}{:>22}{:>10}{:>10}  {}\n", name_cell("Worst rows", 34), "chip", "error %", "TFLOP/s",
      "bound by");
  for (const RunOutcome* row : rows)
    text += fmt::format(
        "{}{:>22}{:>+10.1f}{:>10.1f}  {}\n", name_cell("  " + row->id + " " + row->model, 34),
        row->chip, row->error_pct, row->predicted_tflops, row->bound_by);
  return text;
}

// Reasons with the rows that they hold for, most first.
std::string reasons(const Report& report) {
  std::map<std::string, std::size_t> count;
  for (const RunOutcome& row : report.rows)
    if (row.status == Status::skipped) ++count[row.reason];
  std::vector<std::pair<std::string, std::size_t>> sorted(count.begin(), count.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second > b.second;
  });
  std::string text = sorted.empty() ? "" : "Skipped\n";
  for (const auto& [reason, rows] : sorted)
    text += wrapped(fmt::format("{:>6}  ", rows), reason, width);
  if (report.unknown_convention > 0)
    text += wrapped(
        fmt::format("{:>6}  ", report.unknown_convention),
        "predicted, but not compared: FLOP/s in a convention that the row does not name", width);
  return text;
}

std::string folds_line(const std::string& name, const std::vector<Fold>& folds) {
  const FoldSummary summary = summary_of(folds);
  return fmt::format("{}{:>6}{:>15.1f}{:>9.1f}  {}\n", name_cell("  " + name), folds.size(),
                     summary.mean_pct, summary.largest_pct, name_cell(summary.largest, 24));
}

std::string cross_validation(const CrossValidation& folds) {
  return fmt::format("{}{:>6}{:>15}{:>9}  {}\n", name_cell("Cross-validation (nothing is fitted)"),
                     "folds", "mean MAPE %", "largest", "of") +
         folds_line("ten-fold", folds.ten_fold) +
         folds_line("leaving one source out", folds.by_source) +
         folds_line("leaving one chip out", folds.by_chip);
}

std::string intervals(const Coverage& coverage) {
  return wrapped(
      "",
      fmt::format(
          "Intervals of {:.0f} % from the ranges of inputs: {} of {} published figures inside, {} "
          "below, {} above; median width {} %.",
          100 * Interval::level, coverage.inside, coverage.rows, coverage.below, coverage.above,
          cell(coverage.median_width_pct)),
      width);
}

}  // namespace

std::string text(const Report& report) {
  std::string text = fmt::format(
      "{}, {} rows; {}\n\n", report.file, report.rows.size(), report.fidelity);
  text += group_lines("Source", report.by_source) + '\n';
  text += group_lines("Chip", report.by_chip) + '\n';
  text += heading("Overall");
  text += fmt::format(
      "{}{:>6}{:>6}{}\n", name_cell("  all rows alike"), report.overall.rows, report.rows.size(),
      error_cells(report.overall));
  text += fmt::format(
      "{}{:>6}{:>6}{:>9}\n", name_cell("  all sources alike"), "", "",
      cell(mean_of_groups(report.by_source)));
  text += errors_line("rows on a described network", report.described_network);
  text += errors_line("rows on the usual network of their chip", report.default_network);
  text += errors_line("baseline: median of chip and format", report.baselines.chip_and_format);
  text += errors_line(
      "baseline: same source, chip and model", report.baselines.source_chip_and_model);
  text += errors_line("noise: rows with the same settings", report.baselines.same_settings);
  text += '\n';
  if (report.intervals) text += intervals(*report.intervals) + '\n';
  if (report.cross_validation) text += cross_validation(*report.cross_validation) + '\n';
  text += worst(report) + '\n';
  text += reasons(report);
  text += fmt::format(
      "Errors are (predicted - published) / published throughput. {} rows do not fit their chips "
      "by "
      "our count.\n",
      report.misfits);
  return text;
}

}  // namespace headroom::validation
