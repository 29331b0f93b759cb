// What of the model one chip holds, and over which chips its gradients are reduced.
//
// Dense parameters are split over the tensor group and alike on the data x context replicas. Routed
// experts are spread over the `expert` chips, each expert's matrices over `expert_split` of them
// (Lepikhin et al. 2020); what is left of data x context x tensor holds the same experts and
// reduces their gradients.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "models/network/collective.h"
#include "sim/config/experiment.h"
#include "sim/mapping/stages.h"
#include "sim/workload/graph.h"

namespace headroom {

// The shape of the graph of one micro-batch under a plan.
[[nodiscard]] GraphShape graph_shape(const Plan& plan);
// The same as the experiment's stack executes it.
[[nodiscard]] GraphShape graph_shape(const Experiment& experiment);

// Groups over which gradients of dense parameters are reduced: the data x context replicas as one
// where they are neighbours, else those of one sequence and those of all; empty where there is one.
[[nodiscard]] std::vector<Group> replica_groups(const Experiment& experiment);
// Chips that hold the same experts: data x context x tensor / (expert x expert_split), at least 1.
[[nodiscard]] std::int64_t expert_replicas(const Plan& plan);
// Whether experts have groups of their own beside those of tensor and data.
[[nodiscard]] bool own_expert_groups(const Plan& plan);
// The chips between which tokens are dispatched, and those that hold the same experts.
[[nodiscard]] Group expert_group(const Experiment& experiment);
[[nodiscard]] Group expert_replica_group(const Experiment& experiment);

// Parameters on one chip before data-parallel sharding.
struct Shard {
  double dense = 0, experts = 0;

  [[nodiscard]] double total() const { return dense + experts; }
  Shard& operator+=(const Shard& other) {
    dense += other.dense;
    experts += other.experts;
    return *this;
  }
  friend Shard operator*(double factor, const Shard& shard) {
    return {factor * shard.dense, factor * shard.experts};
  }
};

// Parameters that one chip updates: all, and those of them that are in layers.
struct OwnedParameters {
  double all = 0, layers = 0;

  friend bool operator<(const OwnedParameters& a, const OwnedParameters& b) {
    return std::tie(a.all, a.layers) < std::tie(b.all, b.layers);
  }
};

// Chips to which the matrices of one pipeline rank are dealt, where whole ones are worked on.
[[nodiscard]] std::int64_t chips_of_matrices(const Plan& plan, bool experts);

[[nodiscard]] Shard layer_shard(const Experiment& experiment, const LayerKind& kind);
[[nodiscard]] Shard embedding_shard(const Experiment& experiment);
// With the modules of multi-token prediction; `tied_copy`: and with a copy of a tied embedding.
[[nodiscard]] Shard head_shard(const Experiment& experiment, bool tied_copy);

// The layers of each chunk as runs, equal kinds together: their order within a chunk changes
// nothing but which weights are fetched next.
[[nodiscard]] std::vector<std::vector<LayerRun>> layers_of_chunks(
    const ModelDescription& model, const std::vector<Chunk>& chunks);

}  // namespace headroom
