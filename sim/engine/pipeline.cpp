#include "sim/engine/pipeline.h"

#include <algorithm>
#include <utility>

#include "models/base/kernel_time.h"

namespace headroom {

Stage::Stage(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(Stage);
  SC_THREAD(run);
  SC_THREAD(send);
  SC_THREAD(deliver);
}

void Stage::start(const StageWork& work) {
  work_ = &work;
  data_free_at_ = now().si();
  started_.notify();
}

void Stage::run() {
  sc_core::wait(started_);
  state_ = State::running;
  gather_weights();
  for (const StageWork::Turn& turn : work_->schedule) work(turn);

  // Gradients must have arrived before the optimiser may run, here and (its norm) everywhere.
  if (data_free_at_ > now().si()) {
    const double began = now().si();
    sc_core::wait(to_sc_time(Seconds(data_free_at_ - began)));
    times_[StepCause::data] += now().si() - began;
    span("gradients", "exposed communication", began);
  }
  state_ = State::synchronised;
  waits_for_ = "the other stages";
  progress_.notify();
  const double synchronised = now().si();
  sc_core::wait(released_);
  times_[StepCause::bubble] += now().si() - synchronised;
  const double began = now().si();
  sc_core::wait(to_sc_time(Seconds(work_->optimizer.total())));
  times_.add(work_->optimizer);
  span("optimizer", "optimizer", began);
  state_ = State::done;
  progress_.notify();
}

void Stage::work(const StageWork::Turn& turn) {
  const Pass& pass = turn.pass;
  await_inputs(pass);
  const PassTiming& timing = work_->timings[turn.timing];
  if (pass.goes_forward())
    await_weights(static_cast<std::size_t>(pass.chunk), timing.times.total());
  const double began = now().si();
  sc_core::wait(to_sc_time(Seconds(timing.times.total())));
  times_.add(timing.times);
  data_free_at_ = std::max(data_free_at_, now().si()) + timing.tail_s;
  ++events_;
  span(name_of(pass, work_->chunks.size() > 1), category_of(pass), began);
  post_outputs(pass);
}

void Stage::await_inputs(const Pass& pass) {
  const StageWork::ChunkWork& there = chunk(pass.chunk);
  if (pass.goes_forward() && there.previous >= 0) await({true, there.place, pass.micro_batch});
  const StageWork::ChunkWork& back = chunk(pass.gradient_chunk());
  if (pass.goes_back() && back.next >= 0) await({false, back.place, pass.gradient_micro_batch()});
}

void Stage::post_outputs(const Pass& pass) {
  const StageWork::ChunkWork& there = chunk(pass.chunk);
  if (pass.goes_forward() && there.next >= 0)
    post(there.next, {true, there.place + 1, pass.micro_batch}, there.activations);
  const StageWork::ChunkWork& back = chunk(pass.gradient_chunk());
  if (pass.goes_back() && back.previous >= 0)
    post(back.previous, {false, back.place - 1, pass.gradient_micro_batch()}, back.gradients);
}

// All weights are asked for at the start of the step, in the order in which they are used.
void Stage::gather_weights() {
  for (const StageWork::ChunkWork& chunk : work_->chunks) {
    weights_at_.emplace_back();
    for (const double gather : chunk.gathers) weights_at_.back().push_back(data_free_at_ += gather);
  }
}

// The first pass over a chunk starts when none of its parts, which follow one another at even
// intervals, would have to wait.
void Stage::await_weights(std::size_t chunk, double pass) {
  const std::vector<double> parts = std::exchange(weights_at_[chunk], {});
  const double began = now().si();
  double start = began;
  for (std::size_t i = 0; i < parts.size(); ++i)
    start = std::max(
        start, parts[i] - pass * static_cast<double>(i) / static_cast<double>(parts.size()));
  if (start <= began) return;
  sc_core::wait(to_sc_time(Seconds(start - began)));
  times_[StepCause::data] += now().si() - began;
}

void Stage::await(const Message& message) {
  const double began = now().si();
  const auto& [forward, place, micro_batch] = message;
  waits_for_ = std::string(forward ? "activations" : "gradients") + " of micro-batch " +
               std::to_string(micro_batch) + " for chunk " + std::to_string(place);
  while (!mail_[message].arrived) sc_core::wait(mail_arrived_);
  const double ended = now().si();
  // Until the message was sent another stage was still at work; from then on it was on its way.
  const double sent = std::clamp(mail_[message].sent_at, began, ended);
  times_[StepCause::bubble] += sent - began;
  times_[StepCause::pipeline] += ended - sent;
  mail_.erase(message);
}

void Stage::post(std::int64_t rank, const Message& message, const MessageTiming& timing) {
  Stage* to = (*stages_)[static_cast<std::size_t>(rank)].get();
  to->mail_[message].sent_at = now().si();
  if (to == this) {  // a single stage with several chunks
    mail_[message].arrived = true;
    return;
  }
  outbox_.emplace_back(to, message, timing);
  posted_.notify();
}

void Stage::send() {
  for (;;) {
    while (outbox_.empty()) sc_core::wait(posted_);
    const auto [to, message, timing] = outbox_.front();
    outbox_.pop_front();
    sc_core::wait(to_sc_time(Seconds(timing.sending_s)));
    sending_s_ += timing.sending_s;
    // Latency delays the message and not the next one on the link.
    under_way_.emplace(
        sc_core::sc_time_stamp() + to_sc_time(Seconds(timing.latency_s)), std::pair(to, message));
    sent_.notify();
    ++events_;
  }
}

// One process for all messages: one each would mean a stack each, mapped and unmapped.
void Stage::deliver() {
  for (;;) {
    if (under_way_.empty()) {
      sc_core::wait(sent_);
      continue;
    }
    const auto [due, addressed] = *under_way_.begin();
    if (due > sc_core::sc_time_stamp()) {
      sc_core::wait(due - sc_core::sc_time_stamp(), sent_);
      continue;
    }
    under_way_.erase(under_way_.begin());
    const auto& [to, message] = addressed;
    to->mail_[message].arrived = true;
    to->mail_arrived_.notify();
  }
}

void Stage::span(const std::string& name, const std::string& category, double start) {
  spans_.push_back({name, category, start, now().si() - start});
}

Stages::Stages(std::size_t count) {
  for (std::size_t rank = 0; rank < count; ++rank)
    stages_.push_back(std::make_unique<Stage>(("stage_" + std::to_string(rank)).c_str()));
  for (const auto& stage : stages_) stage->connect(stages_);
}

void Stages::play(const std::vector<StageWork>& work) {
  sc_core::sc_event_or_list progress;
  for (std::size_t rank = 0; rank < stages_.size(); ++rank) {
    stages_[rank]->start(work[rank]);
    progress |= stages_[rank]->progress();
  }
  const auto all = [&](auto reached) {
    while (!std::all_of(stages_.begin(), stages_.end(), reached)) sc_core::wait(progress);
  };
  all([](const auto& stage) { return stage->synchronised(); });
  sc_core::wait(sc_core::SC_ZERO_TIME);
  for (const auto& stage : stages_) stage->release();
  all([](const auto& stage) { return stage->done(); });
}

}  // namespace headroom
