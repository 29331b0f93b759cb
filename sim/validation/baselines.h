// What a prediction must beat: answers that need no simulator, and the noise of the data itself.
#pragma once

#include <vector>

#include "sim/validation/outcome.h"
#include "sim/validation/run.h"
#include "sim/validation/statistics.h"

namespace headroom::validation {

struct Baselines {
  // Each row that was used is answered with the median of the stated FLOP/s of other rows; the
  // row itself is left out, rows without company are not answered.
  Errors chip_and_format;        // rows of the same chip and precision
  Errors source_chip_and_model;  // a look-up: rows of the same source, chip and model
  // How far rows of the file, used or not, deviate from the mean of all that state the same
  // settings: what no model of these settings can know.
  Errors same_settings;
};

// `outcomes` are those of `runs`, in the same order.
[[nodiscard]] Baselines baselines(
    const std::vector<PublishedRun>& runs, const std::vector<RunOutcome>& outcomes);

}  // namespace headroom::validation
