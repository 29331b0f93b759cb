// A result that keeps every invariant: round numbers, so that a test can be checked by hand. 8
// chips of 1000 TFLOP/s peak, a step of 10 s of which 4 s are ideal.
#pragma once

#include "sim/report/causes.h"
#include "sim/report/result.h"
#include "sim/report/waterfall.h"

namespace headroom {

inline TimeBreakdown sample_time() {
  TimeBreakdown time;
  time.ideal_s = 4;
  time.clock_s = 0.5;
  time.shape_s = 1;
  time.memory_stall_s = 0.25;
  time.vector_s = 1.25;
  time.exposed_data_s = 2;
  time.optimizer_s = 0.5;
  time.host_s = 0.5;
  return time;
}

inline Result sample_result() {
  Result result;
  result.experiment = "sample";
  result.version = "0.1.0+abc";
  result.config_digest = "d1";
  result.fidelity = {"cycle", "cycle", "analytic", "cycle"};
  result.step = {10, 1'000'000, 3.2e16, 3.2e16};
  result.throughput = {100'000, 12'500, 400, 0.4, 0.4, 0.4, {}};
  result.time = sample_time();
  result.waterfall = make_waterfall(1e15, result.time, 4e14);
  result.overlapped = {1.5, 0.0123};
  result.memory = {80e9, 61.2e9, 2e9, 4e9, 12e9, 43.2e9};
  result.power.cap_w = 700;
  result.power.clock_nameplate_hz = 1.83e9;
  result.power.clock_matrix_hz = 1.6e9;
  result.not_modelled = {
      "power: no activity model yet", "time.straggler_s: equal chips are equally fast"};
  result.assumed = {
      "activations are kept in bf16 because the plan names no other format; the optimiser keeps "
      "three "
      "fp32 values a parameter (master weight, two moments)"};
  result.bound_by = largest_cause(result.time);
  result.setup.model = "llama3-8b";
  result.setup.chip = "h100-sxm";
  result.setup.cluster = "dgx";
  result.setup.chips = 8;
  result.setup.plan.data = 8;
  result.setup.plan.sharding = Sharding::zero3;
  result.setup.plan.global_batch = 128;
  result.setup.plan.sequence = 8192;
  result.simulation = {0.75, 123'456, 120e6};
  return result;
}

}  // namespace headroom
