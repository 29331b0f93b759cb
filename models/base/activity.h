// Activity: books each instant of a kernel to exactly one cause while blocks start and stop being
// busy.
#pragma once

#include "models/base/kernel_time.h"

namespace headroom {

// Where the time of one kernel went; the parts sum to the duration.
struct KernelTime {
  Seconds start, duration;
  Seconds matrix;             // matrix engines busy
  Seconds vector;             // vector units busy, matrix engines idle
  Seconds memory;             // neither: waiting for HBM
  Seconds overlapped_vector;  // vector units busy behind the matrix engines; not part of the sum
};

class Activity {
 public:
  void begin_kernel();
  KernelTime end_kernel();

  void matrix_busy(bool busy) { settle(), matrix_busy_ = busy; }
  void vector_busy(bool busy) { settle(), vector_busy_ = busy; }

 private:
  void settle();

  KernelTime time_;
  Seconds since_;
  bool in_kernel_ = false, matrix_busy_ = false, vector_busy_ = false;
};

}  // namespace headroom
