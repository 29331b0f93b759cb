// What failures and unequal chips take from a long run: closed forms.
#pragma once

#include <cstdint>

#include "models/base/quantity.h"
#include "sim/config/experiment.h"

namespace headroom {

struct Goodput {
  double share = 1;           // of the time in which steps are made that last
  Seconds interval;           // of work between two checkpoints
  Seconds checkpoint;         // to write one, and to read it back
  Seconds time_to_interrupt;  // mean, of all chips together
};

// Failures come at random (exponentially), during restarts too; each costs the work since the
// latest checkpoint, the restart and the checkpoint's reading. Expected time of an interval of work
// t with its checkpoint d on a machine with a mean time to interrupt M and restarts R (Daly 2006,
// "A higher order estimate of the optimum checkpoint interval for restart dumps", equation 20):
//   M e^(R / M) (e^((t + d) / M) - 1)
// Without an interval given, Daly's estimate of the best (equation 37). `state`: bytes of a
// checkpoint. Precondition: chip_mtbf > 0.
[[nodiscard]] Goodput goodput(const Reliability& reliability, std::int64_t chips, Bytes state);

// Expected largest of `count` independent standard normal values; count of at least 1. Gumbel's
// limit with the quantiles at 1 - 1/n and 1 - 1/(n e) (Gumbel 1958): at most 2.6 % too high, below
// 1 % from 100 values on; exact for one and two.
[[nodiscard]] double expected_maximum(double count);

}  // namespace headroom
