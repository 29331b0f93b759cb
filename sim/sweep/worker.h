// A process that works on points, as its parent sees it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/row.h"
#include "sim/sweep/sweep_file.h"

namespace headroom::sweep {

// Points [begin, end) of a space.
struct IndexRange {
  std::uint64_t begin = 0, end = 0;
};

// What a worker does with a point: its row, or nothing where that is known already.
using Work = std::function<std::optional<Row>(std::uint64_t index)>;

struct Finished {
  std::uint64_t index = 0;
  std::optional<Row> row;  // without cells
};

// Forks; the child works on what assign() gives it, in order, and ends with its parent, whatever
// ends that one.
class Worker {
 public:
  Worker(const Work& work, const Limits& limits);
  Worker(Worker&& other) noexcept;
  Worker& operator=(Worker&& other) noexcept;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();  // kills it, and what it forked

  // Precondition: nothing is left of what it was given before.
  void assign(IndexRange points, int attempt);
  [[nodiscard]] bool is_idle() const { return points_.begin == points_.end; }
  // What it has not sent back yet.
  [[nodiscard]] IndexRange left() const { return points_; }
  // How often the only point of its assignment was tried before; -1 where it was given several.
  [[nodiscard]] int attempt() const { return attempt_; }
  [[nodiscard]] int file() const { return results_; }
  // Time since it last sent something, or was given something.
  [[nodiscard]] std::chrono::duration<double> silence() const;
  [[nodiscard]] std::chrono::duration<double> last_took() const { return took_; }

  // Reads what is there; false where it has ended.
  [[nodiscard]] bool receive(std::vector<Finished>& finished);
  // Waits for its end: the signal that killed it, 0 where it ended by itself.
  [[nodiscard]] int end();

 private:
  pid_t process_ = 0;
  int commands_ = -1, results_ = -1;
  IndexRange points_;
  int attempt_ = -1;
  std::chrono::steady_clock::time_point heard_, given_;
  std::chrono::duration<double> took_{0};
  std::string received_;
};

}  // namespace headroom::sweep
