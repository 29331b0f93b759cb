#include "sim/engine/limits.h"

#include <fmt/format.h>

#include "models/hbm/bandwidth.h"
#include "sim/mapping/product_work.h"

namespace headroom {

namespace {

constexpr const char* host_limit =
    "time.host_s: no stack is named: launches are free and steps follow one another at once, only "
    "the gaps between kernels count; small and unfused runs come out too fast";

constexpr const char* expert_limit =
    "time.exposed_communication_s.expert: what experts exchange is booked with the tensor group";

std::string attention_words(const AttentionKernel& attention) {
  if (!attention.fused)
    return "attention: its products and softmax are kernels of their own; all scores pass HBM and "
           "are kept, masked ones too";
  return fmt::format(
      "attention: one fused kernel; causal blocks above the diagonal are skipped; softmax {} its "
      "products{}{}",
      attention.softmax_overlaps ? "overlaps" : "does not overlap",
      attention.warp_instructions ? ", which run at matrix_engines.warp_rate" : "",
      attention.adds_query_gradients
          ? "; gradients of queries are added in the chip-wide memory"
          : "");
}

std::string fusion_words(const Fusion& fusion) {
  return fmt::format(
      "element-wise chains between products are {}; the loss is {}",
      fusion.elementwise ? "one kernel each" : "a kernel for each operator of the framework",
      fusion.loss ? "one kernel" : "several kernels over fp32 logits");
}

void state_schedule(Result& result, const Plan& plan) {
  if (plan.pipeline == 1) return;
  result.assumed.emplace_back(
      "a stage's message is on its way beside its next pass, whose collectives it shares links "
      "with");
  if (plan.schedule == Schedule::zb_h1)
    result.assumed.emplace_back(
        "zb_h1: gradients of weights, and their reduction, are passes of their own; what they read "
        "is kept until then");
  if (plan.schedule == Schedule::dualpipe)
    result.assumed.emplace_back(
        "dualpipe: where a forward or a backward pass waits for a collective, the other one goes "
        "on; both copies of a stage sum their gradients behind the last pass, and each is updated");
}

void state_context(Result& result, const Plan& plan) {
  if (plan.context == 1) return;
  static constexpr const char* methods[] = {
      "blocks of keys and values go round a ring beside the kernels; each rank has a piece of the "
      "sequence from either end",
      "keys and values are gathered before attention, and again for the backward pass; each rank "
      "has a piece of the sequence from either end",
      "attention has whole sequences of some heads, exchanged all to all before and after it"};
  result.assumed.push_back(fmt::format(
      "context {}: {}", to_string(plan.context_method),
      methods[static_cast<std::size_t>(plan.context_method)]));
}

std::string optimizer_words(const Plan& plan) {
  const std::string moments = plan.optimizer_state == OptimizerState::fp32
                                  ? ""
                                  : fmt::format(" in {}", to_string(plan.optimizer_state));
  switch (plan.optimizer) {
    case Optimizer::adam:
    case Optimizer::adamw:
      return fmt::format("{} keeps fp32 master weights and two moments{}; weights are two bytes",
                         plan.optimizer == Optimizer::adam ? "Adam" : "AdamW", moments);
    case Optimizer::sgd:
      return fmt::format(
          "SGD keeps fp32 master weights and a momentum{}; weights are two bytes", moments);
    case Optimizer::muon: break;
  }
  return fmt::format(
      "Muon keeps fp32 master weights and a momentum{} of layers, AdamW two moments of the "
      "embedding and the head; each matrix is worked on whole, in two bytes, by one of the chips "
      "that share it; projections that are one product are one matrix; weights are two bytes",
      moments);
}

}  // namespace

void state_limits(Result& result, const Experiment& experiment) {
  result.not_modelled = {
      expert_limit,
      "power.chip_w: power is not modelled yet; the matrix clock is the one measured under the cap",
      "power.clock_hz.average: power is not modelled yet",
      "power.energy_per_token_j: power is not modelled yet",
      "power.breakdown_w: power is not modelled yet",
      "die.area_mm2: the die is not modelled yet",
      "die.yield: the die is not modelled yet",
      "die.cost_usd: the die is not modelled yet",
      "cost.usd_per_million_tokens: cost is not modelled yet",
  };
  if (!result.time.exposed_context_s)
    result.not_modelled.emplace_back(
        "time.exposed_communication_s.context: no sequence is shared (plan.context is 1)");
  if (!result.time.straggler_s)
    result.not_modelled.emplace_back(
        "time.straggler_s: chips of one role are equal (no reliability.step_spread)");
  if (!result.throughput.goodput)
    result.not_modelled.emplace_back(
        "throughput.goodput: no chip fails (no reliability.chip_mtbf)");
  const auto state_first = [&](const char* limit) {
    result.not_modelled.insert(result.not_modelled.begin(), limit);
  };
  const Stack& stack = experiment.stack;
  if (stack.id.empty()) state_first(host_limit);
  if (!result.time.on_chip_stall_s)
    state_first(
        "time.on_chip_stall_s: no measurement of large products is published for this chip");
  if (!result.time.clock_s)
    state_first(
        "time.clock_s: no clock under load is published for this chip; it runs at the nameplate's");
  result.assumed = {
      attention_words(stack.attention),
      fusion_words(stack.fusion),
      fmt::format(
          "gradients are reduced in {} bytes an element, {} the last backward pass (zero2, "
          "zero3: every one)",
          stack.gradients.bytes,
          stack.gradients.overlaps ? "layer by layer, behind" : "all of them, after"),
      optimizer_words(experiment.plan),
  };
  if (experiment.plan.offload == Offload::optimizer)
    result.assumed.push_back(fmt::format(
        "the optimiser's state is in the host's memory, whose processors update {:.2f} G "
        "parameters a "
        "second for each chip; gradients go there behind the backward pass, weights come back "
        "behind "
        "the update",
        experiment.cluster.host.optimizer_rate / 1e9));
  if (is_measured(experiment.chip.hbm))
    result.assumed.emplace_back(
        "HBM is modelled at the streaming level: rates by share of loads, measured with the "
        "per-burst model on two channels");
  const Plan& plan = experiment.plan;
  if (operand_bytes(plan.format) < 2)
    result.assumed.emplace_back(fmt::format(
        "linear layers take their operands in {}, cast in kernels of their own and kept transposed "
        "too; attention, router and output head stay in bf16, and what they take longer for that "
        "is in time.shape_s; memory and links hold two bytes an element",
        to_string(plan.format)));
  if (plan.tensor > 1)
    result.assumed.emplace_back(
        stack.sequence_parallel
            ? "tensor parallelism includes sequence parallelism (norms and residuals are split)"
            : "tensor-parallel ranks repeat norms and residuals (no sequence parallelism)");
  if (!stack.id.empty())
    result.assumed.push_back(fmt::format(
        "stack {}: the host takes {} us for a launch, {} ms between steps", stack.id,
        1e6 * experiment.on_host(stack.launch).si(), 1e3 * stack.between_steps.si()));
  state_schedule(result, plan);
  state_context(result, plan);
  if (plan.sharding != Sharding::none && plan.replicas() > 1)
    result.assumed.emplace_back(
        plan.sharding == Sharding::zero3
            ? "sharded weights are gathered one layer ahead of their use"
            : "updated weights are gathered behind the first forward pass");
  if (plan.recompute == Recompute::selective && plan.recompute_parts.empty())
    result.assumed.emplace_back(
        "selective recomputation redoes norms and activation functions and keeps all products");
}

}  // namespace headroom
