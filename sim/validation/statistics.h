// Errors of many runs as a few numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/validation/outcome.h"

namespace headroom::validation {

// Of signed errors in per cent; nullopt without any.
struct Errors {
  std::size_t rows = 0;
  std::optional<double> mape_pct;        // mean of the absolute errors
  std::optional<double> bias_pct;        // mean of the signed errors
  std::optional<double> median_ape_pct;  // of the absolute errors, as is the next
  std::optional<double> p90_ape_pct;     // nearest rank: at least 90 % of the rows are not above it
};

[[nodiscard]] Errors errors_of(std::vector<double> errors_pct);
// The mean of the middle two of an even number; nullopt of none.
[[nodiscard]] std::optional<double> median(std::vector<double> values);

// How many of the rows that have an interval and a published figure lie within it.
struct Coverage {
  std::size_t rows = 0, inside = 0;
  std::size_t below = 0, above = 0;        // published below, above the interval
  std::optional<double> median_width_pct;  // high over low, less 1
};

[[nodiscard]] Coverage coverage_of(const std::vector<RunOutcome>& outcomes);

// Rows that share a name, such as a source.
struct Group {
  std::string name;
  std::size_t rows_total = 0, skipped = 0, unknown_convention = 0;
  Errors errors;
};

// Groups of the runs by a member of RunOutcome, in the order of the names.
[[nodiscard]] std::vector<Group> group_by(
    const std::vector<RunOutcome>& outcomes, std::string RunOutcome::*member);

// The mean over groups of their mean absolute errors: every source counts alike.
[[nodiscard]] std::optional<double> mean_of_groups(const std::vector<Group>& groups);

}  // namespace headroom::validation
