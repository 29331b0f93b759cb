#include "sim/power/step_work.h"

#include <algorithm>

#include "sim/engine/product.h"

namespace headroom {
namespace {

constexpr std::int64_t large = 8192;  // rows, columns and depth of a large product

}  // namespace

StepWork::StepWork(const ChipDescription& chip, Format format, double relative_toggles)
    : chip_(chip),
      format_(format),
      toggles_(relative_toggles),
      flops_a_cycle_(chip.peak(format) / chip.clock.nameplate.si()) {
  ProductWork work;
  work.rows = {{large, 1}};
  work.n = work.k = large;
  work.operand_bytes = operand_bytes(format), work.result_bytes = result_bytes(format);
  const ProductRun run = map_product(chip, format, work, {}, Fidelity::analytic);
  const ProductFigures moved = figures(chip, format, run);
  sram_ = moved.sram.si() / work.flops();
  hbm_ = moved.hbm.si() / work.flops();
}

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
  work.sram = Bytes(done.flops * sram_);
  work.streamed = Bytes(done.streamed_bytes);
  work.hbm = Bytes(done.hbm_bytes) + exchanged;
  work.network = work.hbm;
  return work;
}

power::Work StepWork::busiest(Hertz clock, double toggles) const {
  ChipWork done;
  done.flops = clock.si() * flops_a_cycle_ * chip_.matrix.operand_supply;
  done.hbm_bytes = done.flops * hbm_;
  power::Work work = (*this)(done, Seconds(1), clock);
  work.relative_toggles = toggles;
  return work;
}

}  // namespace headroom
