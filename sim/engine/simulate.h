// One training step of an experiment on its chip and cluster.
#pragma once

#include "sim/config/experiment.h"
#include "sim/report/result.h"

namespace headroom {

struct Outcome {
  Result result;  // `simulation` and `version` are left to the caller but for the events
  Trace trace;
};

// Elaborates and runs the SystemC models: once per process, from within sc_main, before any other
// elaboration. Throws InputError for an experiment that does not fit in HBM, or for a fidelity that
// the chip's engines lack.
[[nodiscard]] Outcome simulate(const Experiment& experiment);

// Throws InputError, at the plan, if the experiment needs more HBM than its chip has.
void check_memory(const Experiment& experiment);

}  // namespace headroom
