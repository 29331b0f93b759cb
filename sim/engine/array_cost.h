// The cost of a chip's matrix engines at the fidelity that an experiment asks for.
#pragma once

#include <memory>

#include "models/matrix_engine/matrix_engine.h"
#include "sim/config/experiment.h"
#include "sim/mapping/tiling.h"

namespace headroom {

// One engine of the experiment's chip in the experiment's format. Throws UnavailableFidelity.
[[nodiscard]] std::shared_ptr<matrix_engine::MatrixEngine> make_array(
    const Experiment& experiment, Fidelity fidelity);

// The same as the mapper wants it.
[[nodiscard]] ArrayCycles array_cycles(const Experiment& experiment, Fidelity fidelity);

}  // namespace headroom
