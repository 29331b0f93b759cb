#include "sim/validation/statistics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace headroom::validation {
namespace {

std::optional<double> mean(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Errors errors_of(std::vector<double> errors_pct) {
  Errors errors;
  errors.rows = errors_pct.size();
  if (errors_pct.empty()) return errors;
  errors.bias_pct = mean(errors_pct);
  for (double& error : errors_pct) error = std::fabs(error);
  errors.mape_pct = mean(errors_pct);
  errors.median_ape_pct = median(errors_pct);
  std::sort(errors_pct.begin(), errors_pct.end());
  errors.p90_ape_pct = errors_pct[(9 * errors_pct.size() + 9) / 10 - 1];
  return errors;
}

Coverage coverage_of(const std::vector<RunOutcome>& outcomes) {
  Coverage coverage;
  std::vector<double> widths_pct;
  for (const RunOutcome& outcome : outcomes) {
    if (outcome.status != Status::used || !outcome.interval) continue;
    const Interval& interval = *outcome.interval;
    ++coverage.rows;
    if (outcome.published_tflops < interval.low_tflops)
      ++coverage.below;
    else if (outcome.published_tflops > interval.high_tflops)
      ++coverage.above;
    else
      ++coverage.inside;
    widths_pct.push_back(100 * (interval.high_tflops / interval.low_tflops - 1));
  }
  coverage.median_width_pct = median(widths_pct);
  return coverage;
}

std::vector<Group> group_by(
    const std::vector<RunOutcome>& outcomes, std::string RunOutcome::*member) {
  std::map<std::string, Group> groups;
  std::map<std::string, std::vector<double>> errors;
  for (const RunOutcome& outcome : outcomes) {
    Group& group = groups[outcome.*member];
    group.name = outcome.*member;
    ++group.rows_total;
    switch (outcome.status) {
      case Status::used: errors[group.name].push_back(outcome.error_pct); break;
      case Status::unknown_convention: ++group.unknown_convention; break;
      case Status::skipped: ++group.skipped; break;
    }
  }
  std::vector<Group> result;
  for (auto& [name, group] : groups) {
    group.errors = errors_of(errors[name]);
    result.push_back(group);
  }
  return result;
}

std::optional<double> mean_of_groups(const std::vector<Group>& groups) {
  std::vector<double> means;
  for (const Group& group : groups)
    if (group.errors.mape_pct) means.push_back(*group.errors.mape_pct);
  return mean(means);
}

}  // namespace headroom::validation
