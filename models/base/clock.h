// Cycles of a clock domain, and the one place where they become seconds.
#pragma once

#include <cstdint>

#include "models/base/quantity.h"

namespace headroom {

using Cycles = std::uint64_t;

[[nodiscard]] constexpr Seconds to_seconds(Cycles cycles, Hertz clock) {
  return Seconds(static_cast<double>(cycles) / clock.si());
}

}  // namespace headroom
