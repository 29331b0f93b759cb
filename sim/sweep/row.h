// What a point came to.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/sweep/axis.h"

namespace headroom::sweep {

// ok: a result. invalid: the values contradict each other. misfit: the chip's memory is too small
// (best plan: for every plan). failed: the simulation ended with an error. crashed, timeout,
// memory: its process was killed by a signal, took too long, or too much memory.
enum class Status { ok, invalid, misfit, failed, crashed, timeout, memory };
inline constexpr std::array<std::string_view, 7> status_names{
    "ok", "invalid", "misfit", "failed", "crashed", "timeout", "memory"};

[[nodiscard]] constexpr std::string_view to_string(Status status) {
  return status_names[static_cast<std::size_t>(status)];
}

// Worth another try: its process died or was ended.
[[nodiscard]] constexpr bool is_interrupted(Status status) {
  return status == Status::crashed || status == Status::timeout || status == Status::memory;
}

struct Row {
  std::string key;          // digest of all that the outcome depends on
  std::vector<Cell> cells;  // of the axes
  Status status = Status::ok;
  std::string reason;  // "" of ok
  std::string result;  // headroom.result/1 without times of the simulation itself; "" where none
  double wall_s = 0;   // that the point took
};

}  // namespace headroom::sweep
