#include "sim/engine/analytic_step.h"

#include "models/chip/analytic.h"
#include "models/network/topology.h"
#include "sim/engine/analytic_pipeline.h"
#include "sim/engine/array_cost.h"
#include "sim/engine/summary.h"
#include "sim/engine/timeline.h"

namespace headroom {

bool is_analytic(const FidelityChoice& fidelity) {
  return fidelity.matrix_engine == Fidelity::analytic && fidelity.hbm == Fidelity::analytic &&
         fidelity.link == Fidelity::analytic;
}

AnalyticEngine::AnalyticEngine(const Experiment& experiment)
    : base_(experiment),
      mapper_(mapper_of(base_)),
      network_(std::make_shared<network::CollectiveModel>(base_.chip, base_.cluster)),
      costs_(std::make_shared<KernelCosts>(base_.chip)) {
  for (const network::LinkClass& links : network_->topology().classes())
    links_.push_back(links.bandwidth);
}

Step AnalyticEngine::played(const Experiment& experiment, Tracing tracing) {
  Step step(experiment, mapper_, network_);
  AnalyticChip chip(
      experiment.chip, links_, collective_stream_names.size(), costs_, tracing == Tracing::on);
  PassRunner runner(chip, experiment.chip, experiment.on_host(experiment.stack.launch), tracing);
  step.measure(runner);
  step.take(play(step.work(), experiment.plan.micro_batches(), tracing));
  return step;
}

Outcome AnalyticEngine::step(const Experiment& experiment, Tracing tracing) {
  const Step step = played(experiment, tracing);
  return {summarise(experiment, step), tracing == Tracing::on ? make_timeline(step) : Trace{}};
}

double AnalyticEngine::step_time(const Experiment& experiment) {
  return played(experiment, Tracing::off).duration_s();
}

}  // namespace headroom
