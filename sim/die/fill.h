// The blocks `die` and `cost` of a step's result.
#pragma once

#include "sim/config/experiment.h"
#include "sim/config/paths.h"
#include "sim/report/result.h"

namespace headroom {

// Fills in both after power; a chip whose dies are not published keeps them empty and
// `not_modelled` says why. What prices are assumed stands in `assumed`.
void fill_die_and_cost(Result& result, const Experiment& experiment,
                       const config::ConfigPaths& paths);

}  // namespace headroom
