// From what a chip did in a step to the energies that it took.
#pragma once

#include "sim/config/experiment.h"
#include "sim/power/model.h"
#include "sim/power/product.h"
#include "sim/report/chip_work.h"

namespace headroom {

class StepWork {
 public:
  // Products are in `format`, on data that toggles `relative_toggles` times as much as normal
  // random data; bytes through scratchpads are those of a large product. The chip outlives this.
  StepWork(const ChipDescription& chip, Format format, double relative_toggles = 1);

  // What `work` in `time` at `clock` is to the power model. Links carry what large messages do
  // while collectives run, which HBM reads before and takes after.
  [[nodiscard]] power::Work operator()(const ChipWork& work, Seconds time, Hertz clock) const;
  // A second in which all engines multiply data with `toggles`: nothing in a step draws more.
  [[nodiscard]] power::Work busiest(Hertz clock, double toggles) const;

 private:
  const ChipDescription& chip_;
  Format format_;
  double toggles_, flops_a_cycle_;
  ProductTraffic moved_;
};

}  // namespace headroom
