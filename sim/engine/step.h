// The step as a SystemC model: first the chip runs each distinct pass once, then the pipeline of
// stages plays the schedule with what was measured. Both phases are one simulation.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <systemc>
#include <tuple>
#include <vector>

#include "models/chip/chip.h"
#include "sim/config/experiment.h"
#include "sim/engine/pass_runner.h"
#include "sim/engine/pipeline.h"
#include "sim/mapping/program.h"

namespace headroom {

class Step : public sc_core::sc_module {
 public:
  Step(const sc_core::sc_module_name& name, const Experiment& experiment,
       const KernelMapper& mapper);

  enum class PassKind { forward, backward, synchronising_backward };

  // After the simulation. Events ran out before the step was done: `stuck()` says who waits for
  // whom.
  [[nodiscard]] bool finished() const { return duration_s_ > 0; }
  [[nodiscard]] std::string stuck() const;
  // After a simulation that finished.
  [[nodiscard]] double duration_s() const { return duration_s_; }
  [[nodiscard]] double pipeline_start_s() const { return pipeline_start_s_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Stage>>& stages() const { return stages_; }
  [[nodiscard]] const std::vector<Chunk>& chunks() const { return chunks_; }
  [[nodiscard]] const StageWork& work(std::size_t rank) const { return work_[rank]; }
  // The chip's measurement of the pass that chunk `chunk` makes for micro-batch `micro_batch`.
  [[nodiscard]] const PassResult& pass(const Pass& pass, std::size_t rank) const;
  [[nodiscard]] const PassResult& optimizer(std::size_t rank) const {
    return optimizers_.at(owned_parameters(rank));
  }
  [[nodiscard]] std::uint64_t events() const;

 private:
  void run();
  void measure_passes();
  void play_schedule();
  [[nodiscard]] PassKind kind_of(bool forward, std::int64_t micro_batch) const;
  void find_messages();
  [[nodiscard]] std::size_t message_beside(bool forward, std::size_t rank) const;
  [[nodiscard]] MessageTiming message_timing(std::size_t message, const PassResult& beside) const;
  const PassResult& measure(const Chunk& chunk, PassKind kind, std::size_t message);
  [[nodiscard]] std::vector<double> measure_gathers(const Chunk& chunk);
  [[nodiscard]] double owned_parameters(std::size_t rank) const;

  const Experiment& experiment_;
  ProgramBuilder builder_;
  Chip chip_;
  PassRunner runner_;
  std::vector<Chunk> chunks_;
  // Messages between stages, each once; the first is none. By direction and rank: which one.
  std::vector<CollectiveCost> messages_{{}};
  std::map<std::pair<bool, std::size_t>, std::size_t> message_of_;
  std::map<std::tuple<Chunk, PassKind, std::size_t>, PassResult> passes_;
  std::map<Chunk, double> gathers_;          // seconds, by part
  std::map<double, PassResult> optimizers_;  // by the parameters that a chip owns
  std::vector<StageWork> work_;
  std::vector<std::unique_ptr<Stage>> stages_;
  double pipeline_start_s_ = 0, duration_s_ = 0;
};

}  // namespace headroom
