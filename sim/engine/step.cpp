#include "sim/engine/step.h"

#include <algorithm>
#include <utility>

#include "models/network/collective_model.h"
#include "sim/mapping/memory.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

// Messages of the pipeline that are on their way beside a pass.
std::size_t messages_beside(const PassKind kind) { return kind == PassKind::both ? 2 : 1; }

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
      chunks_(split_layers(experiment.model, chunks_of_model(experiment.plan))) {}

// Under zero3 every pass gathers weights and every backward pass reduces gradients; under zero2
// every backward pass reduces; otherwise gradients are reduced once, behind the last backward pass.
// Weights that the optimiser updated in shards are gathered once, from the start of the step on.
void Step::measure(PassRunner& runner) {
  runner_ = &runner;
  find_messages();
  work_.resize(ranks_);
  results_.resize(ranks_);
  for (std::size_t rank = 0; rank < ranks_; ++rank) {
    measure_rank(rank);
    measure_optimizer(rank);
  }
}

void Step::measure_rank(std::size_t rank) {
  const Plan& plan = experiment_.plan;
  StageWork& work = work_[rank];
  for (const Pass& pass : schedule_of(plan, static_cast<std::int64_t>(rank)))
    work.schedule.push_back({pass, 0});
  for (std::int64_t chunk = 0; chunk < chunks_of_rank(plan); ++chunk) {
    StageWork::ChunkWork piece;
    piece.place = place_of(plan, static_cast<std::int64_t>(rank), chunk);
    if (piece.place > 0) piece.previous = rank_of(plan, piece.place - 1, chunk);
    if (piece.place + 1 < chunks_of_model(plan)) piece.next = rank_of(plan, piece.place + 1, chunk);
    work.chunks.push_back(piece);
    measure_chunk(rank, chunk);
  }
  for (std::int64_t chunk = 0; chunk < chunks_of_rank(plan); ++chunk) {
    // DualPipe's second direction has the stages in the opposite order.
    const bool mirrored = plan.schedule == Schedule::dualpipe && chunk == 1;
    StageWork::ChunkWork& piece = work.chunks[static_cast<std::size_t>(chunk)];
    piece.activations = message_timing(!mirrored, rank, chunk);
    piece.gradients = message_timing(mirrored, rank, chunk);
  }
}

// Every pass of the chunk that differs from those before it, once.
void Step::measure_chunk(std::size_t rank, std::int64_t chunk) {
  StageWork& work = work_[rank];
  std::vector<const PassResult*>& results = results_[rank];
  for (StageWork::Turn& turn : work.schedule) {
    if (turn.pass.chunk != chunk) continue;
    const PassResult& result = measure(key_of(turn.pass, rank));
    const auto known = std::find(results.begin(), results.end(), &result);
    turn.timing = static_cast<std::size_t>(known - results.begin());
    if (known != results.end()) continue;
    results.push_back(&result);
    work.timings.push_back({result.times, result.tail_s});
  }
  StageWork::ChunkWork& piece = work.chunks[static_cast<std::size_t>(chunk)];
  piece.gathers = measure_gathers(chunks_[static_cast<std::size_t>(piece.place)]);
}

void Step::measure_optimizer(std::size_t rank) {
  const OwnedParameters owned = headroom::owned_parameters(
      experiment_, chunks_, static_cast<std::int64_t>(rank));
  owned_.push_back(owned);
  auto found = optimizers_.find(owned);
  if (found == optimizers_.end()) {
    std::vector<Chunk> chunks;
    for (const StageWork::ChunkWork& piece : work_[rank].chunks)
      chunks.push_back(chunks_[static_cast<std::size_t>(piece.place)]);
    found = optimizers_.emplace(owned, runner_->run(builder_.optimizer(owned, chunks))).first;
  }
  work_[rank].optimizer = found->second.times;
  work_[rank].optimizer[StepCause::host] += experiment_.stack.between_steps.si();
}

Step::PassKey Step::key_of(const Pass& pass, std::size_t rank) const {
  const auto chunk = [&](std::int64_t index) {
    const std::int64_t place = place_of(experiment_.plan, static_cast<std::int64_t>(rank), index);
    return chunks_[static_cast<std::size_t>(place)];
  };
  return {pass.kind, chunk(pass.chunk), chunk(pass.gradient_chunk()), reduces(pass),
          message_beside(pass, rank)};
}

bool Step::reduces(const Pass& pass) const {
  if (!pass.adds_gradients() || !builder_.has_gradient_groups()) return false;
  const MicroBatches mine = micro_batches_of(experiment_.plan, pass.gradient_chunk());
  return experiment_.plan.sharding >= Sharding::zero2 || pass.gradient_micro_batch() == mine.last;
}

// To the next stage and to the one before; with several chunks a stage the last one's next is the
// first.
void Step::find_messages() {
  const Plan& plan = experiment_.plan;
  if (plan.pipeline == 1) return;
  const std::int64_t tokens = plan.micro_batch * (plan.sequence / plan.context);
  const Bytes bytes(
      activation_bytes * static_cast<double>(tokens) *
      static_cast<double>(experiment_.model.hidden) / static_cast<double>(plan.tensor));
  const Group group = pipeline_group(experiment_);
  for (std::int64_t rank = 0; rank < plan.pipeline; ++rank)
    for (const bool next : {true, false}) {
      const std::int64_t to = next ? rank + 1 : rank - 1;
      if (plan.virtual_pipeline == 1 && (to < 0 || to == plan.pipeline)) continue;
      const CollectiveCost cost = network_->message(
          bytes, group, rank, (to + plan.pipeline) % plan.pipeline);
      const auto known = std::find(messages_.begin(), messages_.end(), cost);
      message_of_[{next, static_cast<std::size_t>(rank)}] = static_cast<std::size_t>(
          known - messages_.begin());
      if (known == messages_.end()) messages_.push_back(cost);
    }
}

std::size_t Step::message_to(bool next, std::size_t rank) const {
  const auto found = message_of_.find({next, rank});
  return found == message_of_.end() ? 0 : found->second;
}

// Whether the message that is on its way while a stage makes a pass goes to the next stage. It is
// that of the pass before, which in the steady state went the other way. The weights' gradients
// follow those of the inputs. DualPipe's passes of both kinds leave two messages, both to one side.
std::optional<bool> Step::beside(const Pass& pass) const {
  const Schedule schedule = experiment_.plan.schedule;
  if (schedule == Schedule::dualpipe) {
    if (pass.kind == PassKind::both) return pass.chunk == 1;
    return std::nullopt;
  }
  switch (pass.kind) {
    case PassKind::backward:
    case PassKind::input_gradient: return true;
    case PassKind::weight_gradient: return false;
    case PassKind::forward:
    case PassKind::both: break;
  }
  if (schedule == Schedule::zb_h1) return std::nullopt;
  return false;
}

std::size_t Step::message_beside(const Pass& pass, std::size_t rank) const {
  const std::optional<bool> next = beside(pass);
  return next ? message_to(*next, rank) : 0;
}

// As a pass of that chunk (DualPipe: any) saw it that it was on its way beside.
MessageTiming Step::message_timing(bool next, std::size_t rank, std::int64_t chunk) {
  const std::size_t message = message_to(next, rank);
  if (message == 0) return {};
  const double latency = messages_[message].latency.si();
  for (const StageWork::Turn& turn : work_[rank].schedule) {
    const bool same = turn.pass.chunk == chunk || turn.pass.kind == PassKind::both;
    if (!same || beside(turn.pass) != next) continue;
    const double seconds = pass(turn, rank).message_s /
                           static_cast<double>(messages_beside(turn.pass.kind));
    return {std::max(0.0, seconds - latency), latency};
  }
  return {std::max(0.0, message_alone(message) - latency), latency};
}

double Step::message_alone(std::size_t message) {
  auto known = alone_.find(message);
  if (known == alone_.end())
    known = alone_.emplace(message, runner_->run({"message", {{{send(message)}, 1}}}).message_s)
                .first;
  return known->second;
}

Command Step::send(std::size_t message) const {
  Command send;
  send.kind = Command::Kind::issue;
  send.stream = pipeline_stream;
  send.collective = {"message", messages_[message], false};
  return send;
}

const PassResult& Step::measure(const PassKey& key) {
  const auto known = passes_.find(key);
  if (known != passes_.end()) return known->second;
  Program program = program_of(key);
  if (key.message > 0) {
    const std::vector<Command> sends(messages_beside(key.kind), send(key.message));
    program.sections.insert(program.sections.begin(), {sends, 1});
  }
  return passes_.emplace(key, runner_->run(program)).first->second;
}

Program Step::program_of(const PassKey& key) const {
  const bool full = experiment_.plan.sharding == Sharding::zero3 && experiment_.plan.replicas() > 1;
  switch (key.kind) {
    case PassKind::forward: return builder_.forward(key.chunk, full);
    case PassKind::backward: return builder_.backward(key.chunk, full, key.reduces);
    case PassKind::input_gradient:
      return builder_.backward(key.chunk, full, false, Gradients::inputs);
    case PassKind::weight_gradient:
      return builder_.backward(key.chunk, false, key.reduces, Gradients::weights);
    case PassKind::both: break;
  }
  return ProgramBuilder::overlapped(
      builder_.forward(key.chunk, full), builder_.backward(key.back, full, key.reduces));
}

std::vector<double> Step::measure_gathers(const Chunk& chunk) {
  const Sharding sharding = experiment_.plan.sharding;
  std::vector<double> seconds;
  if (experiment_.plan.replicas() == 1 || sharding == Sharding::none || sharding == Sharding::zero3)
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

}  // namespace headroom
