// Random numbers of the training experiment, from the stateless words of models/base/random.h.
#pragma once

#include <cmath>
#include <cstdint>

#include "models/base/random.h"

namespace headroom::quality {

// Uniform in [0, 1).
[[nodiscard]] inline double uniform(std::uint64_t word) {
  return static_cast<double>(word >> 11) * 0x1p-53;
}

// Standard normal numbers (Box and Muller 1958).
class Normal {
 public:
  explicit Normal(std::uint64_t seed) : stream_(mix(seed)) {}

  double operator()() {
    constexpr double tau = 6.283185307179586;
    const double radius = std::sqrt(-2 * std::log(1 - uniform(mix(stream_ + next_))));
    const double angle = tau * uniform(mix(stream_ + next_ + 1));
    next_ += 2;
    return radius * std::cos(angle);
  }

 private:
  std::uint64_t stream_, next_ = 0;
};

}  // namespace headroom::quality
