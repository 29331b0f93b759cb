// Points on the cores of this machine.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sim/sweep/row.h"
#include "sim/sweep/space.h"
#include "sim/sweep/worker.h"

namespace headroom::sweep {

struct LocalRun {
  std::vector<IndexRange> points;  // to work on, in this order
  Work work;                       // in the workers
  std::function<std::vector<Cell>(std::uint64_t)> cells;
  std::function<std::string(std::uint64_t)> key;  // of a point whose process is gone
  std::size_t jobs = 1;
  Limits limits;
  // Takes rows that are finished; a point counts as done when this returns.
  std::function<void(const std::vector<Row>&)> store;
  // After each of those, and now and then: points that are done, those that were known among them.
  std::function<void(std::size_t done, std::size_t known)> progress;
  // Asked several times a second; true ends the run with what is finished stored.
  std::function<bool()> is_stopped;
};

// Works on all points, `jobs` processes at once. A point that ends its process is tried again in
// one of its own; ends it that one too, or takes longer than limits.time, then that is its result.
// SIGKILL, which comes from outside, is forgiven twice. False where the run was stopped.
bool run_local(const LocalRun& run);

}  // namespace headroom::sweep
