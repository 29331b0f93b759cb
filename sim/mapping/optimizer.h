// Optimisers: what one keeps of a parameter, and what its update reads, writes and computes.
//
// Each keeps an fp32 master weight. adam, adamw: two moments (Kingma and Ba 2015; Loshchilov and
// Hutter 2019). sgd: one (momentum). muon: one of each matrix of a layer, whose sum is made
// orthogonal by five Newton-Schulz iterations (Jordan et al. 2024), and adamw of everything else.
// Moments are fp32, bf16 (as DeepSeek-V3 has them, section 3.3.3), or int8 in blocks of 2,048 with
// an fp32 scale each (Dettmers et al. 2022, section 2).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/config/experiment.h"

namespace headroom {

// Of one parameter.
struct UpdateCost {
  double state_bytes = 0;                      // kept: read and written by the update
  double extra_bytes = 0;                      // read, and written, beside them
  double operations = 0, transcendentals = 0;  // of the vector unit
};

// `muon`: of a matrix.
[[nodiscard]] UpdateCost update_cost(Optimizer optimizer, OptimizerState state);
// What the plan's optimiser uses for parameters outside of layers: muon leaves them to adamw.
[[nodiscard]] Optimizer optimizer_of_ends(Optimizer optimizer);

// Equal matrices of a layer.
struct Matrices {
  std::int64_t rows = 0, columns = 0, count = 0;
  bool experts = false;  // routed
};
// Of the products of a layer, projections that are one product being one matrix.
[[nodiscard]] std::vector<Matrices> matrices_of(
    const ModelDescription& model, const LayerKind& kind);

inline constexpr int newton_schulz_iterations = 5;

}  // namespace headroom
