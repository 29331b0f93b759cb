// The power block of a step's result.
#pragma once

#include "sim/config/experiment.h"
#include "sim/config/paths.h"
#include "sim/report/result.h"

namespace headroom {

// Fills in `power` of a simulated step: mean watts of a chip at the clock that the step ran at, by
// part, and energy per token. Nothing of the step changes. Where the chip does not describe its
// power, or not consistently, the block stays empty and `not_modelled` says why.
//
// Products are those of normal random data, in the format of the plan; links are busy while
// collectives and messages run; bytes through the scratchpads are those of a large product.
void fill_power(Result& result, const Experiment& experiment, const config::ConfigPaths& paths);

}  // namespace headroom
