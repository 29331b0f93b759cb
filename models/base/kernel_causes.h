// Where the time of one kernel went; the parts sum to the duration.
#pragma once

#include "models/base/quantity.h"

namespace headroom {

struct KernelTime {
  Seconds start, duration;
  Seconds matrix;             // matrix engines busy
  Seconds vector;             // vector units busy, matrix engines idle
  Seconds memory;             // neither: waiting for HBM
  Seconds overlapped_vector;  // vector units busy behind the matrix engines; not part of the sum
  Seconds taken;  // of `matrix`: more than the engines need, because collectives hold cores
};

}  // namespace headroom
