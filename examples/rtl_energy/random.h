// Random numbers that are the same everywhere: the standard fixes the engine, not its
// distributions.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace headroom::rtl_energy {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  // In [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
  int below(int limit) { return static_cast<int>(uniform() * limit); }
  // Box and Muller.
  double normal() {
    constexpr double turn = 6.283185307179586;
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(turn * uniform());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace headroom::rtl_energy
