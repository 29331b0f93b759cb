// Activity: books each instant of a kernel to exactly one cause while blocks start and stop being
// busy.
#pragma once

#include "models/base/kernel_causes.h"
#include "models/base/kernel_time.h"

namespace headroom {

class Activity {
 public:
  void begin_kernel();
  KernelTime end_kernel();

  void matrix_busy(bool busy) { settle(), matrix_busy_ = busy; }
  void vector_busy(bool busy) { settle(), vector_busy_ = busy; }

  // Collectives that move data with cores of the chip hold a share of them, [0, 1), from now on.
  void hold(double share) { held_ = share; }
  // What work that starts now takes, times this.
  [[nodiscard]] double slowdown() const { return 1 / (1 - held_); }
  // The matrix engines take this much longer for a tile.
  void take(Seconds more) { time_.taken += more; }

 private:
  void settle();

  KernelTime time_;
  Seconds since_;
  double held_ = 0;
  bool in_kernel_ = false, matrix_busy_ = false, vector_busy_ = false;
};

}  // namespace headroom
