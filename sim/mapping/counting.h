// The few lines of arithmetic that every count of tiles needs.
#pragma once

#include <cstdint>

namespace headroom {

inline constexpr double accumulator_bytes = 4;  // fp32 or int32

[[nodiscard]] constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

[[nodiscard]] constexpr double as_double(std::int64_t value) { return static_cast<double>(value); }

}  // namespace headroom
