// The `reliability` mapping of an experiment: failures, checkpoints, chips of unequal speed.
#pragma once

#include "sim/config/experiment.h"
#include "sim/config/record.h"

namespace headroom::config {

[[nodiscard]] const Record<Reliability>& reliability_record();

}  // namespace headroom::config
