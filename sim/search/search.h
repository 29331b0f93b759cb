// The fastest plans of an experiment that fit its chips.
//
// All legal plans (plans.h) are listed. Those whose memory (sim/mapping/memory.h) exceeds the
// chip's are out. The others are evaluated in closed form (sim/engine/analytic_step.h) in the order
// of a lower bound of their time (bound.h), until the bounds of all that are left are above the
// time of the `top`-th best: what is returned is the best of all, and no plan was left out by
// chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/config/experiment.h"
#include "sim/mapping/memory.h"
#include "sim/report/result.h"

namespace headroom::search {

struct Found {
  Plan plan;
  double step_s = 0;   // of the optimiser step, stragglers left out
  double bound_s = 0;  // that the search took it for before it was evaluated
  Result result;       // at analytic fidelity
};

struct Outcome {
  std::size_t legal = 0;      // plans
  std::size_t fitted = 0;     // of them, in the chip's memory
  std::size_t evaluated = 0;  // of those; the bound rules out the rest
  std::size_t unmapped = 0;   // of the legal ones: their stages have unequal layers
  std::vector<Found> best;    // fastest first
  // The experiment's own plan, evaluated where it fits or the experiment allows that it does not.
  std::optional<Found> given;
  // The legal plan that needs the least memory, where none fits.
  std::optional<Plan> smallest;
  MemoryNeed least_need;
};

// Precondition: top >= 1. `progress` is told how many plans of all are judged. Ties keep the order
// of legal_plans(). The same experiment gives the same outcome.
[[nodiscard]] Outcome find_plans(
    const Experiment& experiment, std::size_t top,
    const std::function<void(std::size_t done, std::size_t all)>& progress = {});

}  // namespace headroom::search
