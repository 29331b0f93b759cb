#include "sim/power/step_work.h"

#include <algorithm>

namespace headroom {

StepWork::StepWork(const ChipDescription& chip, Format format, double relative_toggles)
    : chip_(chip),
      format_(format),
      toggles_(relative_toggles),
      flops_a_cycle_(chip.peak(format) / chip.clock.nameplate.si()),
      moved_(traffic_of_large_product(chip, format)) {}

power::Work StepWork::operator()(const ChipWork& done, Seconds time, Hertz clock) const {
  power::Work work;
  work.time = time;
  work.cycles = time.si() * clock.si();
  work.products[format_] = done.flops / 2;
  work.engine_cycles = done.flops / flops_a_cycle_;
  work.relative_toggles = toggles_;
  work.operations = done.operations;
  work.links = chip_.scale_up.payload_bandwidth() * Seconds(std::min(done.collective_s, time.si()));
  const Bytes exchanged = work.links * 2.0;
  work.sram = Bytes(done.flops * moved_.sram_bytes);
  work.streamed = Bytes(done.streamed_bytes);
  work.hbm = Bytes(done.hbm_bytes) + exchanged;
  work.network = work.hbm;
  return work;
}

power::Work StepWork::busiest(Hertz clock, double toggles) const {
  ChipWork done;
  done.flops = clock.si() * flops_a_cycle_ * chip_.matrix.operand_supply;
  done.hbm_bytes = done.flops * moved_.hbm_bytes;
  power::Work work = (*this)(done, Seconds(1), clock);
  work.relative_toggles = toggles;
  return work;
}

}  // namespace headroom
