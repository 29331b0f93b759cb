// Every plan that an experiment's model, chip, cluster, batch, sequence and format allow.
#pragma once

#include <string>
#include <vector>

#include "sim/config/experiment.h"

namespace headroom::search {

// Tensor, pipeline and data sizes are the divisors of the cluster's chips, micro-batches those of a
// replica's share of the batch; with them virtual pipelines, expert groups, sharding, recomputation
// and the order of the dimensions on the chips, as far as check_plan() (sim/config/plan.h) accepts
// the whole. Plans that are the same but for a name are listed once: orders that differ in
// dimensions of size 1, sharding over one replica. What else a plan says (format, schedule,
// context, optimiser, skew of experts, …) is the experiment's; interleaved is listed as 1f1b in
// chunks.
[[nodiscard]] std::vector<Plan> legal_plans(const Experiment& experiment);

// "tensor 8, pipeline 16 x 8 chunks, data 128, zero1, micro-batch 1, recompute none, placement
// tensor data pipeline"
[[nodiscard]] std::string words(const Plan& plan);

}  // namespace headroom::search
