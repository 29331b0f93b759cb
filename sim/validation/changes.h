// A constant of configs/ with another value, in the files that a run is resolved to.
#pragma once

#include <string>

#include "sim/validation/constants.h"
#include "sim/validation/resolve.h"

namespace headroom::validation {

// What the constant is called in the files that use it: a kind of link is part of a chip or a
// cluster. Empty where `experiment` does not use its file.
[[nodiscard]] Changes changes_to(
    const Constant& constant, const std::string& value, const Experiment& experiment);

[[nodiscard]] bool is_empty(const Changes& changes);

// Both, the second over the first.
[[nodiscard]] Changes operator+(Changes first, const Changes& second);

// Whether the chip of the run's source has a value of its own for the key.
[[nodiscard]] bool has_own_value(const ResolvedRun& resolved, const std::string& key);

}  // namespace headroom::validation
