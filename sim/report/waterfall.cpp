#include "sim/report/waterfall.h"

#include "sim/report/causes.h"

namespace headroom {

std::vector<WaterfallStep> make_waterfall(
    double peak_flops, const TimeBreakdown& time, double achieved_flops, Maybe goodput) {
  constexpr double tera = 1e12;
  const double peak = peak_flops / tera;
  const double step = total_s(time);
  std::vector<WaterfallStep> rows{{"nameplate peak", peak, 0}};
  double level = peak;
  for (const Cause& cause : causes(time)) {
    if (!cause.seconds) continue;
    const double loss = peak * *cause.seconds / step;
    level -= loss;
    // The last cause may take all that is left; rounding must not show a level below zero.
    rows.push_back({cause.name, level > 0 ? level : 0, loss});
  }
  const double achieved = achieved_flops / tera;
  rows.push_back({"achieved", achieved, 0});
  if (goodput) rows.push_back({"after failures", *goodput * achieved, (1 - *goodput) * achieved});
  return rows;
}

}  // namespace headroom
