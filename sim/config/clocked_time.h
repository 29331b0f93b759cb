// Times of a clocked device as its standard writes them: "14 ns" where physics sets it, "4 ck"
// where the standard counts clocks.
#pragma once

#include <optional>

#include "models/base/clock.h"
#include "sim/config/kind.h"

namespace headroom::config {

struct ClockedTime {
  Seconds time;  // where `clocks` is empty
  std::optional<Cycles> clocks;

  [[nodiscard]] double picoseconds(std::int64_t tck_ps) const;
  // Whole clocks that last at least this long. A thousandth of a clock is forgiven, because
  // standards round times to so many digits that they miss a multiple of their own clock.
  [[nodiscard]] Cycles at_least(std::int64_t tck_ps) const;
  // Whole clocks that last no longer, with the same tolerance.
  [[nodiscard]] Cycles at_most(std::int64_t tck_ps) const;
};

// Only times of the same kind compare: without a clock none is less than the other.
[[nodiscard]] bool operator<(const ClockedTime& a, const ClockedTime& b);

[[nodiscard]] Kind<std::optional<ClockedTime>> clocked_time();
// The same, or the word `none`.
[[nodiscard]] Kind<std::optional<ClockedTime>> clocked_time_or_none();

// A time that is a whole number of picoseconds.
[[nodiscard]] Kind<std::int64_t> whole_picoseconds();

}  // namespace headroom::config
