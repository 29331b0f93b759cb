// What a result leaves out and what it takes for granted, in words for its reader.
#pragma once

#include "sim/config/experiment.h"
#include "sim/report/result.h"

namespace headroom {

// Fills not_modelled and assumed of a result whose time is known.
void state_limits(Result& result, const Experiment& experiment);

}  // namespace headroom
