// The time of one product on the array, event by event, without a simulation kernel: the state
// machine that rtl/matrix_engine/fold_control.sv and its one enable are, in integer cycles. While
// all edges stay open a whole window of cycles is one event, and equal folds are one step; a cycle
// in which an edge is shut is an event of its own.
#pragma once

#include <cstdint>
#include <deque>

#include "models/base/clock.h"
#include "models/matrix_engine/edge.h"
#include "models/matrix_engine/folds.h"
#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine {

class Core {
 public:
  // The edges outlive the core. Throws std::invalid_argument as check() does.
  Core(const ArrayParameters& array, const Product& product, const Edges& edges);

  // Moves on to the next cycle in which an edge may change; returns by how many cycles. Not when
  // done.
  Cycles advance();
  [[nodiscard]] bool done() const { return folds_done_ == folds_.count() && pending_.empty(); }
  // When done: cycles from the first accepted to the last delivered beat, inclusive.
  [[nodiscard]] Cycles cycles() const { return last_delivered_ - first_accepted_ + 1; }
  [[nodiscard]] std::int64_t folds() const { return folds_.count(); }

 private:
  // Output beats due one after another, in enabled cycles.
  struct Due {
    Cycles first, beats;
  };

  void step();                // one cycle, whatever the edges do
  Cycles run(Cycles window);  // up to `window` cycles with all edges open; returns how many
  Cycles skip_equal_folds();  // only when all edges are open forever and a fold is about to start
  void pass(Cycles cycles);   // enabled cycles go by; what falls due in them is delivered

  // Weight- and input-stationary.
  void step_stationary();
  Cycles run_stationary(Cycles window);
  Cycles stream(Cycles window);  // a fold's activation beats, and the next one's weights behind
                                 // them
  Cycles load(Cycles window);    // weight beats that no stream hides

  // Output-stationary: a beat of both edges at once.
  void step_in_place();
  Cycles run_in_place(Cycles window);
  void take_both(std::int64_t beats);
  // Whether the next beat is the one that waits for the drain: the last of its fold (double-
  // buffered) or the first.
  [[nodiscard]] bool gated() const;

  [[nodiscard]] std::int64_t equal_folds() const;
  void take_weights(std::int64_t beats);
  void take_activations(std::int64_t beats);
  void deliver(Cycles due, std::int64_t beats);
  [[nodiscard]] bool streaming_over() const { return folds_done_ == folds_.count(); }

  const ArrayParameters array_;
  const Edges edges_;
  const Folds folds_;
  const Cycles latency_;  // from an activation beat to its output beat
  const bool in_place_;
  Cycles now_ = 0;
  Cycles enabled_ = 0;           // cycles so far in which the array was not frozen
  std::int64_t weights_left_;    // beats
  std::int64_t loaded_ = 0;      // weight beats in the shadow registers
  std::int64_t folds_done_ = 0;  // folds whose last activation beat has been taken
  std::int64_t streamed_ = 0;    // activation beats taken of the current fold
  std::int64_t stream_beats_;    // of the current fold
  Cycles drained_ = 0;           // enabled cycle from which a gated beat may enter
  bool weight_offered_ = false;  // and not yet taken
  bool activation_offered_ = false;
  bool any_accepted_ = false;
  std::deque<Due> pending_;
  Cycles first_accepted_ = 0;
  Cycles last_delivered_ = 0;
};

}  // namespace headroom::matrix_engine
