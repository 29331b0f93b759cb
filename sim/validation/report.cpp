#include "sim/validation/report.h"

#include <fmt/format.h>

namespace headroom::validation {
namespace {

using Json = nlohmann::ordered_json;

Json value(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json to_json(const Errors& errors) {
  return {
      {"rows", errors.rows},
      {"mape_pct", value(errors.mape_pct)},
      {"bias_pct", value(errors.bias_pct)},
      {"median_ape_pct", value(errors.median_ape_pct)},
      {"p90_ape_pct", value(errors.p90_ape_pct)}};
}

Json to_json(const std::vector<Group>& groups, const char* name) {
  Json rows = Json::array();
  for (const Group& group : groups)
    rows.push_back(
        {{name, group.name},
         {"rows_total", group.rows_total},
         {"rows_used", group.errors.rows},
         {"rows_skipped", group.skipped},
         {"rows_unknown_convention", group.unknown_convention},
         {"mape_pct", value(group.errors.mape_pct)},
         {"bias_pct", value(group.errors.bias_pct)},
         {"median_ape_pct", value(group.errors.median_ape_pct)},
         {"p90_ape_pct", value(group.errors.p90_ape_pct)}});
  return rows;
}

Json to_json(const std::vector<Fold>& folds) {
  const FoldSummary summary = summary_of(folds);
  Json rows = Json::array();
  for (const Fold& fold : folds) {
    Json row{{"left_out", fold.left_out}};
    row.update(to_json(fold.errors));
    rows.push_back(row);
  }
  return {{"mean_mape_pct", summary.mean_pct},
          {"largest_mape_pct", summary.largest_pct},
          {"folds", rows}};
}

std::vector<double> errors_where(const std::vector<RunOutcome>& rows, bool default_network) {
  std::vector<double> errors;
  for (const RunOutcome& row : rows)
    if (row.status == Status::used && row.default_network == default_network)
      errors.push_back(row.error_pct);
  return errors;
}

std::string number(double value) { return fmt::format("{}", value); }

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

Report make_report(const std::vector<PublishedRun>& runs, std::vector<RunOutcome> outcomes) {
  Report report;
  report.by_source = group_by(outcomes, &RunOutcome::source);
  report.by_chip = group_by(outcomes, &RunOutcome::chip);
  report.default_network = errors_of(errors_where(outcomes, true));
  report.described_network = errors_of(errors_where(outcomes, false));
  std::vector<double> errors;
  for (const RunOutcome& row : outcomes) {
    if (row.status == Status::used) errors.push_back(row.error_pct);
    report.unknown_convention += row.status == Status::unknown_convention ? 1 : 0;
    report.skipped += row.status == Status::skipped ? 1 : 0;
    report.misfits += row.status != Status::skipped && !row.fits ? 1 : 0;
  }
  report.overall = errors_of(errors);
  report.baselines = baselines(runs, outcomes);
  report.rows = std::move(outcomes);
  return report;
}

Json to_json(const Report& report) {
  Json rows = Json::array(), skipped = Json::array();
  for (const RunOutcome& row : report.rows)
    (row.status == Status::skipped ? skipped : rows).push_back(to_json(row));
  Json document{
      {"schema", "headroom.validation/1"},
      {"version", report.version},
      {"file", report.file},
      {"fidelity", report.fidelity},
      {"rows_total", report.rows.size()},
      {"rows_used", report.overall.rows},
      {"rows_skipped", report.skipped},
      {"rows_unknown_convention", report.unknown_convention},
      {"rows_misfit", report.misfits},
      {"mape_pct", value(report.overall.mape_pct)},
      {"bias_pct", value(report.overall.bias_pct)},
      {"median_ape_pct", value(report.overall.median_ape_pct)},
      {"p90_ape_pct", value(report.overall.p90_ape_pct)},
      {"mape_source_weighted_pct", value(mean_of_groups(report.by_source))},
      {"default_network", to_json(report.default_network)},
      {"described_network", to_json(report.described_network)},
      {"baselines",
       {{"chip_and_format", to_json(report.baselines.chip_and_format)},
        {"source_chip_and_model", to_json(report.baselines.source_chip_and_model)},
        {"noise_floor", to_json(report.baselines.same_settings)}}},
      {"by_source", to_json(report.by_source, "source")},
      {"by_chip", to_json(report.by_chip, "chip")}};
  if (report.intervals) {
    const Coverage& coverage = *report.intervals;
    document["intervals"] = {
        {"level", Interval::level},       {"rows", coverage.rows},
        {"rows_inside", coverage.inside}, {"rows_below", coverage.below},
        {"rows_above", coverage.above},   {"median_width_pct", value(coverage.median_width_pct)}};
  }
  if (report.cross_validation)
    document["cross_validation"] = {
        {"fitted_constants", 0},
        {"ten_fold", to_json(report.cross_validation->ten_fold)},
        {"by_source", to_json(report.cross_validation->by_source)},
        {"by_chip", to_json(report.cross_validation->by_chip)}};
  document["rows"] = rows;
  document["skipped"] = skipped;
  return document;
}

void write_csv(const Report& report, std::ostream& out) {
  out << "id,source,chip,model,status,predicted_tflops_per_chip,published_tflops_per_chip,error_"
         "pct,"
         "low_tflops_per_chip,high_tflops_per_chip,compared_by,flops_convention,predicted_step_"
         "time_s,published_step_time_s,bound_by,fits,"
         "cluster,default_network,plan,assumptions,reason\n";
  for (const RunOutcome& row : report.rows) {
    const bool used = row.status == Status::used, predicted = row.status != Status::skipped;
    const std::string status = used ? "used" : predicted ? "unknown_convention" : "skipped";
    const std::string cells[] = {
        row.id,
        row.source,
        row.chip,
        row.model,
        status,
        predicted ? number(row.predicted_tflops) : "",
        used ? number(row.published_tflops) : "",
        used ? number(row.error_pct) : "",
        row.interval ? number(row.interval->low_tflops) : "",
        row.interval ? number(row.interval->high_tflops) : "",
        row.figure,
        row.convention,
        predicted ? number(row.predicted_step_s) : "",
        used ? number(row.published_step_s) : "",
        row.bound_by,
        !predicted ? ""
        : row.fits ? "yes"
                   : "no",
        row.cluster,
        !predicted ? ""
        : row.default_network
            ? "yes"
            : "no",
        row.plan,
        joined(row.assumptions),
        row.reason};
    const char* separator = "";
    for (const std::string& cell : cells) {
      out << separator << csv_cell(cell);
      separator = ",";
    }
    out << '\n';
  }
}

}  // namespace headroom::validation
