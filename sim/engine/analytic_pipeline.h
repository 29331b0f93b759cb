// The pipeline without SystemC: every stage's passes in order, each as soon as what it waits for is
// there. Gives what the stages of pipeline.h give, to the last bit
// (tests/sim/engine/stage_test.cpp).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/stage_work.h"

namespace headroom {

// `work`: of each rank. Throws std::logic_error where stages wait for one another for ever.
[[nodiscard]] PipelineOutcome play(
    const std::vector<StageWork>& work, std::int64_t micro_batches, Tracing tracing);

}  // namespace headroom
