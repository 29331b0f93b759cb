#include "sim/mapping/memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/workload/graph.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

// Bytes kept for backward by one pass over these operators.
double kept(const std::vector<Operator>& ops, Recompute recompute) {
  double bytes = 0;
  for (const Operator& op : ops)
    bytes += op.kept_bytes + (recompute == Recompute::none ? op.cheap_bytes : 0);
  return bytes;
}

double chunk_parameters(const ModelDescription& model, const Chunk& chunk) {
  double parameters = as_double(chunk.layers) * as_double(model.layer_parameters());
  if (chunk.embedding) parameters += as_double(model.embedding_parameters());
  if (chunk.head) parameters += as_double(model.head_parameters());
  // A tied head on another rank than the embedding holds a copy of it.
  if (chunk.head && !chunk.embedding && model.tied_embedding)
    parameters += as_double(model.vocab * model.hidden);
  return parameters;
}

// Largest unit that is gathered at once under full sharding.
double largest_unit(const ModelDescription& model) {
  return as_double(
      std::max({model.layer_parameters(), model.embedding_parameters(), model.head_parameters()}));
}

MemoryNeed need_of(const Experiment& experiment, const std::vector<Chunk>& chunks,
                   std::int64_t rank) {
  const Plan& plan = experiment.plan;
  const double tensor = as_double(plan.tensor), data = as_double(plan.data);
  const double parameters = rank_parameters(experiment, chunks, rank);
  MemoryNeed need;
  need.rank = rank;
  need.weights_bytes = parameters * weight_bytes;
  need.gradients_bytes = parameters * gradient_bytes;
  need.optimizer_bytes = parameters * optimizer_bytes;
  const double unit = largest_unit(experiment.model) / tensor;
  if (plan.sharding >= Sharding::zero1) need.optimizer_bytes /= data;
  if (plan.sharding >= Sharding::zero2)
    need.gradients_bytes = need.gradients_bytes / data + unit * gradient_bytes;
  if (plan.sharding >= Sharding::zero3)
    need.weights_bytes = need.weights_bytes / data + 2 * unit * weight_bytes;

  const GraphShape shape{
      plan.micro_batch, plan.sequence, plan.tensor, experiment.stack.sequence_parallel};
  const std::vector<Operator> layer = layer_forward(experiment.model, shape);
  // A layer recomputed as a whole keeps its input; the layer at work keeps everything.
  const double input = as_double(plan.micro_batch * plan.sequence) *
                       as_double(experiment.model.hidden) * activation_bytes /
                       (experiment.stack.sequence_parallel ? tensor : 1);
  const double whole = kept(layer, Recompute::none);
  const double per_layer = plan.recompute == Recompute::full ? input : kept(layer, plan.recompute);

  const std::int64_t in_flight = most_in_flight(
      one_forward_one_backward(rank, plan.pipeline, plan.virtual_pipeline, plan.micro_batches()));
  std::int64_t layers = 0;
  for (std::int64_t c = 0; c < plan.virtual_pipeline; ++c)
    layers += chunks[static_cast<std::size_t>(c * plan.pipeline + rank)].layers;
  need.activations_bytes = as_double(in_flight) * as_double(layers) /
                           as_double(plan.virtual_pipeline) * per_layer;
  if (plan.recompute != Recompute::none) need.activations_bytes += whole - per_layer;
  if (chunks[static_cast<std::size_t>((plan.virtual_pipeline - 1) * plan.pipeline + rank)].head)
    need.activations_bytes += kept(head_forward(experiment.model, shape), Recompute::none);
  return need;
}

}  // namespace

double rank_parameters(const Experiment& experiment, const std::vector<Chunk>& chunks,
                       std::int64_t rank) {
  double parameters = 0;
  for (std::int64_t c = 0; c < experiment.plan.virtual_pipeline; ++c)
    parameters += chunk_parameters(
        experiment.model, chunks[static_cast<std::size_t>(c * experiment.plan.pipeline + rank)]);
  return parameters / as_double(experiment.plan.tensor);
}

MemoryNeed peak_memory(const Experiment& experiment) {
  const Plan& plan = experiment.plan;
  const std::vector<Chunk> chunks = split_layers(
      experiment.model.layers, plan.pipeline * plan.virtual_pipeline);
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
  static constexpr const char* names[] = {"none", "zero1", "zero2", "zero3"};
  for (const Sharding sharding : {Sharding::zero1, Sharding::zero2, Sharding::zero3}) {
    plan = now;
    plan.sharding = sharding;
    if (sharding > now.sharding && now.data > 1)
      consider(fmt::format("plan.sharding={}", names[static_cast<int>(sharding)]), plan);
  }
  if (now.micro_batch > 1) {
    plan = now;
    plan.micro_batch = 1;
    consider("plan.micro_batch=1", plan);
  }
  return changes;
}

}  // namespace headroom
