#include "models/power/governor.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace headroom::power {
namespace {

constexpr int most_evaluations = 10;
constexpr double near_enough = 1e-3;  // of a limit, from below

using Power = std::function<Watts(Hertz)>;

// The highest clock from `least` to `most` at which `power` is at most `limit`; log power against
// log clock is near a line, so a secant kept in brackets (Illinois) takes few steps.
Hertz highest_below(const Power& power, Watts limit, Hertz least, Hertz most, int& evaluations) {
  const auto over = [&](double log_clock) {
    ++evaluations;
    return std::log(power(Hertz(std::exp(log_clock))) / limit);
  };
  double high = std::log(most.si()), high_over = over(high);
  if (high_over <= 0) return most;
  double low = std::log(least.si()), low_over = over(low);
  if (low_over > 0) throw CapTooLow(limit, limit * std::exp(low_over));
  int same_side = 0;
  double low_weight = low_over, high_weight = high_over;
  for (int i = 2; i < most_evaluations && low_over < -near_enough; ++i) {
    const double next = (low * high_weight - high * low_weight) / (high_weight - low_weight);
    const double next_over = over(next);
    if (next_over <= 0) {
      low = next, low_over = low_weight = next_over;
      if (same_side == -1) high_weight /= 2;
      same_side = -1;
    } else {
      high = next, high_over = high_weight = next_over;
      if (same_side == 1) low_weight /= 2;
      same_side = 1;
    }
  }
  return Hertz(std::exp(low));
}

// Time-weighted over phases that run at one clock.
Watts mean(const std::vector<const Phase*>& phases, Hertz clock) {
  Joules energy;
  Seconds time;
  for (const Phase* phase : phases) {
    const Seconds t = phase->time(clock);
    energy += phase->power(clock) * t;
    time += t;
  }
  return energy / time;
}

Watts worst(const std::vector<const Phase*>& phases, Hertz clock) {
  Watts most;
  for (const Phase* phase : phases) most = std::max(most, phase->worst_power(clock));
  return most;
}

Held hold(const Limits& limits, const std::vector<const Phase*>& phases) {
  Held held;
  int fast = 0, slow = 0;
  const Hertz top = highest_below(
      [&](Hertz clock) { return worst(phases, clock); }, limits.fast, limits.least, limits.most,
      fast);
  held.clock = highest_below(
      [&](Hertz clock) { return mean(phases, clock); }, limits.cap, limits.least, top, slow);
  held.power = mean(phases, held.clock);
  held.throttled = held.clock < limits.most;
  held.evaluations = std::max(fast, slow);
  return held;
}

}  // namespace

CapTooLow::CapTooLow(Watts cap, Watts least)
    : std::runtime_error("a limit of " + std::to_string(cap.si()) + " W lies below the " +
                         std::to_string(least.si()) + " W of the least clock"),
      least_(least) {}

std::vector<Held> govern(const Limits& limits, const std::vector<Phase>& phases) {
  const double slew = limits.slew_hz_s;
  const Seconds change(slew > 0 ? (limits.most - limits.least).si() / slew : 0);
  const auto is_short = [&](const Phase& phase) {
    return phase.time(limits.most) < limits.window + change;
  };
  std::vector<const Phase*> shared;
  for (const Phase& phase : phases)
    if (is_short(phase)) shared.push_back(&phase);
  Held together;
  if (!shared.empty()) together = hold(limits, shared);
  std::vector<Held> held;
  for (const Phase& phase : phases) {
    held.push_back(is_short(phase) ? together : hold(limits, {&phase}));
    held.back().power = phase.power(held.back().clock);
  }
  return held;
}

}  // namespace headroom::power
