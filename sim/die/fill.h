// The blocks `die` and `cost` of a step's result.
#pragma once

#include <optional>
#include <string>

#include "sim/config/experiment.h"
#include "sim/config/paths.h"
#include "sim/die/describe.h"
#include "sim/report/result.h"

namespace headroom {

// The dies of an experiment's chip and what they cost; none where they are not published, or not
// consistently, and why.
struct DieAnswer {
  std::optional<DieReport> report;
  std::string why;
};
[[nodiscard]] DieAnswer die_of(const Experiment& experiment, const config::ConfigPaths& paths);

// Fills in `die` and `cost` after power; without a report they stay empty and `not_modelled` says
// why. What prices are assumed stands in `assumed`.
void fill_die_and_cost(Result& result, const Experiment& experiment, const DieAnswer& die);

}  // namespace headroom
