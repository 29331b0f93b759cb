// The waterfall: from the nameplate peak of a chip down to the model FLOP/s that it achieves
// (design.md section 6).
#pragma once

#include <vector>

#include "sim/report/result.h"

namespace headroom {

// Rows "nameplate peak", one per modelled cause (zero losses too, so that results line up),
// "achieved" and, where failures are modelled, "after failures": goodput times that. The loss of
// cause i is peak * t_i / T, T being the sum of `time`; a clock above the nameplate's is a negative
// loss. `peak_flops` and `achieved_flops` are FLOP/s of one chip, averaged over the chips of the
// run; check() refuses a result whose losses do not lead from one to the other.
[[nodiscard]] std::vector<WaterfallStep> make_waterfall(
    double peak_flops, const TimeBreakdown& time, double achieved_flops, Maybe goodput = {});

}  // namespace headroom
