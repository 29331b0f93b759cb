// A step as a SystemC model: its chip and the stages of its pipeline in one simulation.
#pragma once

#include <string>
#include <systemc>

#include "models/chip/chip.h"
#include "sim/engine/pipeline.h"
#include "sim/engine/step.h"

namespace headroom {

class StepSimulation : public sc_core::sc_module {
 public:
  // Both outlive the module, which gives the step what it measures when it runs.
  StepSimulation(const sc_core::sc_module_name& name, const Experiment& experiment, Step& step,
                 Tracing tracing);

  // After the simulation. Events ran out before the step was done: `stuck()` says who waits for
  // whom.
  [[nodiscard]] bool finished() const { return step_.duration_s() > 0; }
  [[nodiscard]] std::string stuck() const;

 private:
  void run();
  [[nodiscard]] PipelineOutcome play_schedule();

  Step& step_;
  Chip chip_;
  PassRunner runner_;
  Stages stages_;
  bool measured_ = false;
};

}  // namespace headroom
