// Where a word lies; see Interleave.
#pragma once

#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

namespace detail {

// Exclusive or of the groups of log2(banks) bits of a row.
[[nodiscard]] inline std::int64_t folded(const Parameters& parameters, std::int64_t row) {
  if (parameters.interleave == Interleave::low_order || parameters.banks == 1) return 0;
  std::int64_t fold = 0;
  for (; row > 0; row /= parameters.banks) fold ^= row % parameters.banks;
  return fold;
}

}  // namespace detail

[[nodiscard]] inline std::int64_t row_of(const Parameters& parameters, std::int64_t address) {
  return address / parameters.banks;
}

[[nodiscard]] inline int bank_of(const Parameters& parameters, std::int64_t address) {
  return static_cast<int>(
      (address % parameters.banks) ^ detail::folded(parameters, row_of(parameters, address)));
}

[[nodiscard]] inline std::int64_t address_of(
    const Parameters& parameters, int bank, std::int64_t row) {
  return row * parameters.banks + (bank ^ detail::folded(parameters, row));
}

}  // namespace headroom::scratchpad
