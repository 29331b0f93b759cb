// How far a prediction moves within the ranges that configs/ gives for its inputs.
//
// Each constant of configs/validation/constants.yaml that has a range goes to both ends of it,
// alone, in the files that the run is resolved to: chip, cluster, kinds of links, stack. An end is
// taken as the bound of the constant's own 80 % interval, and constants as independent, so the
// logarithms of the step's changes towards each side add in squares (the uncertainty propagation of
// JCGM 100:2008, 5.1.2, in logarithms and one-sided). Effects are worked out analytically at either
// fidelity.
//
// What the interval leaves out: effects that the model lacks, mistakes of plans and models that a
// row does not state, and the noise of the measurement. Its coverage says how much that is.
#pragma once

#include <vector>

#include "sim/validation/constants.h"
#include "sim/validation/outcome.h"
#include "sim/validation/resolve.h"

namespace headroom::validation {

// The constants that have a range and that a run could be resolved with.
[[nodiscard]] std::vector<Constant> ranged_constants(
    const config::ConfigPaths& paths, const RunTables& tables);

// About `predicted_tflops` of `run`, which `context` resolves to `resolved`. A constant that the
// chip of the run's source has a value of its own for stays.
[[nodiscard]] Interval interval(
    const PublishedRun& run, const ResolvedRun& resolved, double predicted_tflops,
    const Context& context, const std::vector<Constant>& constants);

}  // namespace headroom::validation
