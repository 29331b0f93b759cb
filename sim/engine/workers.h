// Independent pieces of work, each in a process of its own: SystemC allows one simulation a
// process.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace headroom {

struct WorkerAnswer {
  bool ok = false;
  std::string text;  // what the work returned, or why it did not: "killed by signal 11"
};

// Calls work(0) … work(count - 1), at most `jobs` at a time, each in a fork of this process as it
// is now: what was computed and cached before the call is shared. Results come in the order of the
// indices, whoever finishes first. An exception's text becomes the `text` of a failure. `progress`
// is called here after each.
[[nodiscard]] std::vector<WorkerAnswer> run_forked(
    std::size_t count, std::size_t jobs, const std::function<std::string(std::size_t)>& work,
    const std::function<void(std::size_t done)>& progress = {});

}  // namespace headroom
