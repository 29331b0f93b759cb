// The report of a validation: one document, which the table, the CSV file and the pictures of
// docs/accuracy.md show parts of.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "sim/validation/baselines.h"
#include "sim/validation/folds.h"
#include "sim/validation/outcome.h"
#include "sim/validation/statistics.h"

namespace headroom::validation {

struct Report {
  std::string file, fidelity, version;
  std::vector<RunOutcome> rows;  // in the order of the file
  std::vector<Group> by_source, by_chip;
  Errors overall, default_network, described_network;
  std::size_t unknown_convention = 0, skipped = 0, misfits = 0;
  Baselines baselines;
  std::optional<Coverage> intervals;                // where they were asked for
  std::optional<CrossValidation> cross_validation;  // where it was asked for
};

[[nodiscard]] Report make_report(
    const std::vector<PublishedRun>& runs, std::vector<RunOutcome> outcomes);

// The document, schema headroom.validation/1.
[[nodiscard]] nlohmann::ordered_json to_json(const Report& report);
// One line per row of the file.
void write_csv(const Report& report, std::ostream& out);
// The table for a terminal, at most 100 columns.
[[nodiscard]] std::string text(const Report& report);

}  // namespace headroom::validation
