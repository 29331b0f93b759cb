// The trace of a simulated step: every stage with its passes, and for one chip of each distinct
// stage what its streams do inside them.
#pragma once

#include "sim/engine/step.h"
#include "sim/report/result.h"

namespace headroom {

[[nodiscard]] Trace make_timeline(const Step& step);

}  // namespace headroom
