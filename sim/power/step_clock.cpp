// The clock of a step under its cap.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/engine/analytic_step.h"
#include "sim/power/step.h"

namespace headroom {
namespace {

constexpr double settled = 2e-3;  // change of the clock that ends the iteration
constexpr int most_steps = 5;     // that are computed

// Share of a step whose time follows the chip's clock.
double clocked_share(const TimeBreakdown& time) {
  const double clocked = time.ideal_s + time.clock_s.value_or(0) + time.shape_s +
                         time.on_chip_stall_s.value_or(0) + time.vector_s + time.recompute_s;
  const double waited = time.bubble_s + time.straggler_s.value_or(0);  // for others that do the
                                                                       // same
  const double rest = time.memory_stall_s + time.exposed_tensor_s + time.exposed_pipeline_s +
                      time.exposed_data_s + time.exposed_expert_s.value_or(0) +
                      time.exposed_context_s.value_or(0) + time.optimizer_s +
                      time.host_s.value_or(0);
  const double own = clocked + rest;
  return own > 0 && waited >= 0 ? std::clamp(clocked / own, 0.0, 1.0) : 1;
}

// The experiment as closed forms at another clock.
Experiment computed_at(const Experiment& experiment, Hertz clock) {
  Experiment at = experiment;
  at.chip.clock.sustained_matmul = clock;
  at.fidelity = all_analytic;
  return at;
}

}  // namespace

Hertz StepPower::governed_clock() const {
  const PowerUse& use = experiment_.power;
  power::Limits limits = constants().model->limits;
  limits.cap = cap_of(experiment_);
  const StepWork kind = step_work();
  Hertz clock = std::clamp(experiment_.chip.clock.sustained_matmul, limits.least, limits.most);
  for (int i = 0; i < most_steps; ++i) {
    const Experiment at = computed_at(experiment_, clock);
    const Result step = AnalyticEngine(at).step(at, Tracing::off).result;
    const double share = clocked_share(step.time);
    const auto time = [&](Hertz other) {
      return Seconds(step.step.time_s * (share * (clock / other) + 1 - share));
    };
    const power::Phase whole{
        time, [&](Hertz other) { return draw(kind, step.busiest, time(other), other).total(); },
        [&](Hertz other) {
          return power::power(constants().model->coefficients,
                              kind.busiest(other, constants().worst_toggles), other)
              .total();
        }};
    Hertz next;
    try {
      next = power::govern(limits, {whole}).front().clock;
    } catch (const power::CapTooLow& error) {
      const power::Breakdown least = draw(kind, step.busiest, time(limits.least), limits.least);
      const bool own = use.cap_at.file.empty();
      throw InputError(
          own ? Position{experiment_.chip.id, 0, 0} : use.cap_at,
          own ? "power_cap" : "power." + use.cap_of + "_cap",
          fmt::format("{:.0f} W for a chip", limits.cap.si()),
          fmt::format(
              "at least the {:.0f} W that it draws at its least clock, {:.0f} MHz: {:.0f} W "
              "leakage, {:.0f} W fixed, {:.0f} W HBM and links, {:.0f} W work",
              error.least().si(), limits.least.si() * 1e-6, least.leakage.si(), least.fixed.si(),
              (least.hbm + least.links).si(),
              (least.total() - least.leakage - least.fixed - least.hbm - least.links).si()));
    }
    const bool done = std::abs(next / clock - 1) < settled;
    clock = next;
    if (done) break;
  }
  return clock;
}

bool is_governed(const Experiment& experiment) {
  const PowerUse& use = experiment.power;
  if (use.clock != ClockChoice::usual) return use.clock == ClockChoice::governed;
  return use.cap > Watts(0) && use.cap < experiment.chip.power_cap;
}

void settle_clock(Experiment& experiment, const StepPower& power) {
  if (!is_governed(experiment)) return;
  const PowerUse& use = experiment.power;
  if (!power.is_known())
    throw InputError(
        use.cap_at.file.empty() ? Position{experiment.name, 0, 0} : use.cap_at,
        use.cap_at.file.empty() ? "power.clock" : "power." + use.cap_of + "_cap",
        "a clock that power governs", "a chip whose power is known: " + power.why());
  const Hertz clock = power.governed_clock();
  experiment.chip.clock.sustained_matmul = clock;
  experiment.chip.clock.sustained_measured = true;
  experiment.assumed.push_back(fmt::format(
      "power.clock: governed, {:.0f} MHz under the {:.0f} W that the cap of the {} leaves a chip",
      clock.si() * 1e-6, use.cap.si(), use.cap_of));
}

}  // namespace headroom
