// One training step of an experiment on its chip and cluster.
#pragma once

#include "sim/config/experiment.h"
#include "sim/engine/times.h"
#include "sim/report/result.h"

namespace headroom {

// Every block that has one in closed form.
inline constexpr FidelityChoice all_analytic{
    Fidelity::analytic, Fidelity::cycle, Fidelity::analytic, Fidelity::analytic};

struct Outcome {
  Result result;  // `simulation` and `version` are left to the caller but for the events
  Trace trace;
};

// Elaborates and runs the SystemC models: once per process, from within sc_main, before any other
// elaboration; at analytic fidelity nothing is elaborated (analytic_step.h). Throws what
// check_feasible() does.
[[nodiscard]] Outcome simulate(const Experiment& experiment, Tracing tracing = Tracing::on);

// What reading the files cannot tell. Throws InputError, at its place, if the experiment needs more
// HBM than its chip has (unless it allows that) or asks for an RTL variant that was not built.
void check_feasible(const Experiment& experiment);

}  // namespace headroom
