#include "sim/engine/summary.h"

#include <algorithm>
#include <cmath>

#include "sim/engine/goodput.h"
#include "sim/engine/limits.h"
#include "sim/mapping/memory.h"
#include "sim/mapping/optimizer.h"
#include "sim/report/causes.h"
#include "sim/report/waterfall.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

// One chip's step, averaged over the pipeline's stages: each of them has the same number of chips.
struct Average {
  Times times;
  double model_flops = 0, recompute_flops = 0, vector_s = 0;
  ChipWork work, busiest;
};

Average average_stage(const Step& step) {
  Average average;
  const double share = 1.0 / static_cast<double>(step.stages().size());
  for (std::size_t rank = 0; rank < step.stages().size(); ++rank) {
    Times times = step.stages()[rank].times;
    // A stage that is done early waits for the end of the step; the last one does so by rounding
    // only.
    times[StepCause::bubble] += std::max(0.0, step.duration_s() - times.total());
    average.times.add(times, share);
    ChipWork work = step.optimizer(rank).work;
    work.collective_s = step.stages()[rank].sending_s;
    for (const StageWork::ChunkWork& chunk : step.work(rank).chunks)
      for (const double gather : chunk.gathers) work.collective_s += gather;
    for (const StageWork::Turn& turn : step.work(rank).schedule) {
      const PassResult& result = step.pass(turn, rank);
      average.model_flops += share * result.model_flops;
      average.recompute_flops += share * result.recompute_flops;
      average.vector_s += share * result.overlapped_vector_s;
      work.add(result.work);
    }
    average.work.add(work, share);
    if (work.flops > average.busiest.flops) average.busiest = work;
  }
  return average;
}

TimeBreakdown breakdown(const Times& times, const Plan& plan, const ChipDescription& chip) {
  TimeBreakdown time;
  time.ideal_s = times[StepCause::ideal];
  // Where no clock under the power cap is published, the power limit is not modelled.
  if (chip.clock.sustained_measured) time.clock_s = times[StepCause::clock];
  time.shape_s = times[StepCause::shape];
  // Without a measured supply only ports that bind are modelled.
  if (chip.matrix.operand_supply < 1 || times[StepCause::on_chip] > 0)
    time.on_chip_stall_s = times[StepCause::on_chip];
  time.memory_stall_s = times[StepCause::memory];
  time.vector_s = times[StepCause::vector];
  time.recompute_s = times[StepCause::recompute];
  time.exposed_tensor_s = times[StepCause::tensor];
  time.exposed_pipeline_s = times[StepCause::pipeline];
  time.exposed_data_s = times[StepCause::data];
  if (plan.context > 1) time.exposed_context_s = times[StepCause::context];
  time.bubble_s = times[StepCause::bubble];
  time.optimizer_s = times[StepCause::optimizer];
  time.host_s = times[StepCause::host];
  return time;
}

// What the optimiser keeps of every parameter once, with the two-byte weights.
Bytes checkpoint_of(const Experiment& experiment) {
  const Plan& plan = experiment.plan;
  const ModelDescription& model = experiment.model;
  const auto kept = [&](Optimizer optimizer, std::int64_t parameters) {
    return static_cast<double>(parameters) *
           (weight_bytes + update_cost(optimizer, plan.optimizer_state).state_bytes);
  };
  const std::int64_t ends = model.embedding_parameters() + model.other_parameters +
                            model.head_parameters() + model.prediction_parameters();
  if (plan.optimizer != Optimizer::muon) return Bytes(kept(plan.optimizer, model.parameters()));
  return Bytes(kept(Optimizer::muon, model.parameters() - ends) + kept(Optimizer::adamw, ends));
}

}  // namespace

Result summarise(const Experiment& experiment, const Step& step) {
  const Average average = average_stage(step);
  const double chips = static_cast<double>(experiment.cluster.chips);
  const double peak = experiment.chip.peak(experiment.plan.format);
  const Reliability& reliability = experiment.reliability;
  // All chips wait for the slowest one in every step.
  const double straggler = reliability.step_spread * step.duration_s() * expected_maximum(chips);
  const double duration = step.duration_s() + straggler;

  Result result;
  result.time = breakdown(average.times, experiment.plan, experiment.chip);
  if (reliability.step_spread > 0) result.time.straggler_s = straggler;
  result.step.time_s = duration;
  result.step.tokens = static_cast<double>(experiment.plan.global_batch) *
                       static_cast<double>(experiment.plan.sequence);
  result.step.model_flops = average.model_flops * chips;
  result.step.hardware_flops = (average.model_flops + average.recompute_flops) * chips;
  auto& throughput = result.throughput;
  throughput.tokens_per_s = result.step.tokens / duration;
  throughput.tokens_per_s_per_chip = throughput.tokens_per_s / chips;
  throughput.model_tflops_per_chip = average.model_flops / duration / 1e12;
  throughput.mfu = average.model_flops / (peak * duration);
  throughput.mfu_bf16 = average.model_flops / (experiment.chip.peak(Format::bf16) * duration);
  throughput.hfu = (average.model_flops + average.recompute_flops) / (peak * duration);
  if (reliability.chip_mtbf > Seconds(0))
    throughput
        .goodput = goodput(reliability, experiment.cluster.chips, checkpoint_of(experiment)).share;
  result.waterfall = make_waterfall(
      peak, result.time, average.model_flops / duration, throughput.goodput);
  result.bound_by = largest_cause(result.time);

  // What of the time of collectives and messages nothing waited for.
  const double exposed = average.times[StepCause::tensor] + average.times[StepCause::data] +
                         average.times[StepCause::pipeline] + average.times[StepCause::context];
  result.overlapped.communication_s = std::max(0.0, average.work.collective_s - exposed);
  result.overlapped.vector_s = average.vector_s;

  const MemoryNeed need = peak_memory(experiment);
  result.memory = {
      experiment.chip.hbm.capacity.si(),
      need.total(),
      need.weights_bytes,
      need.gradients_bytes,
      need.optimizer_bytes,
      need.activations_bytes};
  result.power.cap_w = experiment.chip.power_cap.si();
  result.power.clock_nameplate_hz = experiment.chip.clock.nameplate.si();
  result.power.clock_matrix_hz = experiment.chip.clock.sustained_matmul.si();
  result.work = average.work;
  result.busiest = average.busiest;
  result.simulation.events = step.events();
  state_limits(result, experiment);
  return result;
}

}  // namespace headroom
