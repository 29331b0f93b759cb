// How far a sweep is, on standard error.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace headroom::sweep {

// On a terminal one line that changes, with rate and time left; elsewhere a plain line now and
// then, at most one every ten seconds.
class Progress {
 public:
  Progress(std::size_t all, bool terminal) : all_(all), terminal_(terminal) {}

  // `known`: of those that are done, the ones that were before.
  void show(std::size_t done, std::size_t known);
  // Ends the changing line.
  void end() const;

  // "1,200 of 5,000 points, 310 points/s, 12 s left"; rates count what was computed.
  [[nodiscard]] static std::string text(
      std::size_t done, std::size_t known, std::size_t all, double seconds);

 private:
  using Clock = std::chrono::steady_clock;

  std::size_t all_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

}  // namespace headroom::sweep
