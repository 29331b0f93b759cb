// What one chip of each pipeline rank has to keep in HBM during a step.
//
// Mixed precision (Rajbhandari et al. 2020, section 3.1): 2 bytes of weights per parameter, with
// Adam 12 of optimiser state (master weight, two moments; optimizer.h has the others), and 4 of
// gradients, which are kept in fp32 as Megatron-LM does (the paper: 2); ZeRO divides optimiser
// state (1), gradients (2) and weights (3) by the data-parallel ranks. Activations are what the
// operators keep, times the micro-batches in flight under the schedule; where it splits the
// backward pass, what the products of weight gradients read stays until they are done. DualPipe
// holds each part of the model twice.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/quantity.h"
#include "sim/config/experiment.h"
#include "sim/mapping/shards.h"
#include "sim/mapping/stages.h"

namespace headroom {

// What the need is made of: parameters, and bytes of activations.
struct MemoryParts {
  double all = 0, owned = 0;  // of the rank's chip before sharding, and its share of them
  double unit = 0;            // the largest that is gathered, or reduced, at once
  double kept = 0;            // by its layers for one micro-batch of each chunk
  double held = 0, working = 0, head = 0;  // the activations' sum
};

struct MemoryNeed {
  double weights_bytes = 0, gradients_bytes = 0, optimizer_bytes = 0, activations_bytes = 0;
  std::int64_t rank = 0;  // the pipeline rank that this is
  MemoryParts parts;

  [[nodiscard]] double total() const {
    return weights_bytes + gradients_bytes + optimizer_bytes + activations_bytes;
  }
};

// Parameters that one chip of pipeline rank `rank` holds before data-parallel sharding. Where the
// optimiser's state is sharded, routed experts count as what all replicas would hold of them: the
// result over Plan::replicas() is what one chip updates.
[[nodiscard]] double rank_parameters(
    const Experiment& experiment, const std::vector<Chunk>& chunks, std::int64_t rank);
// Those that one chip of the rank updates.
[[nodiscard]] OwnedParameters owned_parameters(
    const Experiment& experiment, const std::vector<Chunk>& chunks, std::int64_t rank);

// The pipeline rank that needs most.
[[nodiscard]] MemoryNeed peak_memory(const Experiment& experiment);

// Single changes of the plan with which the experiment would fit, as `key=value (needs …)`; empty
// if none of those tried.
[[nodiscard]] std::vector<std::string> changes_that_fit(const Experiment& experiment);

}  // namespace headroom
