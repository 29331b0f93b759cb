// Runs a sweep into a store: what `headroom sweep` does, for programs.
//
//   const Sweep sweep = load_sweep(file, paths);
//   const Space space(sweep, paths);
//   Store store = Store::create("out.sqlite", sweep.columns());
//   run_sweep({sweep, space, paths, version}, store);
//   store.each([](const Row& row) { … });
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sim/sweep/local.h"
#include "sim/sweep/space.h"
#include "sim/sweep/store.h"
#include "sim/sweep/sweep_file.h"

namespace headroom::sweep {

struct Job {
  const Sweep& sweep;
  const Space& space;
  const config::ConfigPaths& paths;
  std::string version;  // of the program, for results
  std::size_t jobs = 1;
  std::vector<IndexRange> points;  // of the space; empty: all
  std::function<void(std::size_t done, std::size_t known)> progress;
  std::function<bool()> is_stopped;
};

// Computes the points whose keys the store does not have and adds them. False where it was stopped.
bool run_sweep(const Job& job, Store& store);

// The same with rows handed to `take`; points whose keys are in `known` are left out.
bool run_points(const Job& job, const std::unordered_set<std::string>& known,
                const std::function<void(const std::vector<Row>&)>& take);

// Points of the job that were interrupted (is_interrupted) are no results any more; how many.
std::size_t forget_interrupted(const Job& job, Store& store);

// Indices of the points that are not among `known`, as ranges.
[[nodiscard]] std::vector<IndexRange> missing(
    const Job& job, const std::unordered_set<std::string>& known);

}  // namespace headroom::sweep
