// The cost of a chip's matrix engines at the fidelity that an experiment asks for.
#pragma once

#include <memory>

#include "models/matrix_engine/matrix_engine.h"
#include "sim/config/experiment.h"
#include "sim/mapping/kernels.h"

namespace headroom {

// One engine of the experiment's chip in the experiment's format. Throws UnavailableFidelity.
[[nodiscard]] std::shared_ptr<matrix_engine::MatrixEngine> make_array(
    const Experiment& experiment, Fidelity fidelity);

// What products cost in `format`: closed forms to compare tilings, the experiment's fidelity for
// those that are chosen.
[[nodiscard]] Engines engines_of(const Experiment& experiment, Format format);

// Kernels of the experiment: two-byte formats for everything, or a narrow one for linear layers
// with bf16 beside it.
[[nodiscard]] KernelMapper mapper_of(const Experiment& experiment);

}  // namespace headroom
