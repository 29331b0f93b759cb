#include "sim/engine/step_simulation.h"

#include "models/base/kernel_time.h"

namespace headroom {

StepSimulation::StepSimulation(
    const sc_core::sc_module_name& name, const Experiment& experiment, Step& step, Tracing tracing)
    : sc_module(name),
      step_(step),
      chip_("chip", experiment.chip, experiment.cluster,
            {experiment.fidelity.hbm, experiment.fidelity.link}, collective_stream_names),
      runner_(chip_, experiment.chip, experiment.on_host(experiment.stack.launch), tracing),
      stages_(static_cast<std::size_t>(experiment.plan.pipeline)) {
  SC_HAS_PROCESS(StepSimulation);
  SC_THREAD(run);
}

std::string StepSimulation::stuck() const {
  if (!measured_)
    return "no progress: the chip is stuck in a pass; this is a bug, please report it";
  std::string text = "no progress:";
  for (std::size_t rank = 0; rank < stages_.size(); ++rank)
    if (!stages_[rank].done())
      text += " stage " + std::to_string(rank) + " waits for " + stages_[rank].waits_for() + ";";
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
  stages_.play(step_.work());
  outcome.duration_s = now().si() - outcome.start_s;
  outcome.events = chip_.events();
  for (std::size_t rank = 0; rank < stages_.size(); ++rank) {
    outcome.stages.push_back(stages_[rank].outcome());
    outcome.events += stages_[rank].events();
  }
  return outcome;
}

}  // namespace headroom
