// Keys of an experiment by their path, from its schema.
#pragma once

#include <optional>
#include <string>

#include "sim/config/error.h"

namespace headroom::sweep {

// Throws InputError, with the nearest valid name, where no experiment has such a key. `at` is where
// the path's first character stands.
void check_key(const std::string& path, const Position& at);

// Whether it takes whole numbers only.
[[nodiscard]] bool is_whole(const std::string& path);

// The unit in which its numbers are SI: "B/s"; "" of a plain number. Nothing where it takes whole
// numbers, words or lists, or is no key.
[[nodiscard]] std::optional<std::string> si_unit(const std::string& path);

}  // namespace headroom::sweep
