// The `power` mapping of an experiment: caps of chips, nodes, racks and the site, and which clock
// follows from them.
#pragma once

#include "sim/config/experiment.h"
#include "sim/config/record.h"

namespace headroom::config {

[[nodiscard]] const Record<PowerUse>& power_use_record();

// Fills in what binds a chip of the experiment: the least of its own power_cap and of its share of
// each cap in `given`, the mapping as written. Caps of a site hold for its cooling and conversion
// too (pue), and what a node draws beside its chips is taken off first. InputError where a cap
// leaves chips nothing, or lacks what divides it.
void find_cap(Experiment& experiment, const Node& given);

}  // namespace headroom::config
