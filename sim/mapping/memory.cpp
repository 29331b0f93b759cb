#include "sim/mapping/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/mapping/counting.h"
#include "sim/mapping/optimizer.h"
#include "sim/mapping/shards.h"
#include "sim/workload/graph.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

// Bytes kept for backward by one pass over these operators.
double kept(const std::vector<Operator>& ops) {
  double bytes = 0;
  for (const Operator& op : ops) bytes += op.kept_bytes + op.cheap_bytes;
  return bytes;
}

// Of those, what is let go of because the operator is done again. What goes into it stays: the
// residual, and what the product behind attention needs.
double let_go(const Operator& op, const Plan& plan) {
  if (!plan.recomputes(op)) return 0;
  if (plan.recompute_parts.empty() || op.belongs_to({LayerPart::norm})) return op.cheap_bytes;
  const double result = op.kind == OperatorKind::attention
                            ? as_double(op.tokens * op.heads * op.value_width()) * activation_bytes
                            : 0;
  const double share = op.kind == OperatorKind::linear
                           ? as_double(plan.outputs_again(op)) / as_double(op.outputs)
                           : 1;
  return (op.kept_bytes + op.cheap_bytes) * share - result;
}

// Bytes that the products of weight gradients read: inputs (where they are gathered, this rank's
// share) and gradients of outputs.
double for_weight_gradients(const std::vector<Operator>& ops, const GraphShape& shape) {
  double bytes = 0;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const Operator& op = ops[i];
    if (op.kind != OperatorKind::linear && op.kind != OperatorKind::grouped) continue;
    const bool gathered = shape.sequence_parallel && i > 0 &&
                          ops[i - 1].kind == OperatorKind::gather;
    const double rows = as_double(op.tokens * op.groups);
    bytes += rows * activation_bytes *
             (as_double(op.inputs) / (gathered ? as_double(shape.tensor) : 1) +
              as_double(op.outputs));
  }
  return bytes;
}

Shard layers_shard(const Experiment& experiment, const std::vector<LayerRun>& layers) {
  Shard sum;
  for (const LayerRun& run : layers)
    sum += as_double(run.count) * layer_shard(experiment, run.kind);
  return sum;
}

Shard ends_shard(const Experiment& experiment, const Chunk& chunk) {
  Shard sum;
  if (chunk.embedding) sum += embedding_shard(experiment);
  // A tied head on another rank than the embedding holds a copy of it.
  if (chunk.head) sum += head_shard(experiment, !chunk.embedding);
  return sum;
}

// Of all chunks of a pipeline rank.
struct RankShard {
  Shard layers, ends;

  [[nodiscard]] Shard all() const {
    Shard sum = layers;
    return sum += ends;
  }
};

RankShard rank_shard(const Experiment& experiment, const std::vector<Chunk>& chunks,
                     std::int64_t rank) {
  const auto layers = layers_of_chunks(experiment.model, chunks);
  RankShard sum;
  for (const std::size_t c : places_of(experiment.plan, rank)) {
    sum.layers += layers_shard(experiment, layers[c]);
    sum.ends += ends_shard(experiment, chunks[c]);
  }
  return sum;
}

// What of a shard one chip owns where all that have the same share it.
Shard owned_of(const Plan& plan, const Shard& shard) {
  return {
      shard.dense / as_double(plan.sharers()), shard.experts / as_double(expert_replicas(plan))};
}

double optimizer_bytes(const Plan& plan, const RankShard& shard) {
  if (plan.offload == Offload::optimizer) return 0;
  const auto bytes = [&](Optimizer optimizer) {
    return update_cost(optimizer, plan.optimizer_state).state_bytes;
  };
  const auto kept = [&](const Shard& part) {
    return plan.sharding >= Sharding::zero1 ? owned_of(plan, part).total() : part.total();
  };
  const Optimizer ends = optimizer_of_ends(plan.optimizer);
  if (ends == plan.optimizer) return kept(shard.all()) * bytes(ends);
  return kept(shard.layers) * bytes(plan.optimizer) + kept(shard.ends) * bytes(ends);
}

// Largest unit that is gathered at once under full sharding.
double largest_unit(const Experiment& experiment) {
  double most = std::max(
      embedding_shard(experiment).total(), head_shard(experiment, false).total());
  for (const LayerKind& kind : experiment.model.kinds())
    most = std::max(most, layer_shard(experiment, kind).total());
  return most;
}

// Activations that the layers of a rank keep for one micro-batch of each of its chunks, and what
// the layer at work keeps beside.
struct LayerActivations {
  double kept = 0, working = 0;
};

// What a layer keeps for backward; recomputed as a whole, its input.
double layer_kept(const Experiment& experiment, const std::vector<Operator>& ops,
                  bool recomputes = true) {
  const Plan& plan = experiment.plan;
  if (!recomputes) return kept(ops);
  if (plan.recompute != Recompute::full) {
    double bytes = kept(ops);
    for (const Operator& op : ops) bytes -= let_go(op, plan);
    return bytes;
  }
  return as_double(plan.micro_batch * (plan.sequence / plan.context)) *
         as_double(experiment.model.hidden) * activation_bytes /
         (experiment.stack.sequence_parallel ? as_double(plan.tensor) : 1);
}

// Of `count` layers that begin at `index` in their chunk, those that are recomputed and the others.
// Moves `index` behind them.
std::vector<std::pair<bool, std::int64_t>> shares_of(
    const Plan& plan, std::int64_t count, std::int64_t& index) {
  const std::int64_t begin = index;
  index += count;
  if (plan.recompute == Recompute::none) return {{false, count}};
  if (plan.recompute_layers == 0) return {{true, count}};
  const std::int64_t again = std::clamp<std::int64_t>(plan.recompute_layers - begin, 0, count);
  return {{true, again}, {false, count - again}};
}

LayerActivations layer_activations(
    const Experiment& experiment, const std::vector<Chunk>& chunks, std::int64_t rank) {
  const Plan& plan = experiment.plan;
  const GraphShape shape = graph_shape(experiment);
  std::map<std::pair<LayerKind, bool>, std::int64_t> counts;  // by kind, and whether recomputed
  const auto layers = layers_of_chunks(experiment.model, chunks);
  for (const std::size_t c : places_of(plan, rank)) {
    std::int64_t index = 0;
    for (const LayerRun& run : layers[c])
      for (const auto& [recomputes, count] : shares_of(plan, run.count, index))
        counts[{run.kind, recomputes}] += count;
  }
  LayerActivations result;
  for (const auto& [layer, count] : counts) {
    const std::vector<Operator> ops = layer_forward(experiment.model, layer.first, shape);
    const double per_layer = layer_kept(experiment, ops, layer.second);
    result.kept += as_double(count) * per_layer;
    result.working = std::max(result.working, kept(ops) - per_layer);
  }
  return result;
}

// By chunk of the rank, for schedules that split the backward pass.
std::vector<KeptByChunk> kept_by_chunk(
    const Experiment& experiment, const std::vector<Chunk>& chunks, std::int64_t rank) {
  const GraphShape shape = graph_shape(experiment);
  const auto layers = layers_of_chunks(experiment.model, chunks);
  std::vector<KeptByChunk> result;
  for (const std::size_t place : places_of(experiment.plan, rank)) {
    KeptByChunk chunk;
    std::int64_t index = 0;
    for (const LayerRun& run : layers[place]) {
      const std::vector<Operator> ops = layer_forward(experiment.model, run.kind, shape);
      for (const auto& [recomputes, count] : shares_of(experiment.plan, run.count, index))
        chunk.activations += as_double(count) * layer_kept(experiment, ops, recomputes);
      chunk.until_weights += as_double(run.count) * for_weight_gradients(ops, shape);
    }
    if (chunks[place].head)
      chunk.until_weights += for_weight_gradients(head_forward(experiment.model, shape), shape);
    result.push_back(chunk);
  }
  return result;
}

// The plan with so few micro-batches that its schedule is short, and enough that it holds as much
// at once as with all: it has filled the pipeline and repeats itself after two a stage.
Plan first_micro_batches(Plan plan) {
  const std::int64_t enough = 4 * plan.pipeline;
  if (plan.micro_batches() > enough)
    plan.global_batch = enough * (plan.global_batch / plan.micro_batches());
  return plan;
}

MemoryNeed need_of(const Experiment& experiment, const std::vector<Chunk>& chunks,
                   std::int64_t rank) {
  const Plan& plan = experiment.plan;
  const RankShard parts = rank_shard(experiment, chunks, rank);
  const Shard shard = parts.all(), owned = owned_of(plan, shard);
  MemoryNeed need;
  need.rank = rank;
  need.weights_bytes = shard.total() * weight_bytes;
  need.gradients_bytes = shard.total() * gradient_bytes;
  need.optimizer_bytes = optimizer_bytes(plan, parts);
  const double unit = largest_unit(experiment);
  if (plan.sharding >= Sharding::zero2)
    need.gradients_bytes = owned.total() * gradient_bytes + unit * gradient_bytes;
  if (plan.sharding >= Sharding::zero3)
    need.weights_bytes = owned.total() * weight_bytes + 2 * unit * weight_bytes;

  const LayerActivations layers = layer_activations(experiment, chunks, rank);
  const std::vector<Pass> schedule = schedule_of(first_micro_batches(plan), rank);
  // The layer at work keeps all of its own.
  const double held = splits_backward(plan)
                          ? most_held(schedule, kept_by_chunk(experiment, chunks, rank))
                          : as_double(most_in_flight(schedule)) / as_double(chunks_of_rank(plan)) *
                                layers.kept;
  need.activations_bytes = layers.working + held;
  for (const std::size_t place : places_of(plan, rank))
    if (chunks[place].head)
      need.activations_bytes += kept(head_forward(experiment.model, graph_shape(experiment)));
  need.parts = {
      shard.total(),
      owned.total(),
      unit,
      layers.kept,
      held,
      layers.working,
      need.activations_bytes - layers.working - held};
  return need;
}

// Of one chip before sharding; where the optimiser's state is sharded, experts count as what all
// replicas would hold of them.
double shared_parameters(const Plan& plan, const Shard& shard) {
  if (plan.sharding == Sharding::none) return shard.total();
  return shard.dense +
         shard.experts * as_double(plan.replicas()) / as_double(expert_replicas(plan));
}

}  // namespace

double rank_parameters(const Experiment& experiment, const std::vector<Chunk>& chunks,
                       std::int64_t rank) {
  return shared_parameters(experiment.plan, rank_shard(experiment, chunks, rank).all());
}

OwnedParameters owned_parameters(
    const Experiment& experiment, const std::vector<Chunk>& chunks, std::int64_t rank) {
  const Plan& plan = experiment.plan;
  const RankShard shard = rank_shard(experiment, chunks, rank);
  const double sharers = plan.sharding == Sharding::none ? 1 : as_double(plan.sharers());
  return {shared_parameters(plan, shard.all()) / sharers,
          shared_parameters(plan, shard.layers) / sharers};
}

MemoryNeed peak_memory(const Experiment& experiment) {
  const Plan& plan = experiment.plan;
  const std::vector<Chunk> chunks = split_layers(experiment.model.layers, chunks_of_model(plan));
  MemoryNeed peak;
  for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) {
    const MemoryNeed need = need_of(experiment, chunks, rank);
    if (need.total() > peak.total()) peak = need;
  }
  return peak;
}

std::vector<std::string> changes_that_fit(const Experiment& experiment) {
  std::vector<std::string> changes;
  const auto consider = [&](const std::string& change, const Plan& plan) {
    Experiment changed = experiment;
    changed.plan = plan;
    const double need = peak_memory(changed).total();
    if (need <= experiment.chip.hbm.capacity.si())
      changes.push_back(fmt::format("{} (needs {:.1f} GB)", change, need / 1e9));
  };
  const Plan& now = experiment.plan;
  Plan plan = now;
  if (now.recompute == Recompute::none)
    plan.recompute = Recompute::selective, consider("plan.recompute=selective", plan);
  plan = now;
  if (now.recompute != Recompute::full)
    plan.recompute = Recompute::full, consider("plan.recompute=full", plan);
  for (const Sharding sharding : {Sharding::zero1, Sharding::zero2, Sharding::zero3}) {
    plan = now;
    plan.sharding = sharding;
    if (sharding > now.sharding && now.replicas() > 1)
      consider(fmt::format("plan.sharding={}", to_string(sharding)), plan);
  }
  if (now.micro_batch > 1) {
    plan = now;
    plan.micro_batch = 1;
    consider("plan.micro_batch=1", plan);
  }
  return changes;
}

}  // namespace headroom
