#include "models/base/activity.h"

namespace headroom {

void Activity::begin_kernel() {
  time_ = {};
  time_.start = since_ = now();
  in_kernel_ = true;
}

KernelTime Activity::end_kernel() {
  settle();
  in_kernel_ = false;
  time_.duration = time_.matrix + time_.vector + time_.memory;
  return time_;
}

void Activity::settle() {
  const Seconds elapsed = now() - since_;
  since_ = now();
  if (!in_kernel_) return;
  if (matrix_busy_)
    time_.matrix += elapsed;
  else if (vector_busy_)
    time_.vector += elapsed;
  else
    time_.memory += elapsed;
  if (matrix_busy_ && vector_busy_) time_.overlapped_vector += elapsed;
}

}  // namespace headroom
