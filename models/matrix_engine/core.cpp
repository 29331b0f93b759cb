#include "models/matrix_engine/core.h"

#include <algorithm>

#include "models/matrix_engine/fold_time.h"

namespace headroom::matrix_engine {
namespace {

const ArrayParameters& checked(const ArrayParameters& array, const Product& product) {
  check(array);
  refuse_chained_folds(array, "cycle");
  check(product);
  return array;
}

std::int64_t clamp(Cycles window, std::int64_t beats) {
  return window < static_cast<Cycles>(beats) ? static_cast<std::int64_t>(window) : beats;
}

}  // namespace

Edges open_edges() {
  static const OpenEdge open;
  return {open, open, open};
}

Core::Core(const ArrayParameters& array, const Product& product, const Edges& edges)
    : array_(checked(array, product)),
      edges_(edges),
      folds_(array, product),
      latency_(static_cast<Cycles>(array.rows) + static_cast<Cycles>(array.columns)),
      in_place_(array.dataflow == Dataflow::output_stationary),
      weights_left_(folds_.count() * (in_place_ ? folds_.stream_beats(0) : array.rows)),
      stream_beats_(folds_.stream_beats(0)) {}

Cycles Core::advance() {
  // A stream that has ended cannot stall anything.
  const Cycles weights = weights_left_ > 0 ? edges_.weights.open_for(now_) : forever;
  const Cycles activations = streaming_over() ? forever : edges_.activations.open_for(now_);
  const Cycles window = std::min({weights, activations, edges_.output.open_for(now_)});
  if (window > 0) return run(window);
  step();
  return 1;
}

void Core::step() {
  weight_offered_ = weights_left_ > 0 && (weight_offered_ || edges_.weights.open_for(now_) > 0);
  activation_offered_ = !streaming_over() &&
                        (activation_offered_ || edges_.activations.open_for(now_) > 0);
  const bool output_valid = !pending_.empty() && pending_.front().first <= enabled_;
  if (output_valid && edges_.output.open_for(now_) == 0) {
    ++now_;  // frozen
    return;
  }
  if (in_place_)
    step_in_place();
  else
    step_stationary();
  pass(1);
}

Cycles Core::run(Cycles window) {
  Cycles passed = 0;
  while (passed < window && !done()) {
    const Cycles rest = window == forever ? forever : window - passed;
    if (rest == forever) passed += skip_equal_folds();
    if (streaming_over()) {
      const Cycles drain = std::min(rest, pending_.back().first + pending_.back().beats - enabled_);
      pass(drain);
      passed += drain;
    } else {
      passed += in_place_ ? run_in_place(rest) : run_stationary(rest);
    }
  }
  return passed;
}

Cycles Core::skip_equal_folds() {
  // Each fold that starts with its weights loaded, or right behind the fold before it, and all
  // edges open ends in the same state one interval later; only the product's last fold, whose beats
  // are the last delivered, is left to be worked off.
  if (streaming_over() || streamed_ > 0) return 0;
  const Cycles drain = static_cast<Cycles>(array_.rows) + (array_.double_buffered ? 0 : 1);
  const bool steady = in_place_ ? folds_done_ > 0 && drained_ + 1 == enabled_ + drain
                                : loaded_ == array_.rows;
  if (!steady) return 0;
  const std::int64_t equal = std::min(equal_folds(), folds_.count() - 1 - folds_done_);
  if (equal == 0) return 0;
  const auto cycles = static_cast<Cycles>(equal * interval(array_, stream_beats_));
  weights_left_ -= equal * (in_place_ ? stream_beats_ : array_.rows);
  folds_done_ += equal;
  drained_ += cycles;
  // Their output beats leave before the last fold's and nothing can stall them, so they need no
  // record.
  pass(cycles);
  stream_beats_ = folds_.stream_beats(folds_.block_of(folds_done_));
  return cycles;
}

// How many folds from the next one on have as many stream beats as it.
std::int64_t Core::equal_folds() const {
  if (in_place_ || folds_.blocks() == 1) return folds_.count() - folds_done_;
  const std::int64_t per_block = folds_.folds_per_block();
  const std::int64_t full_per_tile = per_block * (folds_.blocks() - 1);
  const std::int64_t in_tile = folds_done_ % (per_block * folds_.blocks());
  return in_tile < full_per_tile ? full_per_tile - in_tile : full_per_tile + per_block - in_tile;
}

void Core::step_stationary() {
  const bool in_fold = streamed_ > 0;
  const bool take_activation = activation_offered_ && (in_fold || loaded_ == array_.rows);
  const bool swap = take_activation && !in_fold;
  const bool may_load = array_.double_buffered || !(in_fold || swap);
  if (swap) loaded_ = 0;
  if (weight_offered_ && may_load && loaded_ < array_.rows) {
    take_weights(1);
    weight_offered_ = false;
  }
  if (take_activation) {
    take_activations(1);
    activation_offered_ = false;
  }
}

Cycles Core::run_stationary(Cycles window) {
  return streamed_ > 0 || loaded_ == array_.rows ? stream(window) : load(window);
}

Cycles Core::stream(Cycles window) {
  if (streamed_ == 0) loaded_ = 0;  // the swap
  const std::int64_t beats = clamp(window, stream_beats_ - streamed_);
  // Behind the stream there is room for the next fold's weights, if there is a next fold.
  const std::int64_t behind = array_.double_buffered
                                  ? std::min({beats, array_.rows - loaded_, weights_left_})
                                  : std::int64_t{0};
  take_weights(behind);
  take_activations(beats);
  weight_offered_ = weights_left_ > 0 && behind < beats;
  activation_offered_ = false;
  pass(static_cast<Cycles>(beats));
  return static_cast<Cycles>(beats);
}

Cycles Core::load(Cycles window) {
  const std::int64_t beats = clamp(window, array_.rows - loaded_);
  take_weights(beats);
  weight_offered_ = false;
  activation_offered_ = true;
  pass(static_cast<Cycles>(beats));
  return static_cast<Cycles>(beats);
}

bool Core::gated() const { return streamed_ == (array_.double_buffered ? stream_beats_ - 1 : 0); }

void Core::step_in_place() {
  if (!weight_offered_ || !activation_offered_ || (gated() && enabled_ < drained_)) return;
  take_both(1);
  weight_offered_ = activation_offered_ = false;
}

Cycles Core::run_in_place(Cycles window) {
  if (gated() && enabled_ < drained_) {
    const Cycles wait = std::min(window, drained_ - enabled_);
    weight_offered_ = activation_offered_ = true;
    pass(wait);
    return wait;
  }
  // As far as the next gate.
  const bool gate_ahead = array_.double_buffered && !gated();
  const std::int64_t beats = clamp(window, stream_beats_ - streamed_ - (gate_ahead ? 1 : 0));
  take_both(beats);
  weight_offered_ = activation_offered_ = false;
  pass(static_cast<Cycles>(beats));
  return static_cast<Cycles>(beats);
}

void Core::take_both(std::int64_t beats) {
  take_weights(beats);
  take_activations(beats);
}

void Core::take_weights(std::int64_t beats) {
  if (beats == 0) return;
  if (!any_accepted_) first_accepted_ = now_;
  any_accepted_ = true;
  loaded_ += beats;
  weights_left_ -= beats;
}

void Core::take_activations(std::int64_t beats) {
  streamed_ += beats;
  const bool end = streamed_ == stream_beats_;
  const Cycles taken = enabled_ + static_cast<Cycles>(beats) - 1;  // the last of them
  if (in_place_ && end) {
    deliver(taken + latency_, array_.rows);
    drained_ = taken + static_cast<Cycles>(array_.rows) + (array_.double_buffered ? 0 : 1);
  } else if (!in_place_ && folds_.is_last(folds_done_)) {
    deliver(enabled_ + latency_, beats);
  }
  if (end) {
    streamed_ = 0;
    ++folds_done_;
    stream_beats_ = folds_.stream_beats(folds_.block_of(folds_done_));
  }
}

void Core::deliver(Cycles due, std::int64_t beats) {
  if (!pending_.empty() && pending_.back().first + pending_.back().beats == due)
    pending_.back().beats += static_cast<Cycles>(beats);
  else
    pending_.push_back({due, static_cast<Cycles>(beats)});
}

void Core::pass(Cycles cycles) {
  const Cycles end = enabled_ + cycles;
  while (!pending_.empty() && pending_.front().first < end) {
    Due& due = pending_.front();
    const Cycles delivered = std::min(due.beats, end - due.first);
    last_delivered_ = now_ + (due.first + delivered - 1 - enabled_);
    due.first += delivered;
    due.beats -= delivered;
    if (due.beats == 0) pending_.pop_front();
  }
  enabled_ = end;
  now_ += cycles;
}

}  // namespace headroom::matrix_engine
