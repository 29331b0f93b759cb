#include "sim/validation/folds.h"

#include <fmt/format.h>

namespace headroom::validation {
namespace {

constexpr std::size_t fold_count = 10;

std::vector<Fold> folds_of(const std::vector<Group>& groups) {
  std::vector<Fold> folds;
  for (const Group& group : groups)
    if (group.errors.rows > 0) folds.push_back({group.name, group.errors});
  return folds;
}

}  // namespace

CrossValidation cross_validate(const std::vector<RunOutcome>& outcomes) {
  CrossValidation result;
  std::vector<std::vector<double>> tenths(fold_count);
  std::size_t used = 0;
  for (const RunOutcome& outcome : outcomes)
    if (outcome.status == Status::used) tenths[used++ % fold_count].push_back(outcome.error_pct);
  for (std::size_t i = 0; i < fold_count; ++i)
    if (!tenths[i].empty())
      result.ten_fold.push_back(
          {fmt::format("used rows {}, {}, {} …", i + 1, i + 1 + fold_count, i + 1 + 2 * fold_count),
           errors_of(tenths[i])});
  result.by_source = folds_of(group_by(outcomes, &RunOutcome::source));
  result.by_chip = folds_of(group_by(outcomes, &RunOutcome::chip));
  return result;
}

FoldSummary summary_of(const std::vector<Fold>& folds) {
  FoldSummary summary;
  for (const Fold& fold : folds) {
    const double error = fold.errors.mape_pct.value_or(0);
    summary.mean_pct += error / static_cast<double>(folds.size());
    if (error < summary.largest_pct) continue;
    summary.largest_pct = error;
    summary.largest = fold.left_out;
  }
  return summary;
}

}  // namespace headroom::validation
