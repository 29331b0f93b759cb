#include "sim/validation/interval.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/engine/analytic_step.h"
#include "sim/validation/changes.h"

namespace headroom::validation {
namespace {

double step_time(const Experiment& experiment) {
  return AnalyticEngine(experiment).step_time(experiment);
}

// Squared logarithms of what inputs do to the throughput.
struct Sides {
  double below = 0, above = 0;

  void add(double log_gain) { (log_gain < 0 ? below : above) += log_gain * log_gain; }
  [[nodiscard]] double total() const { return below + above; }
};

}  // namespace

std::vector<Constant> ranged_constants(const config::ConfigPaths& paths, const RunTables& tables) {
  std::vector<Constant> ranged;
  for (Constant& constant : constants(paths, tables))
    if (!constant.low.empty() && constant.file.rfind("libraries/", 0) != 0)
      ranged.push_back(std::move(constant));
  return ranged;
}

Interval interval(const PublishedRun& run, const ResolvedRun& resolved, double predicted_tflops,
                  const Context& context, const std::vector<Constant>& constants) {
  const double base = step_time(resolved.experiment);
  Sides all;
  Interval result;
  for (const Constant& constant : constants) {
    Sides sides;
    for (const std::string& end : {constant.low, constant.high}) {
      Context changed = context;
      changed.changes = changes_to(constant, end, resolved.experiment);
      if (end == constant.value || is_empty(changed.changes) ||
          has_own_value(resolved, constant.key))
        continue;
      const auto attempt = resolve(run, changed);
      if (const auto* other = std::get_if<ResolvedRun>(&attempt); other != nullptr)
        sides.add(std::log(base / step_time(other->experiment)));
    }
    all.below += sides.below;
    all.above += sides.above;
    if (sides.total() > 0)
      result.inputs.emplace_back(constant.file + " " + constant.key, sides.total());
  }
  result.low_tflops = predicted_tflops * std::exp(-std::sqrt(all.below));
  result.high_tflops = predicted_tflops * std::exp(std::sqrt(all.above));
  for (auto& [name, share] : result.inputs) share /= all.total();
  std::stable_sort(result.inputs.begin(), result.inputs.end(), [](const auto& a, const auto& b) {
    return a.second > b.second;
  });
  return result;
}

}  // namespace headroom::validation
