// From the times of the simulated stages to the result document.
#pragma once

#include "sim/engine/step.h"
#include "sim/report/result.h"

namespace headroom {

[[nodiscard]] Result summarise(const Experiment& experiment, const Step& step);

}  // namespace headroom
