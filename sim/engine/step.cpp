#include "sim/engine/step.h"

#include <algorithm>
#include <utility>

#include "models/network/collective_model.h"
#include "sim/mapping/memory.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

PassTiming timing(const PassResult& result) { return {result.times, result.tail_s}; }

Group pipeline_group(const Experiment& experiment) {
  return place_group(experiment.cluster, experiment.plan.pipeline,
                     experiment.plan.stride(PlanDimension::pipeline));
}

}  // namespace

Step::Step(const Experiment& experiment, const KernelMapper& mapper,
           std::shared_ptr<network::CollectiveModel> network)
    : experiment_(experiment),
      network_(std::move(network)),
      builder_(experiment, mapper, network_),
      ranks_(static_cast<std::size_t>(experiment.plan.pipeline)),
      chunks_(split_layers(
          experiment.model, experiment.plan.pipeline * experiment.plan.virtual_pipeline)) {}

const PassResult& Step::pass(const Pass& pass, std::size_t rank) const {
  const std::size_t chunk = static_cast<std::size_t>(pass.chunk) * ranks_ + rank;
  return passes_.at({chunks_[chunk], kind_of(pass.forward, pass.micro_batch),
                     message_beside(pass.forward, rank)});
}

// Under zero3 every pass gathers weights and every backward pass reduces gradients; under zero2
// every backward pass reduces; otherwise gradients are reduced once, behind the last backward pass.
// Weights that the optimiser updated in shards are gathered once, from the start of the step on.
void Step::measure(PassRunner& runner) {
  runner_ = &runner;
  find_messages();
  const auto stages = ranks_;
  work_.resize(stages);
  const std::int64_t micro_batches = experiment_.plan.micro_batches();
  for (std::size_t rank = 0; rank < stages; ++rank) {
    StageWork& work = work_[rank];
    for (std::size_t c = rank; c < chunks_.size(); c += stages) {
      const Chunk& chunk = chunks_[c];
      StageWork::ChunkWork timings;
      // What a forward pass leaves behind is sent beside a backward pass, and the other way round.
      const std::size_t activations = message_beside(false, rank),
                        gradients = message_beside(true, rank);
      const PassResult &forward = measure(chunk, kind_of(true, 0), gradients),
                       &backward = measure(chunk, kind_of(false, 0), activations);
      timings.forward = timing(forward);
      timings.backward = timing(backward);
      timings.last_backward = timing(
          measure(chunk, kind_of(false, micro_batches - 1), activations));
      timings.activations = message_timing(activations, backward);
      timings.gradients = message_timing(gradients, forward);
      timings.gathers = measure_gathers(chunk);
      work.chunks.push_back(timings);
    }
    work.schedule = one_forward_one_backward(
        static_cast<std::int64_t>(rank), experiment_.plan.pipeline,
        experiment_.plan.virtual_pipeline, micro_batches);
    const double parameters = owned_parameters(rank);
    auto found = optimizers_.find(parameters);
    if (found == optimizers_.end())
      found = optimizers_.emplace(parameters, runner_->run(builder_.optimizer(parameters))).first;
    work.optimizer = found->second.times;
    work.optimizer[StepCause::host] += experiment_.stack.between_steps.si();
  }
}

Step::PassKind Step::kind_of(bool forward, std::int64_t micro_batch) const {
  const Sharding sharding = experiment_.plan.sharding;
  const bool last = micro_batch + 1 == experiment_.plan.micro_batches();
  if (forward) return PassKind::forward;
  const bool reduces = experiment_.plan.data > 1 && (sharding >= Sharding::zero2 || last);
  return reduces ? PassKind::synchronising_backward : PassKind::backward;
}

// Activations go to the next stage, gradients to the one before; with several chunks a stage the
// last one's next is the first.
void Step::find_messages() {
  const Plan& plan = experiment_.plan;
  if (plan.pipeline == 1) return;
  const Bytes bytes(
      activation_bytes * static_cast<double>(plan.micro_batch * plan.sequence) *
      static_cast<double>(experiment_.model.hidden) / static_cast<double>(plan.tensor));
  const Group group = pipeline_group(experiment_);
  for (std::int64_t rank = 0; rank < plan.pipeline; ++rank)
    for (const bool forward : {true, false}) {
      const std::int64_t to = forward ? rank + 1 : rank - 1;
      if (plan.virtual_pipeline == 1 && (to < 0 || to == plan.pipeline)) continue;
      const CollectiveCost cost = network_->message(
          bytes, group, rank, (to + plan.pipeline) % plan.pipeline);
      const auto known = std::find(messages_.begin(), messages_.end(), cost);
      message_of_[{forward, static_cast<std::size_t>(rank)}] = static_cast<std::size_t>(
          known - messages_.begin());
      if (known == messages_.end()) messages_.push_back(cost);
    }
}

// The message that is on its way while a stage makes a pass: that of the pass before, which went
// the other way.
std::size_t Step::message_beside(bool forward, std::size_t rank) const {
  const auto found = message_of_.find({!forward, rank});
  return found == message_of_.end() ? 0 : found->second;
}

MessageTiming Step::message_timing(std::size_t message, const PassResult& beside) const {
  const double latency = messages_[message].latency.si();
  return {std::max(0.0, beside.message_s - latency), latency};
}

const PassResult& Step::measure(const Chunk& chunk, PassKind kind, std::size_t message) {
  const auto known = passes_.find({chunk, kind, message});
  if (known != passes_.end()) return known->second;
  const bool full = experiment_.plan.sharding == Sharding::zero3 && experiment_.plan.data > 1;
  Program program;
  switch (kind) {
    case PassKind::forward: program = builder_.forward(chunk, full); break;
    case PassKind::backward: program = builder_.backward(chunk, full, false); break;
    case PassKind::synchronising_backward: program = builder_.backward(chunk, full, true); break;
  }
  if (message > 0) {
    Command send;
    send.kind = Command::Kind::issue;
    send.stream = pipeline_stream;
    send.collective = {"message", messages_[message], false};
    program.sections.insert(program.sections.begin(), {{send}, 1});
  }
  return passes_.emplace(std::tuple(chunk, kind, message), runner_->run(program)).first->second;
}

std::vector<double> Step::measure_gathers(const Chunk& chunk) {
  const Sharding sharding = experiment_.plan.sharding;
  std::vector<double> seconds;
  if (experiment_.plan.data == 1 || sharding == Sharding::none || sharding == Sharding::zero3)
    return seconds;
  const auto add = [&](const Chunk& unit, std::int64_t count) {
    auto known = gathers_.find(unit);
    if (known == gathers_.end())
      known = gathers_.emplace(unit, runner_->run(builder_.gather(unit)).times.total()).first;
    seconds.insert(seconds.end(), static_cast<std::size_t>(count), known->second);
  };
  if (chunk.embedding) add({0, true, false}, 1);
  if (chunk.layers > 0) add({1, false, false}, chunk.layers);
  if (chunk.head) add({0, false, true}, 1);
  return seconds;
}

double Step::owned_parameters(std::size_t rank) const {
  const double parameters = rank_parameters(experiment_, chunks_, static_cast<std::int64_t>(rank));
  return experiment_.plan.sharding == Sharding::none
             ? parameters
             : parameters / static_cast<double>(experiment_.plan.data);
}

}  // namespace headroom
