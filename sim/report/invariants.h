// What every result keeps, whatever was simulated (design.md sections 6 and 7).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/report/result.h"

namespace headroom {

// Throws std::logic_error, which names each violation, when
//   - a number of the document is not finite, or is negative where only a clock loss may be,
//   - the parts of `time` do not sum to step.time_s, or throughput is not work over that time (1e-9
//   relative),
//   - the waterfall does not lead from the peak down to what is achieved,
//   - MFU (causal model FLOPs) is above 1, or memory above the capacity.
// Such a result is a bug of the simulator, never a mistake of its user.
void check(const Result& result);
// The same of a result whose `document`, to_json(result), is there already.
void check(const Result& result, const nlohmann::ordered_json& document);

}  // namespace headroom
