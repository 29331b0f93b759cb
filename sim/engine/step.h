// One step: a chip runs each distinct pass once, then the pipeline of stages plays the schedule
// with what was measured. Whose chip and whose pipeline: step_simulation.h (SystemC),
// analytic_step.h.
#pragma once

#include <map>
#include <memory>
#include <optional>
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
  // What passes refer to stays where it is when the step is moved.
  Step(Step&&) = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  Step& operator=(Step&&) = delete;
  ~Step() = default;

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
  // The chip's measurement of a pass in the schedule of a rank.
  [[nodiscard]] const PassResult& pass(const StageWork::Turn& turn, std::size_t rank) const {
    return *results_[rank][turn.timing];
  }
  [[nodiscard]] const PassResult& optimizer(std::size_t rank) const {
    return optimizers_.at(owned_parameters(rank));
  }

 private:
  // Everything that a pass's outcome depends on.
  struct PassKey {
    PassKind kind = PassKind::forward;
    Chunk chunk, back;        // both: of the forward and of the backward pass
    bool reduces = false;     // gradients
    std::size_t message = 0;  // that is on its way beside it
    friend bool operator<(const PassKey& a, const PassKey& b) {
      return std::tie(a.kind, a.chunk, a.back, a.reduces, a.message) <
             std::tie(b.kind, b.chunk, b.back, b.reduces, b.message);
    }
  };

  void find_messages();
  void measure_rank(std::size_t rank);
  void measure_chunk(std::size_t rank, std::int64_t chunk);
  void measure_optimizer(std::size_t rank);
  [[nodiscard]] PassKey key_of(const Pass& pass, std::size_t rank) const;
  [[nodiscard]] bool reduces(const Pass& pass) const;
  [[nodiscard]] std::optional<bool> beside(const Pass& pass) const;
  [[nodiscard]] std::size_t message_beside(const Pass& pass, std::size_t rank) const;
  [[nodiscard]] std::size_t message_to(bool next, std::size_t rank) const;
  [[nodiscard]] MessageTiming message_timing(bool next, std::size_t rank, std::int64_t chunk);
  [[nodiscard]] double message_alone(std::size_t message);
  [[nodiscard]] Command send(std::size_t message) const;
  const PassResult& measure(const PassKey& key);
  [[nodiscard]] Program program_of(const PassKey& key) const;
  [[nodiscard]] std::vector<double> measure_gathers(const Chunk& chunk);
  [[nodiscard]] const OwnedParameters& owned_parameters(std::size_t rank) const {
    return owned_[rank];
  }

  const Experiment& experiment_;
  std::shared_ptr<network::CollectiveModel> network_;
  ProgramBuilder builder_;
  PassRunner* runner_ = nullptr;  // while it measures
  std::size_t ranks_;
  std::vector<Chunk> chunks_;
  // Messages between stages, each once; the first is none. By rank, and whether it goes to the next
  // one: which.
  std::vector<CollectiveCost> messages_{{}};
  std::map<std::pair<bool, std::size_t>, std::size_t> message_of_;
  std::map<PassKey, PassResult> passes_;
  std::vector<std::vector<const PassResult*>> results_;  // by rank, of StageWork::timings
  std::map<std::size_t, double> alone_;                  // seconds of a message beside no pass
  std::map<Chunk, double> gathers_;                      // seconds, by part
  std::vector<OwnedParameters> owned_;                   // that a chip updates, by rank
  std::map<OwnedParameters, PassResult> optimizers_;
  std::vector<StageWork> work_;
  PipelineOutcome outcome_;
};

}  // namespace headroom
