#include "sim/mapping/shards.h"

#include <algorithm>

#include "sim/mapping/counting.h"

namespace headroom {
namespace {

// Splits parameters of which `experts` are routed experts'.
Shard shard(const Plan& plan, std::int64_t parameters, std::int64_t experts) {
  const GraphShape shape = graph_shape(plan);
  return {as_double(parameters - experts) / as_double(plan.tensor),
          as_double(experts) / as_double(shape.expert * shape.expert_split())};
}

}  // namespace

GraphShape graph_shape(const Plan& plan) {
  GraphShape shape{plan.micro_batch,   plan.sequence,    plan.tensor, plan.expert,
                   plan.expert_tensor, plan.expert_skew, true};
  shape.context = plan.context;
  return shape;
}

GraphShape graph_shape(const Experiment& experiment) {
  GraphShape shape = graph_shape(experiment.plan);
  shape.sequence_parallel = experiment.stack.sequence_parallel;
  shape.keeps_scores = !experiment.stack.attention.fused;
  return shape;
}

std::vector<Group> replica_groups(const Experiment& experiment) {
  const Plan& plan = experiment.plan;
  if (plan.replicas() == 1) return {};
  if (plan.sharers() < plan.replicas()) {
    // Within a copy, and from copy to copy.
    return {place_group(experiment.cluster, plan.shard_group, plan.replica_stride()),
            place_group(experiment.cluster, plan.replicas() / plan.shard_group,
                        plan.replica_stride() * plan.shard_group)};
  }
  if (plan.replicas_are_neighbours())
    return {place_group(experiment.cluster, plan.replicas(), plan.replica_stride())};
  return {place_group(experiment.cluster, plan.context, plan.stride(PlanDimension::context)),
          place_group(experiment.cluster, plan.data, plan.stride(PlanDimension::data))};
}

std::int64_t expert_replicas(const Plan& plan) {
  const std::int64_t holders = plan.expert * graph_shape(plan).expert_split();
  return std::max<std::int64_t>(1, plan.replicas() * plan.tensor / holders);
}

std::int64_t chips_of_matrices(const Plan& plan, bool experts) {
  const std::int64_t holders = experts ? plan.expert * graph_shape(plan).expert_split()
                                       : plan.tensor;
  if (plan.sharding == Sharding::none) return holders;
  return holders * (experts ? expert_replicas(plan) : plan.sharers());
}

bool own_expert_groups(const Plan& plan) {
  return plan.expert > 1 || graph_shape(plan).expert_split() != plan.tensor;
}

Group expert_group(const Experiment& experiment) {
  const Plan& plan = experiment.plan;
  // Where experts are not split, the ranks of a tensor group are neighbours in the expert group.
  const bool over_tensor = graph_shape(plan).expert_split() == 1 && plan.tensor > 1;
  const std::int64_t stride = over_tensor ? plan.stride(PlanDimension::tensor)
                                          : plan.replica_stride();
  return place_group(experiment.cluster, plan.expert, stride);
}

Group expert_replica_group(const Experiment& experiment) {
  const Plan& plan = experiment.plan;
  const bool over_tensor = graph_shape(plan).expert_split() == 1 && plan.tensor > 1;
  const std::int64_t stride = over_tensor ? plan.stride(PlanDimension::tensor)
                                          : plan.replica_stride();
  return place_group(experiment.cluster, expert_replicas(plan), stride * plan.expert);
}

Shard layer_shard(const Experiment& experiment, const LayerKind& kind) {
  const ModelDescription& model = experiment.model;
  return shard(experiment.plan, model.layer_parameters(kind), model.expert_parameters(kind));
}

Shard embedding_shard(const Experiment& experiment) {
  const ModelDescription& model = experiment.model;
  return shard(experiment.plan, model.embedding_parameters() + model.other_parameters, 0);
}

Shard head_shard(const Experiment& experiment, bool tied_copy) {
  const ModelDescription& model = experiment.model;
  const std::int64_t tied = tied_copy && model.tied_embedding ? model.vocab * model.hidden : 0;
  std::int64_t experts = 0;
  for (const LayerKind& kind : model.prediction_kinds())
    experts += model.prediction_sets() * model.expert_parameters(kind);
  return shard(
      experiment.plan, model.head_parameters() + model.prediction_parameters() + tied, experts);
}

std::vector<std::vector<LayerRun>> layers_of_chunks(
    const ModelDescription& model, const std::vector<Chunk>& chunks) {
  const std::vector<LayerRun> runs = model.runs();
  std::vector<std::vector<LayerRun>> result;
  std::size_t run = 0;
  std::int64_t used = 0;  // of that run
  for (const Chunk& chunk : chunks) {
    std::vector<LayerRun> layers;
    for (std::int64_t left = chunk.layers; left > 0;) {
      const std::int64_t count = std::min(left, runs[run].count - used);
      const LayerKind& kind = runs[run].kind;
      const auto same = std::find_if(layers.begin(), layers.end(), [&](const LayerRun& other) {
        return other.kind == kind;
      });
      if (same == layers.end())
        layers.push_back({kind, count});
      else
        same->count += count;
      left -= count;
      used += count;
      if (used == runs[run].count) ++run, used = 0;
    }
    result.push_back(layers);
  }
  return result;
}

}  // namespace headroom
