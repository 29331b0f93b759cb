// One step: a chip runs each distinct pass once, then the pipeline of stages plays the schedule
// with what was measured. Whose chip and whose pipeline: step_simulation.h (SystemC),
// analytic_step.h.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "models/network/collective.h"
#include "sim/config/experiment.h"
#include "sim/engine/pass_runner.h"
#include "sim/engine/stage_work.h"
#include "sim/mapping/program.h"

namespace headroom {

class Step {
 public:
  // What is passed outlives the step. `network`: of the experiment's chip and cluster; keeps what
  // it finds out.
  Step(const Experiment& experiment, const KernelMapper& mapper,
       std::shared_ptr<network::CollectiveModel> network);

  enum class PassKind { forward, backward, synchronising_backward };

  // First half: every pass that differs, once. Called where the runner's chip may be.
  void measure(PassRunner& runner);
  // Second half: what a pipeline made of work(), by rank.
  void take(PipelineOutcome outcome) { outcome_ = std::move(outcome); }

  // After both.
  [[nodiscard]] double duration_s() const { return outcome_.duration_s; }
  [[nodiscard]] double pipeline_start_s() const { return outcome_.start_s; }
  [[nodiscard]] const std::vector<StageOutcome>& stages() const { return outcome_.stages; }
  [[nodiscard]] std::uint64_t events() const { return outcome_.events; }
  // After the first.
  [[nodiscard]] const std::vector<StageWork>& work() const { return work_; }
  [[nodiscard]] const std::vector<Chunk>& chunks() const { return chunks_; }
  [[nodiscard]] const StageWork& work(std::size_t rank) const { return work_[rank]; }
  // The chip's measurement of the pass that chunk `chunk` makes for micro-batch `micro_batch`.
  [[nodiscard]] const PassResult& pass(const Pass& pass, std::size_t rank) const;
  [[nodiscard]] const PassResult& optimizer(std::size_t rank) const {
    return optimizers_.at(owned_parameters(rank));
  }

 private:
  [[nodiscard]] PassKind kind_of(bool forward, std::int64_t micro_batch) const;
  void find_messages();
  [[nodiscard]] std::size_t message_beside(bool forward, std::size_t rank) const;
  [[nodiscard]] MessageTiming message_timing(std::size_t message, const PassResult& beside) const;
  const PassResult& measure(const Chunk& chunk, PassKind kind, std::size_t message);
  [[nodiscard]] std::vector<double> measure_gathers(const Chunk& chunk);
  [[nodiscard]] double owned_parameters(std::size_t rank) const;

  const Experiment& experiment_;
  std::shared_ptr<network::CollectiveModel> network_;
  ProgramBuilder builder_;
  PassRunner* runner_ = nullptr;  // while it measures
  std::size_t ranks_;
  std::vector<Chunk> chunks_;
  // Messages between stages, each once; the first is none. By direction and rank: which one.
  std::vector<CollectiveCost> messages_{{}};
  std::map<std::pair<bool, std::size_t>, std::size_t> message_of_;
  std::map<std::tuple<Chunk, PassKind, std::size_t>, PassResult> passes_;
  std::map<Chunk, double> gathers_;          // seconds, by part
  std::map<double, PassResult> optimizers_;  // by the parameters that a chip owns
  std::vector<StageWork> work_;
  PipelineOutcome outcome_;
};

}  // namespace headroom
