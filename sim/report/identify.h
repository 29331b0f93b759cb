// Ties a result to what it is the result of.
#pragma once

#include "sim/report/result.h"

namespace headroom {

// Fills experiment, config_digest, fidelity and setup of `result` from the experiment that was
// simulated.
void identify(Result& result, const Experiment& experiment);

}  // namespace headroom
