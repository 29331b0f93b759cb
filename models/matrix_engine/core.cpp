#include "models/matrix_engine/core.h"

#include <algorithm>

namespace headroom::matrix_engine {
namespace {

const ArrayParameters& checked(const ArrayParameters& array, const Product& product) {
  check(array);
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
      weights_left_(folds_.count() * array.rows) {}

std::int64_t Core::interval(std::int64_t rows) const {
  return array_.double_buffered ? std::max<std::int64_t>(rows, array_.rows) : rows + array_.rows;
}

Cycles Core::advance() {
  // A stream that has ended cannot stall anything.
  const Cycles weights = weights_left_ > 0 ? edges_.weights.open_for(now_) : forever;
  const Cycles
      activations = folds_done_ < folds_.count() ? edges_.activations.open_for(now_) : forever;
  const Cycles window = std::min({weights, activations, edges_.output.open_for(now_)});
  if (window > 0) return run(window);
  step();
  return 1;
}

void Core::step() {
  weight_offered_ = weights_left_ > 0 && (weight_offered_ || edges_.weights.open_for(now_) > 0);
  activation_offered_ = folds_done_ < folds_.count() &&
                        (activation_offered_ || edges_.activations.open_for(now_) > 0);
  const bool output_valid = !pending_.empty() && pending_.front().first <= enabled_;
  if (output_valid && edges_.output.open_for(now_) == 0) {
    ++now_;  // frozen
    return;
  }
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
  pass(1);
}

Cycles Core::run(Cycles window) {
  Cycles passed = 0;
  while (passed < window && !done()) {
    const Cycles rest = window == forever ? forever : window - passed;
    if (folds_done_ == folds_.count()) {
      const Cycles drain = std::min(rest, pending_.back().first + pending_.back().beats - enabled_);
      pass(drain);
      passed += drain;
    } else if (streamed_ > 0 || loaded_ == array_.rows) {
      if (rest == forever && streamed_ == 0) passed += skip_equal_folds();
      passed += stream(rest);
    } else {
      passed += load(rest);
    }
  }
  return passed;
}

Cycles Core::stream(Cycles window) {
  if (streamed_ == 0) loaded_ = 0;  // the swap
  const std::int64_t beats = clamp(window, rows_of_fold() - streamed_);
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

Cycles Core::skip_equal_folds() {
  // Each fold that starts with its weights loaded and all edges open ends in the same state one
  // interval later; only the product's last fold, whose beats are the last delivered, is left to
  // stream().
  const std::int64_t per_block = folds_.folds_per_block();
  const std::int64_t full_per_tile = per_block * (folds_.blocks() - 1);
  const std::int64_t in_tile = folds_done_ % (per_block * folds_.blocks());
  std::int64_t equal = in_tile < full_per_tile ? full_per_tile - in_tile
                                               : full_per_tile + per_block - in_tile;
  if (folds_.blocks() == 1) equal = folds_.count();
  equal = std::min(equal, folds_.count() - 1 - folds_done_);
  const auto cycles = static_cast<Cycles>(equal * interval(rows_of_fold()));
  folds_done_ += equal;
  weights_left_ -= equal * array_.rows;
  // Their output beats leave before the last fold's and nothing can stall them, so they need no
  // record.
  pass(cycles);
  return cycles;
}

void Core::take_weights(std::int64_t beats) {
  if (beats == 0) return;
  if (!any_accepted_) first_accepted_ = now_;
  any_accepted_ = true;
  loaded_ += beats;
  weights_left_ -= beats;
}

void Core::take_activations(std::int64_t beats) {
  const Fold fold = folds_.at(folds_done_);
  if (fold.last) {
    const Cycles due = enabled_ + latency_;
    if (!pending_.empty() && pending_.back().first + pending_.back().beats == due)
      pending_.back().beats += static_cast<Cycles>(beats);
    else
      pending_.push_back({due, static_cast<Cycles>(beats)});
  }
  streamed_ += beats;
  if (streamed_ == fold.rows) {
    streamed_ = 0;
    ++folds_done_;
  }
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
