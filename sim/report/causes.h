// The causes that a step's time is divided among: one list for JSON keys, waterfall, table and
// checks.
#pragma once

#include <string>
#include <vector>

#include "sim/report/result.h"

namespace headroom {

struct Cause {
  std::string name;  // as a person reads it in the waterfall
  std::string path;  // below "time" in the result document, "exposed_communication_s.tensor"
  Maybe seconds;     // nullopt: this cause is not modelled
};

// Every cause of lost time in the order of the waterfall; the ideal time is not among them.
[[nodiscard]] std::vector<Cause> causes(const TimeBreakdown& time);

// The ideal time plus every cause that is modelled: what step.time_s has to be.
[[nodiscard]] double total_s(const TimeBreakdown& time);

// Name of the largest cause of lost time; "useful matrix work" where nothing is lost.
[[nodiscard]] std::string largest_cause(const TimeBreakdown& time);

}  // namespace headroom
