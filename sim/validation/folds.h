// Cross-validation: what the error is on rows that no constant was fitted on.
//
// Nothing in configs/ is fitted to the runs of this table, so a fold leaves nothing to fit again:
// its rows are predicted with the constants as they are, and the folds show how far the error moves
// with the rows it is taken over. A fit takes its place in cross_validate().
#pragma once

#include <string>
#include <vector>

#include "sim/validation/outcome.h"
#include "sim/validation/statistics.h"

namespace headroom::validation {

struct Fold {
  std::string left_out;  // "rows 1, 11, 21 …", a source, a chip
  Errors errors;         // on the rows left out
};

struct CrossValidation {
  std::vector<Fold> ten_fold;  // every tenth of the rows that were used, in the order of the file
  std::vector<Fold> by_source, by_chip;
};

[[nodiscard]] CrossValidation cross_validate(const std::vector<RunOutcome>& outcomes);

// Mean and largest of the folds' mean absolute errors, in per cent; 0 without folds.
struct FoldSummary {
  double mean_pct = 0, largest_pct = 0;
  std::string largest;  // the fold that it is of
};
[[nodiscard]] FoldSummary summary_of(const std::vector<Fold>& folds);

}  // namespace headroom::validation
