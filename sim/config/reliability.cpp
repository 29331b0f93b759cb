#include "sim/config/reliability.h"

namespace headroom::config {

const Record<Reliability>& reliability_record() {
  static const auto record =
      Record<Reliability>("failures, checkpoints and chips of unequal speed")
          .optional(
              "chip_mtbf", &Reliability::chip_mtbf, quantity<Seconds>(not_negative), "0 s",
              "mean time between failures that stop the run, of one chip with its share of the "
              "rest; 0: none fail")
          .optional("restart", &Reliability::restart, quantity<Seconds>(not_negative), "0 s",
                    "from a failure to the checkpoint's being read: detection, replacement, start")
          .optional("checkpoint_bandwidth", &Reliability::checkpoint_bandwidth,
                    quantity<BytesPerSecond>(), "1 TB/s", "to storage, of the whole cluster")
          .optional("checkpoint_interval", &Reliability::checkpoint_interval,
                    quantity<Seconds>(not_negative), "0 s",
                    "of work between two checkpoints; 0: the best one")
          .optional("step_spread", &Reliability::step_spread, number({0, 1}), "0",
                    "standard deviation of the step times of single chips, over their mean");
  return record;
}

}  // namespace headroom::config
