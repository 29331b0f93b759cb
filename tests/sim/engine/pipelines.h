// Pipelines of SystemC stages for tests: made-up passes, played as a step plays its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/base/kernel_time.h"
#include "sim/engine/pipeline.h"

namespace headroom {

// One pipeline with all that its stages are told.
struct Case {
  Plan plan;
  double message_bytes = 0, rate = 1, latency_s = 0;
  std::vector<StageWork> work;

  [[nodiscard]] std::string words() const {
    return std::string(to_string(plan.schedule)) + ", " + std::to_string(plan.pipeline) +
           " stages, " + std::to_string(plan.virtual_pipeline) + " chunks, " +
           std::to_string(plan.micro_batches()) + " micro-batches";
  }
};

inline PassTiming lasting(double seconds, double tail = 0) {
  PassTiming timing;
  timing.times[StepCause::ideal] = seconds;
  timing.tail_s = tail;
  return timing;
}

// The pieces and passes of every rank; `timing` says which of the rank's timings a pass has.
template <class Timing>
void schedule_all(Case& c, Timing timing) {
  for (std::int64_t rank = 0; rank < c.plan.pipeline; ++rank) {
    StageWork work;
    for (std::int64_t chunk = 0; chunk < chunks_of_rank(c.plan); ++chunk) {
      StageWork::ChunkWork piece;
      piece.place = place_of(c.plan, rank, chunk);
      if (piece.place > 0) piece.previous = rank_of(c.plan, piece.place - 1, chunk);
      if (piece.place + 1 < chunks_of_model(c.plan))
        piece.next = rank_of(c.plan, piece.place + 1, chunk);
      work.chunks.push_back(piece);
    }
    for (const Pass& pass : schedule_of(c.plan, rank)) {
      work.schedule.push_back({pass, work.timings.size()});
      work.timings.push_back(timing(pass));
    }
    c.work.push_back(work);
  }
}

// Plays one case as Step does.
class Pipeline : public sc_core::sc_module {
 public:
  Pipeline(const sc_core::sc_module_name& name, Case c)
      : sc_module(name), case_(std::move(c)), stages_(case_.work.size()) {
    SC_HAS_PROCESS(Pipeline);
    SC_THREAD(run);
  }

  [[nodiscard]] const Case& input() const { return case_; }
  [[nodiscard]] double step() const { return step_; }
  [[nodiscard]] const Times& times(std::size_t rank) const { return stages_[rank].times(); }
  [[nodiscard]] StageOutcome outcome(std::size_t rank) const { return stages_[rank].outcome(); }

 private:
  void run() {
    stages_.play(case_.work);
    step_ = now().si();
  }

  Case case_;
  Stages stages_;
  double step_ = 0;
};

inline std::vector<std::unique_ptr<Pipeline>> play(const std::vector<Case>& cases) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  std::vector<std::unique_ptr<Pipeline>> pipelines;
  pipelines.reserve(cases.size());
  for (const Case& c : cases)
    pipelines.push_back(
        std::make_unique<Pipeline>(("pipeline_" + std::to_string(pipelines.size())).c_str(), c));
  sc_core::sc_start();
  return pipelines;
}

// Seconds of the passes of equal stages: forward, gradient of inputs, gradient of weights.
struct Durations {
  double forward = 1e-3, inputs = 1e-3, weights = 1e-3;

  [[nodiscard]] double all() const { return forward + inputs + weights; }
  [[nodiscard]] double of(const Pass& pass) const {
    switch (pass.kind) {
      case PassKind::forward: return forward;
      case PassKind::backward: return inputs + weights;
      case PassKind::input_gradient: return inputs;
      case PassKind::weight_gradient: return weights;
      case PassKind::both: break;
    }
    return all();
  }
};

inline Case equal_stages(Schedule schedule, std::int64_t pipeline, std::int64_t chunks,
                         std::int64_t micro_batches, const Durations& durations = {}) {
  Case c;
  c.plan.schedule = schedule;
  c.plan.pipeline = pipeline;
  c.plan.virtual_pipeline = chunks;
  c.plan.global_batch = micro_batches;
  schedule_all(c, [&](const Pass& pass) { return lasting(durations.of(pass)); });
  return c;
}

inline Case equal_stages(std::int64_t pipeline, std::int64_t chunks, std::int64_t micro_batches) {
  return equal_stages(
      chunks == 1 ? Schedule::one_forward_one_backward : Schedule::interleaved, pipeline, chunks,
      micro_batches);
}

}  // namespace headroom
