#include "sim/engine/goodput.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace headroom {

namespace {

// Daly 2006, equation 37: the interval without its checkpoint.
double best_interval(double checkpoint, double interrupt) {
  if (checkpoint >= 2 * interrupt) return interrupt;
  const double ratio = std::sqrt(checkpoint / (2 * interrupt));
  return std::sqrt(2 * checkpoint * interrupt) * (1 + ratio / 3 + ratio * ratio / 9) - checkpoint;
}

// The standard normal's quantile at 1 - tail, 0 < tail <= 1/2; by bisection of its tail.
double upper_quantile(double tail) {
  double low = 0, high = 40;
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(middle / std::sqrt(2.0)) > tail ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

Goodput goodput(const Reliability& reliability, std::int64_t chips, Bytes state) {
  assert(reliability.chip_mtbf > Seconds(0));
  Goodput result;
  const double interrupt = reliability.chip_mtbf.si() / static_cast<double>(chips);
  const double checkpoint = (state / reliability.checkpoint_bandwidth).si();
  const double restart = reliability.restart.si() + checkpoint;
  const double given = reliability.checkpoint_interval.si();
  const double work = given > 0 ? given : best_interval(checkpoint, interrupt);
  result.time_to_interrupt = Seconds(interrupt);
  result.checkpoint = Seconds(checkpoint);
  result.interval = Seconds(work);
  result.share = work / (interrupt * std::exp(restart / interrupt) *
                         std::expm1((work + checkpoint) / interrupt));
  return result;
}

double expected_maximum(double count) {
  constexpr double euler = 0.57721566490153286;
  if (count <= 2) return std::max(0.0, count - 1) / std::sqrt(std::acos(-1.0));
  return (1 - euler) * upper_quantile(1 / count) + euler * upper_quantile(std::exp(-1.0) / count);
}

}  // namespace headroom
