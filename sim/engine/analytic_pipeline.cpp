#include "sim/engine/analytic_pipeline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace headroom {

namespace {

// Femtoseconds, rounded up, as SystemC's kernel counts (models/base/kernel_time.h).
using Ticks = std::uint64_t;
constexpr Ticks never = std::numeric_limits<Ticks>::max();

Ticks ticks(double seconds) { return static_cast<Ticks>(std::ceil(seconds * 1e15)); }
double seconds(Ticks time) { return static_cast<double>(time) * 1e-15; }

struct Message {
  Ticks arrives = never;
  double sent_at = 0;
};

// Messages of one direction, by the place of the chunk that waits for them and the micro-batch.
class Mail {
 public:
  Mail(std::size_t chunks, std::size_t micro_batches)
      : micro_batches_(micro_batches), messages_(chunks * micro_batches) {}

  Message& at(std::int64_t place, std::int64_t micro_batch) {
    return messages_[static_cast<std::size_t>(place) * micro_batches_ +
                     static_cast<std::size_t>(micro_batch)];
  }

 private:
  std::size_t micro_batches_;
  std::vector<Message> messages_;
};

struct Post {
  Mail activations, gradients;
};

// One stage at work; its clock is its own.
class Player {
 public:
  Player(const StageWork& work, std::int64_t rank, bool traces)
      : work_(work), rank_(rank), traces_(traces) {
    // All weights are asked for at the start of the step, in the order in which they are used.
    for (const StageWork::ChunkWork& chunk : work.chunks) {
      weights_at_.emplace_back();
      for (const double gather : chunk.gathers)
        weights_at_.back().push_back(data_free_at_ += gather);
    }
  }

  // Goes on until a message is missing; whether it got anywhere.
  bool go_on(Post& post) {
    const std::size_t before = next_;
    while (next_ < work_.schedule.size() && make(work_.schedule[next_], post)) ++next_;
    if (next_ == work_.schedule.size() && !synchronised_) return synchronise(), true;
    return next_ > before;
  }

  [[nodiscard]] bool synchronised() const { return synchronised_; }
  [[nodiscard]] Ticks now() const { return now_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

  // After all are synchronised at `released`: the optimiser.
  void finish(Ticks released) {
    outcome_.times[StepCause::bubble] += seconds(released) - seconds(now_);
    now_ = released;
    const double began = seconds(now_);
    now_ += ticks(work_.optimizer.total());
    outcome_.times.add(work_.optimizer);
    if (traces_) span("optimizer", "optimizer", began);
  }
  StageOutcome take() { return std::move(outcome_); }

 private:
  bool make(const StageWork::Turn& turn, Post& post) {
    const Pass& pass = turn.pass;
    const StageWork::ChunkWork &there = chunk(pass.chunk), &back = chunk(pass.gradient_chunk());
    const std::int64_t forward = pass.micro_batch, backward = pass.gradient_micro_batch();
    if (pass.goes_forward() && there.previous >= 0 &&
        !await(post.activations.at(there.place, forward)))
      return false;
    if (pass.goes_back() && back.next >= 0 && !await(post.gradients.at(back.place, backward)))
      return false;
    const PassTiming& timing = work_.timings[turn.timing];
    if (pass.goes_forward())
      await_weights(static_cast<std::size_t>(pass.chunk), timing.times.total());
    const double began = seconds(now_);
    now_ += ticks(timing.times.total());
    outcome_.times.add(timing.times);
    data_free_at_ = std::max(data_free_at_, seconds(now_)) + timing.tail_s;
    ++events_;
    if (traces_) span(name_of(pass, work_.chunks.size() > 1), category_of(pass), began);
    if (pass.goes_forward() && there.next >= 0)
      send(there.next, post.activations.at(there.place + 1, forward), there.activations);
    if (pass.goes_back() && back.previous >= 0)
      send(back.previous, post.gradients.at(back.place - 1, backward), back.gradients);
    return true;
  }

  // Until the message was sent another stage was still at work; from then on it was on its way.
  bool await(const Message& message) {
    if (message.arrives == never) return false;
    const double began = seconds(now_);
    now_ = std::max(now_, message.arrives);
    const double ended = seconds(now_), sent = std::clamp(message.sent_at, began, ended);
    outcome_.times[StepCause::bubble] += sent - began;
    outcome_.times[StepCause::pipeline] += ended - sent;
    return true;
  }

  // The first pass over a chunk starts when none of its parts, which follow one another at even
  // intervals, would have to wait.
  void await_weights(std::size_t chunk, double pass) {
    const std::vector<double> parts = std::exchange(weights_at_[chunk], {});
    const double began = seconds(now_);
    double start = began;
    for (std::size_t i = 0; i < parts.size(); ++i)
      start = std::max(
          start, parts[i] - pass * static_cast<double>(i) / static_cast<double>(parts.size()));
    wait_for_data(start);
  }

  void wait_for_data(double until) {
    const double began = seconds(now_);
    if (until <= began) return;
    now_ += ticks(until - began);
    outcome_.times[StepCause::data] += seconds(now_) - began;
  }

  // Messages leave one after another; latency delays a message and not the next one.
  void send(std::int64_t rank, Message& message, const MessageTiming& timing) {
    message.sent_at = seconds(now_);
    message.arrives = now_;
    if (rank == rank_) return;
    link_free_at_ = std::max(link_free_at_, now_) + ticks(timing.sending_s);
    outcome_.sending_s += timing.sending_s;
    message.arrives = link_free_at_ + ticks(timing.latency_s);
    ++events_;
  }

  // Gradients must have arrived before the optimiser may run.
  void synchronise() {
    const double began = seconds(now_);
    wait_for_data(data_free_at_);
    if (traces_ && seconds(now_) > began) span("gradients", "exposed communication", began);
    synchronised_ = true;
  }

  void span(const std::string& name, const std::string& category, double began) {
    outcome_.spans.push_back({name, category, began, seconds(now_) - began});
  }

  [[nodiscard]] const StageWork::ChunkWork& chunk(std::int64_t index) const {
    return work_.chunks[static_cast<std::size_t>(index)];
  }

  const StageWork& work_;
  std::int64_t rank_;
  bool traces_, synchronised_ = false;
  std::size_t next_ = 0;  // of the schedule
  Ticks now_ = 0, link_free_at_ = 0;
  double data_free_at_ = 0;
  std::vector<std::vector<double>> weights_at_;  // by chunk and part
  std::uint64_t events_ = 0;
  StageOutcome outcome_;
};

}  // namespace

PipelineOutcome play(const std::vector<StageWork>& work, std::int64_t micro_batches,
                     Tracing tracing) {
  const std::size_t stages = work.size(), chunks = stages * work.front().chunks.size();
  const auto count = static_cast<std::size_t>(micro_batches);
  Post post{{chunks, count}, {chunks, count}};
  std::vector<Player> players;
  for (std::size_t rank = 0; rank < stages; ++rank)
    players.emplace_back(work[rank], static_cast<std::int64_t>(rank), tracing == Tracing::on);
  for (bool moved = true; moved;) {
    moved = false;
    for (Player& player : players) moved = player.go_on(post) || moved;
  }
  Ticks released = 0;
  for (const Player& player : players) {
    if (!player.synchronised())
      throw std::logic_error("the stages of the pipeline wait for one another; please report it");
    released = std::max(released, player.now());
  }
  PipelineOutcome outcome;
  for (Player& player : players) {
    player.finish(released);
    outcome.duration_s = std::max(outcome.duration_s, seconds(player.now()));
    outcome.events += player.events();
    outcome.stages.push_back(player.take());
  }
  return outcome;
}

}  // namespace headroom
