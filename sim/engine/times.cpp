#include "sim/engine/times.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom {

double Times::total() const { return std::accumulate(seconds_.begin(), seconds_.end(), 0.0); }

void Times::add(const Times& other, double factor) {
  for (std::size_t i = 0; i < cause_count; ++i) seconds_[i] += factor * other.seconds_[i];
}

Times Times::since(const Times& earlier) const {
  Times difference = *this;
  difference.add(earlier, -1);
  return difference;
}

bool Times::close_to(const Times& other, double tolerance) const {
  const double scale = tolerance * std::max(total(), other.total());
  for (std::size_t i = 0; i < cause_count; ++i)
    if (std::abs(seconds_[i] - other.seconds_[i]) > scale) return false;
  return true;
}

}  // namespace headroom
