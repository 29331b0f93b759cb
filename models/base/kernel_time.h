// Between our quantities and SystemC's time. The kernel's resolution is 1 fs (5.1 h of range), set
// once before the first sc_time exists; cycles stay 64-bit integers and become time here only.
#pragma once

#include <cmath>
#include <systemc>

#include "models/base/clock.h"
#include "models/base/quantity.h"

namespace headroom {

// Rounds up to the next femtosecond, so that nothing finishes before its work is done.
[[nodiscard]] inline sc_core::sc_time to_sc_time(Seconds time) {
  return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(std::ceil(time.si() * 1e15)));
}

// Exact where the period is a whole number of femtoseconds.
[[nodiscard]] inline sc_core::sc_time to_sc_time(Cycles cycles, Hertz clock) {
  const double period = 1e15 / clock.si();
  return sc_core::sc_time::from_value(
      static_cast<sc_dt::uint64>(std::ceil(static_cast<double>(cycles) * period)));
}

[[nodiscard]] inline Seconds to_seconds(const sc_core::sc_time& time) {
  return Seconds(static_cast<double>(time.value()) * 1e-15);
}

[[nodiscard]] inline Seconds now() { return to_seconds(sc_core::sc_time_stamp()); }

}  // namespace headroom
