// The `plan` and `fidelity` mappings of an experiment.
#pragma once

#include "sim/config/experiment.h"
#include "sim/config/record.h"

namespace headroom::config {

[[nodiscard]] const Record<Plan>& plan_record();
// Accepts the fidelities that each block has for a run.
[[nodiscard]] const Record<FidelityChoice>& fidelity_record();

// Throws InputError at the first key of `plan` that does not fit the experiment's cluster, model
// and chip; adds to experiment.warnings what is merely unusual.
void check_plan(Experiment& experiment, const Node& plan);

}  // namespace headroom::config
