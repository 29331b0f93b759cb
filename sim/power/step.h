// Power of a training step: the clock that its cap leaves, the `power` block of its result, and
// counters of its timeline.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>

#include "sim/config/experiment.h"
#include "sim/config/paths.h"
#include "sim/power/model.h"
#include "sim/power/step_work.h"
#include "sim/report/result.h"

namespace headroom {

// What binds a chip: the chip's own cap where no file states the experiment.
[[nodiscard]] Watts cap_of(const Experiment& experiment);

class StepPower {
 public:
  // Begins to read what power depends on, on a thread of its own unless `when` says otherwise, for
  // the step's simulation needs none of it; the functions below wait for it. Where the chip does
  // not describe its power, or not consistently, there is none, and why() says why. The experiment
  // outlives this.
  StepPower(const Experiment& experiment, const config::ConfigPaths& paths,
            std::launch when = std::launch::async);

  [[nodiscard]] bool is_known() const { return constants().model.has_value(); }
  [[nodiscard]] const std::string& why() const { return constants().why; }

  // The clock at which a step's time-weighted power keeps the cap and the fast limit (governor.h),
  // by closed forms of the step: the stage whose chips do most in products decides. A step is one
  // phase: what it consists of is shorter than the window and the time that the clock takes to
  // change. InputError where power is not known, or at the cap where it lies below the least power.
  [[nodiscard]] Hertz governed_clock() const;

  // Fills in `power` of a step that was simulated at `clock`. Products are those of the plan's
  // format; links are busy while collectives and messages run. Where power is not known the block
  // stays empty and `not_modelled` says why.
  void fill(Result& result, Hertz clock) const;
  // Adds watts and clock of each chip in the timeline, kernel by kernel.
  void count(Trace& trace, Hertz clock) const;

 private:
  struct Constants {
    std::optional<ChipPowerModel> model;
    double toggles = 1, worst_toggles = 1;
    std::string why;  // there is no model
  };
  [[nodiscard]] static std::shared_ptr<const Constants> read(
      const ChipDescription& chip, Format format, const std::string& data,
      const config::ConfigPaths& paths);
  [[nodiscard]] const Constants& constants() const { return *constants_.get(); }
  [[nodiscard]] StepWork step_work() const;
  [[nodiscard]] power::Breakdown draw(
      const StepWork& kind, const ChipWork& work, Seconds time, Hertz clock) const;

  const Experiment& experiment_;
  std::shared_future<std::shared_ptr<const Constants>> constants_;
};

// Whether the clock of the experiment's steps is to be governed.
[[nodiscard]] bool is_governed(const Experiment& experiment);

// Puts the governed clock in place of the measured one, if that is what the experiment asks for,
// and says so among its assumptions.
void settle_clock(Experiment& experiment, const StepPower& power);

}  // namespace headroom
