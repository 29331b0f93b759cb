// Machine: a chip as programs see it. One kernel at a time, and streams of collectives that run
// beside it in order. Chip (chip.h) simulates it, AnalyticChip (analytic.h) computes it.
#pragma once

#include <cstddef>
#include <vector>

#include "models/base/kernel_causes.h"
#include "models/chip/kernel.h"
#include "models/network/collective.h"

namespace headroom {

class Machine {
 public:
  Machine() = default;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  virtual ~Machine() = default;

  [[nodiscard]] virtual Seconds time() const = 0;
  // Lets `duration` >= 0 pass.
  virtual void idle(Seconds duration) = 0;
  // Returns when the kernel's last tile is stored.
  virtual KernelTime run(const Kernel& kernel) = 0;

  // Queues an operation, which must stay until it is done, and returns at once.
  virtual void issue(std::size_t stream, const CollectiveOperation& operation) = 0;
  // Returns when at most `outstanding` operations of the stream are queued or running.
  virtual void wait_until(std::size_t stream, std::size_t outstanding) = 0;
  [[nodiscard]] virtual std::size_t outstanding(std::size_t stream) const = 0;
  // How long the operation that is running has been at it; 0 where none is.
  [[nodiscard]] virtual Seconds age(std::size_t stream) const = 0;
  // Time in which an operation of the stream ran.
  [[nodiscard]] virtual Seconds busy(std::size_t stream) const = 0;
  // Spans of operations that ended since the last call.
  [[nodiscard]] virtual std::vector<CollectiveSpan> take_spans(std::size_t stream) = 0;
};

}  // namespace headroom
