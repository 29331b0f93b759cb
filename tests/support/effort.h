// How often a random test repeats its case: as often as it says, but for the build under
// AddressSanitizer, where each costs some twenty times as much and only memory errors are new.
#pragma once

namespace headroom {

template <class Count>
[[nodiscard]] constexpr Count effort(Count repetitions) {
#if defined(__SANITIZE_ADDRESS__)
  return repetitions / 20;
#else
  return repetitions;
#endif
}

}  // namespace headroom
