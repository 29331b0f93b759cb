// The seed of a random test: HEADROOM_SEED replays a failure, which prints it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace headroom {

inline std::uint64_t seed() {
  const char* text = std::getenv("HEADROOM_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
}

inline std::string replay() { return "replay with HEADROOM_SEED=" + std::to_string(seed()); }

}  // namespace headroom
