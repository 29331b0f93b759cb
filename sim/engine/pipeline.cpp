#include "sim/engine/pipeline.h"

#include <algorithm>
#include <cassert>

#include "models/base/kernel_time.h"

namespace headroom {

Stage::Stage(const sc_core::sc_module_name& name, std::size_t rank, std::size_t stages)
    : sc_module(name), rank_(rank), stages_(stages) {
  SC_HAS_PROCESS(Stage);
  SC_THREAD(run);
  SC_THREAD(send);
  SC_THREAD(deliver);
}

void Stage::start(const StageWork& work, std::size_t micro_batches) {
  work_ = &work;
  micro_batches_ = micro_batches;
  data_free_at_ = now().si();
  started_.notify();
}

std::int64_t Stage::global_chunk(std::int64_t chunk) const {
  return chunk * static_cast<std::int64_t>(stages_) + static_cast<std::int64_t>(rank_);
}

void Stage::run() {
  sc_core::wait(started_);
  state_ = State::running;
  gather_weights();
  for (const Pass& pass : work_->schedule) work(pass);

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

void Stage::work(const Pass& pass) {
  const std::int64_t chunk = global_chunk(pass.chunk);
  const auto last_chunk = static_cast<std::int64_t>(stages_ * work_->chunks.size()) - 1;
  const bool receives = pass.forward ? chunk > 0 : chunk < last_chunk;
  if (receives) await({pass.forward, chunk, pass.micro_batch});

  const StageWork::ChunkWork& chunk_work = work_->chunks[static_cast<std::size_t>(pass.chunk)];
  const bool last = static_cast<std::size_t>(pass.micro_batch) + 1 == micro_batches_;
  const PassTiming& timing = pass.forward ? chunk_work.forward
                                          : (last ? chunk_work.last_backward : chunk_work.backward);
  if (pass.forward && pass.micro_batch == 0) await_weights(static_cast<std::size_t>(pass.chunk));
  const double began = now().si();
  sc_core::wait(to_sc_time(Seconds(timing.times.total())));
  times_.add(timing.times);
  data_free_at_ = std::max(data_free_at_, now().si()) + timing.tail_s;
  ++events_;
  span((pass.forward ? "forward " : "backward ") + std::to_string(pass.micro_batch) +
           (work_->chunks.size() > 1 ? " chunk " + std::to_string(pass.chunk) : ""),
       pass.forward ? "forward" : "backward", began);

  if (pass.forward && chunk < last_chunk)
    post(next_, {true, chunk + 1, pass.micro_batch}, chunk_work.activations);
  if (!pass.forward && chunk > 0)
    post(previous_, {false, chunk - 1, pass.micro_batch}, chunk_work.gradients);
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
void Stage::await_weights(std::size_t chunk) {
  const std::vector<double>& parts = weights_at_[chunk];
  const double began = now().si(), pass = work_->chunks[chunk].forward.times.total();
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
  const auto& [forward, chunk, micro_batch] = message;
  waits_for_ = std::string(forward ? "activations" : "gradients") + " of micro-batch " +
               std::to_string(micro_batch) + " for chunk " + std::to_string(chunk);
  while (!mail_[message].arrived) sc_core::wait(mail_arrived_);
  const double ended = now().si();
  // Until the message was sent another stage was still at work; from then on it was on its way.
  const double sent = std::clamp(mail_[message].sent_at, began, ended);
  times_[StepCause::bubble] += sent - began;
  times_[StepCause::pipeline] += ended - sent;
  mail_.erase(message);
}

void Stage::post(Stage* to, const Message& message, const MessageTiming& timing) {
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

}  // namespace headroom
