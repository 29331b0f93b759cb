// The pipeline as a SystemC model: one module per stage works through its schedule, stages exchange
// activations and gradients over their links, and wait for one another when they must. Pass times
// come from the simulated chip.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <systemc>
#include <tuple>
#include <vector>

#include "sim/engine/stage_work.h"

namespace headroom {

class Stage : public sc_core::sc_module {
 public:
  explicit Stage(const sc_core::sc_module_name& name);

  // All stages of the pipeline by rank, which outlive it (Stages does).
  void connect(const std::vector<std::unique_ptr<Stage>>& stages) { stages_ = &stages; }
  // Starts the stage; it notifies `done` at its end. Before that, `work` must stay. Messages leave
  // one after another.
  void start(const StageWork& work);

  [[nodiscard]] bool synchronised() const { return state_ == State::synchronised; }
  [[nodiscard]] bool done() const { return state_ == State::done; }
  // For a stage that cannot go on.
  [[nodiscard]] const std::string& waits_for() const { return waits_for_; }
  [[nodiscard]] const sc_core::sc_event& progress() const { return progress_; }
  // After all stages are synchronised: the optimiser runs.
  void release() { released_.notify(); }

  // Time in which messages of this stage were on its link.
  [[nodiscard]] double sending_s() const { return sending_s_; }
  [[nodiscard]] const Times& times() const { return times_; }
  [[nodiscard]] const std::vector<StageSpan>& spans() const { return spans_; }
  [[nodiscard]] StageOutcome outcome() const { return {times_, sending_s_, spans_}; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  enum class State { idle, running, synchronised, done };
  // Direction, place of the chunk in the model, micro-batch.
  using Message = std::tuple<bool, std::int64_t, std::int64_t>;
  struct Mail {
    double sent_at = 0;
    bool arrived = false;
  };

  void run();
  void work(const StageWork::Turn& turn);
  void await_inputs(const Pass& pass);
  void post_outputs(const Pass& pass);
  void send();
  void deliver();
  void await(const Message& message);
  void await_weights(std::size_t chunk, double pass);
  void gather_weights();
  void post(std::int64_t rank, const Message& message, const MessageTiming& timing);
  void span(const std::string& name, const std::string& category, double start);
  [[nodiscard]] const StageWork::ChunkWork& chunk(std::int64_t index) const {
    return work_->chunks[static_cast<std::size_t>(index)];
  }

  const std::vector<std::unique_ptr<Stage>>* stages_ = nullptr;
  const StageWork* work_ = nullptr;
  State state_ = State::idle;
  std::map<Message, Mail> mail_;
  std::deque<std::tuple<Stage*, Message, MessageTiming>> outbox_;
  std::multimap<sc_core::sc_time, std::pair<Stage*, Message>> under_way_;  // by when each arrives
  Times times_;
  std::string waits_for_ = "its start";
  std::vector<StageSpan> spans_;
  double data_free_at_ = 0, sending_s_ = 0;
  // By chunk and part: when its weights are there; empty once they are.
  std::vector<std::vector<double>> weights_at_;
  std::uint64_t events_ = 0;
  sc_core::sc_event started_, mail_arrived_, posted_, sent_, released_, progress_;
};

// All stages of one pipeline.
class Stages {
 public:
  explicit Stages(std::size_t count);
  Stages(const Stages&) = delete;
  Stages& operator=(const Stages&) = delete;
  ~Stages() = default;

  // One step, from an SC_THREAD; every stage waits for the norm of the gradients of all before its
  // optimiser runs. `work`: by rank, stays until the end.
  void play(const std::vector<StageWork>& work);

  [[nodiscard]] std::size_t size() const { return stages_.size(); }
  [[nodiscard]] const Stage& operator[](std::size_t rank) const { return *stages_[rank]; }

 private:
  std::vector<std::unique_ptr<Stage>> stages_;
};

}  // namespace headroom
