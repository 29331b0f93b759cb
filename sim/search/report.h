// What a search for plans found, as text and as a document.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/search/search.h"

namespace headroom::search {

struct Report {
  const Experiment& experiment;
  const Outcome& outcome;
  std::vector<double> confirmed;  // step times of the first of the best, simulated
  std::string version;
};

// Schema headroom.plans/1: experiment, setup, counts of plans (legal, fitted, evaluated, unmapped),
// capacity_bytes, given and best [{rank, plan, step_time_s, simulated_step_time_s, mfu,
// tokens_per_s_per_chip, memory_bytes, bound_by, least_step_time_s}], least_need where none fits.
// Keys of a plan are those of an experiment file.
[[nodiscard]] nlohmann::ordered_json to_json(const Report& report);

[[nodiscard]] std::string text(const Report& report);

}  // namespace headroom::search
