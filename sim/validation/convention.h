// How sources count the FLOPs of a step, as functions, so that a prediction can be stated the way
// the row it is compared with states its own.
//
// A convention says which parameters count (6 FLOPs per token and parameter: 2 forward, 4
// backward), which keys a query attends to (12 x layers x heads x head_dim x keys FLOPs per token)
// and whether what is recomputed counts (8 and 16 instead of 6 and 12 where whole layers are
// recomputed; Narayanan et al. 2021, equation 3, and Chowdhery et al. 2022, appendix B).
#pragma once

#include <string>

#include "sim/config/run_tables.h"
#include "sim/validation/resolve.h"
#include "sim/validation/run.h"

namespace headroom::validation {

// The convention that the row names; nullptr where it names none that the tables know.
[[nodiscard]] const FlopConvention* convention_of(const PublishedRun& run, const RunTables& tables);

// FLOPs of a step by that convention, of all chips. `hardware` counts what is recomputed whatever
// the convention says of its model FLOPs.
[[nodiscard]] double step_flops(
    const FlopConvention& convention, const ResolvedRun& run, bool hardware);

}  // namespace headroom::validation
