// Predicts published runs with the engine and compares them.
#pragma once

#include <functional>
#include <vector>

#include "sim/validation/outcome.h"
#include "sim/validation/resolve.h"

namespace headroom::validation {

// One run: resolved, simulated, compared. Elaborates SystemC, so once per process
// (engine/simulate).
[[nodiscard]] RunOutcome predict(const PublishedRun& run, const Context& context);

// All of them, in their order, in `jobs` processes at a time: one for each run where it is
// simulated, one for a share of the runs where it is computed. A run on which the simulation itself
// fails is skipped with what it said.
[[nodiscard]] std::vector<RunOutcome> predict_all(
    const std::vector<PublishedRun>& runs, const Context& context, std::size_t jobs,
    const std::function<void(std::size_t done)>& progress = {});

}  // namespace headroom::validation
