// Operands that find the faults of a dot product unit: numbers that cancel, ties, exponents at
// every distance, the ends of the range, everything that is not finite.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/numerics/dot.h"

namespace headroom {

struct DotCase {
  DotParameters parameters;
  std::array<std::uint32_t, 16> a{};
  std::array<std::uint32_t, 16> b{};
  std::uint32_t scale_a = 0;
  std::uint32_t scale_b = 0;
  std::uint32_t accumulator = 0;
};

[[nodiscard]] std::uint32_t golden(const DotCase& dot_case);

// Zeros, subnormals, the ends of the normal range, around one, infinities, NaN; both signs.
[[nodiscard]] std::vector<std::uint32_t> special_codes(Format format);

// The case of a random word: format, length, align_bits and saturate are given.
[[nodiscard]] DotCase random_case(const DotParameters& parameters, std::uint64_t word);

// For the message of a failure.
[[nodiscard]] std::string to_string(const DotCase& dot_case);

}  // namespace headroom
