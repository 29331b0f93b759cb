#include "sim/engine/step.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "models/base/kernel_time.h"
#include "sim/mapping/memory.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

PassTiming timing(const PassResult& result) { return {result.times, result.tail_s}; }

// Micro-batches travel over the links that connect consecutive pipeline ranks.
Group pipeline_group(const Experiment& experiment) {
  return place_group(experiment.cluster, experiment.plan.pipeline,
                     experiment.plan.stride(PlanDimension::pipeline));
}

BytesPerSecond message_rate(const Experiment& experiment) {
  const Group group = pipeline_group(experiment);
  const bool inside = is_torus(experiment.cluster.topology) || group.members > 1;
  const LinkDescription& link = inside ? experiment.chip.scale_up : experiment.cluster.scale_out;
  if (link.count == 0) return BytesPerSecond(1);  // one stage: nothing is ever sent
  return link.payload_bandwidth() * (is_torus(experiment.cluster.topology) ? group.torus_share : 1);
}

}  // namespace

Step::Step(const sc_core::sc_module_name& name, const Experiment& experiment,
           const KernelMapper& mapper)
    : sc_module(name),
      experiment_(experiment),
      builder_(experiment, mapper),
      chip_("chip", experiment.chip, experiment.cluster,
            {experiment.fidelity.hbm, experiment.fidelity.link}, collective_stream_names),
      runner_(chip_, experiment.chip, experiment.stack.launch),
      chunks_(split_layers(
          experiment.model.layers, experiment.plan.pipeline * experiment.plan.virtual_pipeline)) {
  const auto stages = static_cast<std::size_t>(experiment.plan.pipeline);
  for (std::size_t rank = 0; rank < stages; ++rank)
    stages_.push_back(std::make_unique<Stage>(
        ("stage_" + std::to_string(rank)).c_str(), rank, stages, message_rate(experiment),
        discipline_of(experiment.fidelity.link)));
  for (std::size_t rank = 0; rank < stages; ++rank)
    stages_[rank]->connect(
        stages_[(rank + stages - 1) % stages].get(), stages_[(rank + 1) % stages].get());
  SC_HAS_PROCESS(Step);
  SC_THREAD(run);
}

const PassResult& Step::pass(const Pass& pass, std::size_t rank) const {
  const std::size_t chunk = static_cast<std::size_t>(pass.chunk) * stages_.size() + rank;
  return passes_.at({chunks_[chunk], kind_of(pass.forward, pass.micro_batch)});
}

std::uint64_t Step::events() const {
  std::uint64_t events = chip_.events();
  for (const auto& stage : stages_) events += stage->events();
  return events;
}

std::string Step::stuck() const {
  if (pipeline_start_s_ == 0)
    return "no progress: the chip is stuck in a pass; this is a bug, please report it";
  std::string text = "no progress:";
  for (std::size_t rank = 0; rank < stages_.size(); ++rank)
    if (!stages_[rank]->done())
      text += " stage " + std::to_string(rank) + " waits for " + stages_[rank]->waits_for() + ";";
  return text + " this is a bug, please report it";
}

void Step::run() {
  measure_passes();
  play_schedule();
}

// Under zero3 every pass gathers weights and every backward pass reduces gradients; under zero2
// every backward pass reduces; otherwise gradients are reduced once, behind the last backward pass.
// Weights that the optimiser updated in shards are gathered once, from the start of the step on.
void Step::measure_passes() {
  const auto stages = stages_.size();
  work_.resize(stages);
  const std::int64_t micro_batches = experiment_.plan.micro_batches();
  for (std::size_t rank = 0; rank < stages; ++rank) {
    StageWork& work = work_[rank];
    for (std::size_t c = rank; c < chunks_.size(); c += stages) {
      const Chunk& chunk = chunks_[c];
      StageWork::ChunkWork timings;
      timings.forward = timing(measure(chunk, kind_of(true, 0)));
      timings.backward = timing(measure(chunk, kind_of(false, 0)));
      timings.last_backward = timing(measure(chunk, kind_of(false, micro_batches - 1)));
      timings.gathers = measure_gathers(chunk);
      work.chunks.push_back(timings);
    }
    work.schedule = one_forward_one_backward(
        static_cast<std::int64_t>(rank), experiment_.plan.pipeline,
        experiment_.plan.virtual_pipeline, micro_batches);
    const double parameters = owned_parameters(rank);
    auto found = optimizers_.find(parameters);
    if (found == optimizers_.end())
      found = optimizers_.emplace(parameters, runner_.run(builder_.optimizer(parameters))).first;
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

const PassResult& Step::measure(const Chunk& chunk, PassKind kind) {
  const auto known = passes_.find({chunk, kind});
  if (known != passes_.end()) return known->second;
  const bool full = experiment_.plan.sharding == Sharding::zero3 && experiment_.plan.data > 1;
  Program program;
  switch (kind) {
    case PassKind::forward: program = builder_.forward(chunk, full); break;
    case PassKind::backward: program = builder_.backward(chunk, full, false); break;
    case PassKind::synchronising_backward: program = builder_.backward(chunk, full, true); break;
  }
  return passes_.emplace(std::tuple(chunk, kind), runner_.run(program)).first->second;
}

std::vector<double> Step::measure_gathers(const Chunk& chunk) {
  const Sharding sharding = experiment_.plan.sharding;
  std::vector<double> seconds;
  if (experiment_.plan.data == 1 || sharding == Sharding::none || sharding == Sharding::zero3)
    return seconds;
  const auto add = [&](const Chunk& unit, std::int64_t count) {
    auto known = gathers_.find(unit);
    if (known == gathers_.end())
      known = gathers_.emplace(unit, runner_.run(builder_.gather(unit)).times.total()).first;
    seconds.insert(seconds.end(), static_cast<std::size_t>(count), known->second);
  };
  if (chunk.embedding) add({0, true, false}, 1);
  if (chunk.layers > 0) add({1, false, false}, chunk.layers);
  if (chunk.head) add({0, false, true}, 1);
  return seconds;
}

void Step::play_schedule() {
  pipeline_start_s_ = now().si();
  const CollectiveCost cost = message();
  sc_core::sc_event_or_list progress;
  for (std::size_t rank = 0; rank < stages_.size(); ++rank) {
    stages_[rank]->start(
        work_[rank], cost, static_cast<std::size_t>(experiment_.plan.micro_batches()));
    progress |= stages_[rank]->progress();
  }
  const auto all = [&](auto reached) {
    while (!std::all_of(stages_.begin(), stages_.end(), reached)) sc_core::wait(progress);
  };
  all([](const auto& stage) { return stage->synchronised(); });
  // Every stage waits for the norm of the gradients of all.
  sc_core::wait(sc_core::SC_ZERO_TIME);
  for (const auto& stage : stages_) stage->release();
  all([](const auto& stage) { return stage->done(); });
  duration_s_ = now().si() - pipeline_start_s_;
}

double Step::owned_parameters(std::size_t rank) const {
  const double parameters = rank_parameters(experiment_, chunks_, static_cast<std::int64_t>(rank));
  return experiment_.plan.sharding == Sharding::none
             ? parameters
             : parameters / static_cast<double>(experiment_.plan.data);
}

CollectiveCost Step::message() const {
  const Plan& plan = experiment_.plan;
  if (plan.pipeline == 1) return {};
  const double bytes = activation_bytes * static_cast<double>(plan.micro_batch * plan.sequence) *
                       static_cast<double>(experiment_.model.hidden) /
                       static_cast<double>(plan.tensor);
  return collective_cost(
      Collective::send, Bytes(bytes), pipeline_group(experiment_), experiment_.chip,
      experiment_.cluster);
}

}  // namespace headroom
