#include "models/technology/yield.h"

#include <algorithm>
#include <cmath>

namespace headroom::technology {
namespace {

// Dies of one row of the grid: those between the chords of its lower and upper edge.
int row_dies(double radius, double low, double high, double width, double offset) {
  const double farthest = std::max(std::fabs(low), std::fabs(high));
  if (farthest >= radius) return 0;
  const double half = std::sqrt(radius * radius - farthest * farthest);
  const double first = std::ceil((-half - offset) / width - 1e-9);
  const double last = std::floor((half - offset) / width + 1e-9);
  return static_cast<int>(std::max(0.0, last - first));
}

// P[at most `spares` of `cores` fail], each with probability 1 - q.
double enough_work(double q, int cores, int spares) {
  double term = std::pow(q, cores), sum = term;
  for (int failed = 1; failed <= spares; ++failed) {
    term *= (1 - q) / q * (cores - failed + 1) / failed;
    sum += term;
  }
  return std::min(1.0, sum);
}

}  // namespace

int dies_per_wafer(const Wafer& wafer, Metres width, Metres height) {
  const double radius = wafer.diameter.si() / 2 - wafer.edge_exclusion.si();
  const double w = width.si() + wafer.scribe.si(), h = height.si() + wafer.scribe.si();
  constexpr int offsets = 2;  // a die or a scribe line in the middle, the best two by symmetry
  int best = 0;
  for (int x = 0; x < offsets; ++x)
    for (int y = 0; y < offsets; ++y) {
      int count = 0;
      const double y0 = y * h / offsets;
      for (int row = -static_cast<int>(radius / h) - 1; row <= radius / h + 1; ++row)
        count += row_dies(radius, y0 + row * h, y0 + (row + 1) * h, w, x * w / offsets);
      best = std::max(best, count);
    }
  return best;
}

double yield(const Defects& defects, SquareMetres area) {
  return std::pow(1 + area.si() * defects.density / defects.clustering, -defects.clustering);
}

double harvested_yield(const Defects& defects, SquareMetres critical_area, SquareMetres core_area,
                       int cores, int needed) {
  if (cores == 0) return yield(defects, critical_area);
  if (needed >= cores) return yield(defects, critical_area + core_area);
  // The integral over the gamma distribution of the density, D = density x g / alpha, by the
  // midpoint rule in u = g^(1/3), which spreads the points near zero.
  const double alpha = defects.clustering;
  constexpr int points = 400;
  const double end = std::cbrt(alpha + 12 * std::sqrt(alpha) + 20);
  const double log_gamma = std::lgamma(alpha);
  double sum = 0, weights = 0;
  for (int i = 0; i < points; ++i) {
    const double u = (i + 0.5) * end / points, g = u * u * u;
    const double weight = std::exp((alpha - 1) * std::log(g) - g - log_gamma) * 3 * u * u;
    const double density = defects.density * g / alpha;
    const double works = std::exp(-density * core_area.si() / cores);
    weights += weight;
    sum += weight * std::exp(-density * critical_area.si()) *
           enough_work(works, cores, cores - needed);
  }
  return sum / weights;
}

}  // namespace headroom::technology
