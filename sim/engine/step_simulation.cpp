#include "sim/engine/step_simulation.h"

#include <algorithm>

#include "models/base/kernel_time.h"

namespace headroom {

StepSimulation::StepSimulation(
    const sc_core::sc_module_name& name, const Experiment& experiment, Step& step, Tracing tracing)
    : sc_module(name),
      step_(step),
      chip_("chip", experiment.chip, experiment.cluster,
            {experiment.fidelity.hbm, experiment.fidelity.link}, collective_stream_names),
      runner_(chip_, experiment.chip, experiment.stack.launch, tracing) {
  const auto stages = static_cast<std::size_t>(experiment.plan.pipeline);
  for (std::size_t rank = 0; rank < stages; ++rank)
    stages_.push_back(std::make_unique<Stage>(("stage_" + std::to_string(rank)).c_str()));
  for (const auto& stage : stages_) stage->connect(stages_);
  SC_HAS_PROCESS(StepSimulation);
  SC_THREAD(run);
}

std::string StepSimulation::stuck() const {
  if (!measured_)
    return "no progress: the chip is stuck in a pass; this is a bug, please report it";
  std::string text = "no progress:";
  for (std::size_t rank = 0; rank < stages_.size(); ++rank)
    if (!stages_[rank]->done())
      text += " stage " + std::to_string(rank) + " waits for " + stages_[rank]->waits_for() + ";";
  return text + " this is a bug, please report it";
}

void StepSimulation::run() {
  step_.measure(runner_);
  measured_ = true;
  step_.take(play_schedule());
}

PipelineOutcome StepSimulation::play_schedule() {
  PipelineOutcome outcome;
  outcome.start_s = now().si();
  sc_core::sc_event_or_list progress;
  for (std::size_t rank = 0; rank < stages_.size(); ++rank) {
    stages_[rank]->start(step_.work(rank));
    progress |= stages_[rank]->progress();
  }
  const auto all = [&](auto reached) {
    while (!std::all_of(stages_.begin(), stages_.end(), reached)) sc_core::wait(progress);
  };
  all([](const auto& stage) { return stage->synchronised(); });
  // Every stage waits for the norm of the gradients of all.
  sc_core::wait(sc_core::SC_ZERO_TIME);
  for (const auto& stage : stages_) stage->release();
  all([](const auto& stage) { return stage->done(); });
  outcome.duration_s = now().si() - outcome.start_s;
  outcome.events = chip_.events();
  for (const auto& stage : stages_) {
    outcome.stages.push_back(stage->outcome());
    outcome.events += stage->events();
  }
  return outcome;
}

}  // namespace headroom
