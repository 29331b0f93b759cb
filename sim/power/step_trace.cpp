// Counters of power and clock beside a step's timeline.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sim/power/step.h"

namespace headroom {
namespace {

struct Interval {
  double start_s = 0, end_s = 0;
};

// One chip of the timeline.
struct ChipSpans {
  std::vector<const TraceSpan*> kernels;
  std::vector<Interval> collectives;  // merged, in order
};

std::vector<Interval> merged(std::vector<Interval> all) {
  std::sort(all.begin(), all.end(), [](const Interval& a, const Interval& b) {
    return std::tie(a.start_s, a.end_s) < std::tie(b.start_s, b.end_s);
  });
  std::vector<Interval> result;
  for (const Interval& next : all)
    if (!result.empty() && next.start_s <= result.back().end_s)
      result.back().end_s = std::max(result.back().end_s, next.end_s);
    else
      result.push_back(next);
  return result;
}

std::map<std::string, ChipSpans> chips_of(const Trace& trace) {
  std::map<std::string, ChipSpans> chips;
  for (const TraceSpan& span : trace.spans) {
    if (span.stream == "kernels") chips[span.role].kernels.push_back(&span);
    if (span.category == "communication")
      chips[span.role].collectives.push_back({span.start_s, span.start_s + span.duration_s});
  }
  for (auto& [role, chip] : chips) {
    std::stable_sort(
        chip.kernels.begin(), chip.kernels.end(),
        [](const TraceSpan* a, const TraceSpan* b) { return a->start_s < b->start_s; });
    chip.collectives = merged(std::move(chip.collectives));
  }
  return chips;
}

// Time of [start, end) in which collectives run, for intervals that are asked for in order.
class Overlap {
 public:
  explicit Overlap(const std::vector<Interval>& intervals) : intervals_(intervals) {}

  double operator()(double start, double end) {
    while (first_ < intervals_.size() && intervals_[first_].end_s <= start) ++first_;
    double sum = 0;
    for (std::size_t i = first_; i < intervals_.size() && intervals_[i].start_s < end; ++i)
      sum += std::min(end, intervals_[i].end_s) - std::max(start, intervals_[i].start_s);
    return sum;
  }

 private:
  const std::vector<Interval>& intervals_;
  std::size_t first_ = 0;
};

// Gaps shorter than this show as part of the kernel before them.
constexpr double shortest_gap_s = 2e-6;

}  // namespace

void StepPower::count(Trace& trace, Hertz clock) const {
  if (!is_known()) return;
  const StepWork kind = step_work();
  // Kernels of equal layers repeat.
  std::map<std::tuple<double, double, double, double, double>, double> known;
  const auto watts = [&](ChipWork work, double seconds, double exchanging) {
    // To a thousandth of the time, so that rounding does not tell equal kernels apart.
    const double busy = std::round(1000 * exchanging / seconds) / 1000;
    const auto key = std::tuple(
        work.flops, work.streamed_bytes, work.operations, std::round(seconds * 1e9), busy);
    auto found = known.find(key);
    if (found == known.end()) {
      work.collective_s = busy * seconds;
      found = known.emplace(key, draw(kind, work, Seconds(seconds), clock).total().si()).first;
    }
    return found->second;
  };
  for (const auto& [role, chip] : chips_of(trace)) {
    Overlap exchanging(chip.collectives);
    const auto add = [&, &role = role](double start, double value) {
      trace.counters.push_back({role, "power, W", start, value});
    };
    if (!chip.kernels.empty())
      trace.counters.push_back(
          {role, "clock, MHz", chip.kernels.front()->start_s, clock.si() * 1e-6});
    double end = 0;
    for (const TraceSpan* kernel : chip.kernels) {
      if (kernel->start_s - end > shortest_gap_s)
        add(end, watts({}, kernel->start_s - end, exchanging(end, kernel->start_s)));
      end = kernel->start_s + kernel->duration_s;
      if (kernel->duration_s > 0)
        add(kernel->start_s,
            watts(kernel->work, kernel->duration_s, exchanging(kernel->start_s, end)));
    }
    if (!chip.kernels.empty()) add(end, watts({}, 1, 0));
  }
}

}  // namespace headroom
