// The clock that a chip holds under its power cap.
#pragma once

#include <functional>
#include <stdexcept>
#include <vector>

#include "models/base/quantity.h"

namespace headroom::power {

// What the governor may do and must keep.
struct Limits {
  Hertz least, most;     // range of the clock
  Watts cap;             // of power averaged over `window`
  Watts fast;            // of what the same work could draw on the worst data at any instant: what
                         // averaging is too slow for, the clock must leave room for
  Seconds window;        // of the average
  double slew_hz_s = 0;  // fastest change of the clock; 0: at once
};

// Work of one kind that the chip does in a row.
struct Phase {
  std::function<Seconds(Hertz)> time;
  std::function<Watts(Hertz)> power;        // mean; does not fall with the clock
  std::function<Watts(Hertz)> worst_power;  // on the worst data; the same
};

struct Held {
  Hertz clock;
  Watts power;             // mean at it
  bool throttled = false;  // below the highest clock
  int evaluations = 0;     // of all phases at one clock
};

// Even the least clock draws more than the limits allow.
class CapTooLow : public std::runtime_error {
 public:
  CapTooLow(Watts cap, Watts least);
  [[nodiscard]] Watts least() const { return least_; }

 private:
  Watts least_;
};

// One result per phase. Phases shorter than the window, with the time that the clock takes to
// change, share one clock set by their power weighted by time; longer ones run at their own. The
// clock is the highest within `limits`, to a thousandth of the cap, in at most ten evaluations of
// each limit. Throws CapTooLow.
[[nodiscard]] std::vector<Held> govern(const Limits& limits, const std::vector<Phase>& phases);

}  // namespace headroom::power
