#include <fmt/format.h>

#include <algorithm>

#include "sim/config/plan.h"

namespace headroom::config {
namespace {

void check_modelled(const Experiment& experiment, const Node& plan) {
  std::vector<std::string> formats;
  for (const auto& [format, rate] : experiment.chip.matrix.rate)
    formats.emplace_back(to_string(format));
  const Format format = experiment.plan.format;
  const Node given = bare(plan["format"]);
  const std::string name = in_quotes(to_string(format));
  if (experiment.chip.peak(format) == 0)
    given.fail(name, "a format of the chip's matrix engines: " + one_of(formats));
  // Two-byte formats hold everything, narrow ones the operands of linear layers beside bf16.
  const std::vector<Format> modelled{
      Format::bf16, Format::fp16, Format::fp8_e4m3, Format::mxfp8_e4m3, Format::nvfp4};
  if (std::find(modelled.begin(), modelled.end(), format) == modelled.end())
    given.fail(
        name,
        "bf16, fp16, fp8_e4m3, mxfp8_e4m3 or nvfp4: a step in another format is not modelled yet");
}

void check_placement(const Experiment& experiment, const Node& plan) {
  const std::vector<PlanDimension>& placement = experiment.plan.placement;
  const auto count = [&](PlanDimension dimension) {
    return std::count(placement.begin(), placement.end(), dimension);
  };
  // One chip a sequence is nowhere.
  const bool whole = experiment.plan.context == 1 && count(PlanDimension::context) == 0;
  if (count(PlanDimension::tensor) != 1 || count(PlanDimension::data) != 1 ||
      count(PlanDimension::pipeline) != 1 || (count(PlanDimension::context) != 1 && !whole))
    bare(plan["placement"])
        .expected("each of tensor, context, data and pipeline once, innermost first");
}

void check_recompute(const Experiment& experiment, const Node& plan) {
  const std::int64_t layers = experiment.plan.recompute_layers;
  if (layers > 0 && experiment.plan.recompute == Recompute::none)
    bare(plan["recompute_layers"])
        .fail(in_quotes(std::to_string(layers)), "0 beside recompute 'none'");
  if (experiment.plan.recompute_parts.empty() || experiment.plan.recompute == Recompute::selective)
    return;
  bare(plan["recompute_parts"])
      .fail("parts to compute again beside recompute " +
                in_quotes(to_string(experiment.plan.recompute)),
            "recompute: selective with it");
}

void check_shard_group(const Experiment& experiment, const Node& plan) {
  const Plan& p = experiment.plan;
  if (p.shard_group == 0) return;
  const Node given = bare(plan["shard_group"]);
  if (p.sharding == Sharding::none)
    given.fail(in_quotes(std::to_string(p.shard_group)), "0 beside sharding 'none'");
  if (p.replicas() % p.shard_group != 0)
    given.expected(fmt::format(
        "a divisor of data {}{}", p.data,
        p.context > 1 ? fmt::format(" x context {}", p.context) : ""));
  if (!p.replicas_are_neighbours())
    bare(plan["placement"]).expected("context next to data where plan.shard_group is not 0");
  if (experiment.model.experts.count > 0)
    given.expected("0: groups of experts that are copies are not modelled yet");
}

void check_offload(const Experiment& experiment, const Node& plan) {
  if (experiment.plan.offload == Offload::none) return;
  const Node given = bare(plan["offload"]);
  if (!experiment.cluster.host.is_described())
    given.fail(
        in_quotes(to_string(experiment.plan.offload)),
        fmt::format("none: cluster {} lacks host.memory_bandwidth, host.link or "
                    "host.optimizer_rate",
                    in_quotes(experiment.cluster.id)));
  if (experiment.plan.optimizer == Optimizer::muon)
    given.fail(in_quotes(to_string(experiment.plan.offload)),
               "none beside optimizer muon, whose products the host does not do");
}

void check_chips(const Experiment& experiment, const Node& plan) {
  const Plan& p = experiment.plan;
  const double product = static_cast<double>(p.data) * static_cast<double>(p.tensor) *
                         static_cast<double>(p.pipeline) * static_cast<double>(p.context);
  if (product != static_cast<double>(experiment.cluster.chips))
    plan.fail(fmt::format("data {} x tensor {} x pipeline {} x context {} = {:.0f} chips", p.data,
                          p.tensor, p.pipeline, p.context, product),
              fmt::format("the {} of cluster.chips", experiment.cluster.chips));
}

void check_tensor(const Experiment& experiment, const Node& plan) {
  const ModelDescription& model = experiment.model;
  bool attends = false, dense = false, scans = false;
  for (const LayerKind& kind : model.kinds()) {
    attends = attends || kind.mixer == Mixer::attention;
    scans = scans || kind.mixer == Mixer::mamba;
    dense = dense || kind.feed_forward == FeedForward::dense;
  }
  // One key-value head is on every rank (multi-query attention).
  const std::pair<std::int64_t, const char*> divided[] = {
      {attends ? model.heads : 0, "attention heads"},
      {attends && model.kv_heads > 1 ? model.kv_heads : 0, "key-value heads"},
      {model.hidden, "hidden features"},
      {dense ? model.ffn : 0, "feed-forward features"},
      {model.experts.shared_ffn, "features of shared experts"},
      {scans ? model.mamba.heads : 0, "Mamba heads"}};
  for (const auto& [number, what] : divided)
    if (number % experiment.plan.tensor != 0)
      bare(plan["tensor"]).expected(fmt::format("a divisor of the model's {} {}", number, what));
}

void check_expert_tensor(const Experiment& experiment, const Node& plan) {
  const Plan& p = experiment.plan;
  const std::int64_t given = p.expert_tensor;
  if (given != 0 && given != 1 && given != p.tensor)
    bare(plan["expert_tensor"]).expected(fmt::format("0, 1 or plan.tensor = {}", p.tensor));
  const std::int64_t split = given > 0 ? given : p.expert == 1 ? p.tensor : 1;
  if (experiment.model.experts.ffn % split != 0)
    bare(plan["expert_tensor"])
        .expected(
            fmt::format("a divisor of the {} features of an expert", experiment.model.experts.ffn));
  // Experts that are whole have their groups over tensor and then data.
  if (split > 1 || p.tensor == 1) return;
  if (p.expert % p.tensor != 0 && p.tensor % p.expert != 0)
    bare(plan["expert"])
        .expected(fmt::format("a divisor or a multiple of plan.tensor = {}", p.tensor));
  if (p.data * p.context > 1 && p.replica_stride() != p.stride(PlanDimension::tensor) * p.tensor)
    bare(plan["placement"])
        .expected("data next to tensor where plan.expert_tensor is 1 and plan.tensor is not");
}

void check_experts(const Experiment& experiment, const Node& plan) {
  const Plan& p = experiment.plan;
  const std::int64_t experts = experiment.model.experts.count;
  const Node given = bare(plan["expert"]);
  if (experts == 0) {
    if (p.expert > 1) given.expected("1: the model has no experts");
    return;
  }
  if (experts % p.expert != 0)
    given.expected(fmt::format("a divisor of the model's {} experts", experts));
  check_expert_tensor(experiment, plan);
  const std::int64_t split = p.expert_tensor > 0 ? p.expert_tensor : p.expert == 1 ? p.tensor : 1;
  const std::int64_t chips = p.replicas() * p.tensor / split;
  if (chips % p.expert != 0)
    given.expected(fmt::format(
        "a divisor of data {}{} x tensor {} / expert_tensor {}", p.data,
        p.context > 1 ? fmt::format(" x context {}", p.context) : "", p.tensor, split));
  if (p.expert > 1 && !p.replicas_are_neighbours())
    bare(plan["placement"]).expected("context next to data where plan.expert is above 1");
}

void check_batch(const Experiment& experiment, const Node& plan) {
  const Plan& p = experiment.plan;
  const Node global = bare(plan["global_batch"]);
  // Compared by division: the product of two hostile numbers may not fit.
  if (p.global_batch % p.data != 0 || p.global_batch / p.data % p.micro_batch != 0)
    global.expected(fmt::format("a multiple of data {} x micro_batch {}", p.data, p.micro_batch));
}

void check_pipeline(const Experiment& experiment, const Node& plan) {
  const Plan& p = experiment.plan;
  const Node chunks = bare(plan["virtual_pipeline"]);
  if (p.virtual_pipeline > 1 && p.pipeline == 1) chunks.expected("1 where plan.pipeline is 1");
  if (p.virtual_pipeline > 1 && p.micro_batches() % p.pipeline != 0)
    bare(plan["global_batch"])
        .fail(fmt::format("{} micro-batches per pipeline", p.micro_batches()),
              fmt::format("a multiple of plan.pipeline {} where plan.virtual_pipeline is above 1",
                          p.pipeline));
  // The first and the last chunk may hold only the embedding and the output head: 126 layers fill
  // 128 chunks.
  const std::int64_t most = experiment.model.layers + 2;
  if (p.pipeline > most / p.virtual_pipeline)
    bare(plan["pipeline"])
        .fail(fmt::format("{} stages x {} chunks", p.pipeline, p.virtual_pipeline),
              fmt::format(
                  "at most {} chunks: the model's {} layers, the embedding and the output head",
                  most, experiment.model.layers));
}

// Ring and gather deal each rank two pieces of a sequence, one from each end (zigzag), so that a
// causal mask leaves all of them the same work.
void check_context(const Experiment& experiment, const Node& plan) {
  const Plan& p = experiment.plan;
  if (p.context == 1) return;
  const ModelDescription& model = experiment.model;
  const Node given = bare(plan["context"]);
  bool windows = false;
  for (const LayerKind& kind : model.kinds()) {
    if (kind.mixer == Mixer::mamba)
      given.expected("1: Mamba layers over parts of a sequence are not modelled yet");
    windows = windows || kind.window > 0;
  }
  const bool whole_heads = p.context_method == ContextMethod::all_to_all;
  const std::int64_t pieces = whole_heads ? p.context : 2 * p.context;
  if (p.sequence % pieces != 0)
    bare(plan["sequence"])
        .expected(
            fmt::format("a multiple of {}plan.context = {}", whole_heads ? "" : "2 x ", pieces));
  if (whole_heads && model.heads / p.tensor % p.context != 0)
    given.expected(fmt::format(
        "a divisor of the {} attention heads of a tensor rank where plan.context_method is "
        "all_to_all",
        model.heads / p.tensor));
  if (p.context_method == ContextMethod::ring && windows)
    bare(plan["context_method"])
        .expected(
            "all_gather or all_to_all: the model's attention has windows, and a ring would "
            "pass keys that no query sees");
}

void check_dualpipe(const Plan& p, const Node& plan) {
  if (p.pipeline % 2 != 0)
    bare(plan["pipeline"]).expected("an even number where plan.schedule is dualpipe");
  if (p.micro_batches() % 2 != 0 || p.micro_batches() < 2 * p.pipeline)
    bare(plan["global_batch"])
        .fail(fmt::format("{} micro-batches per pipeline", p.micro_batches()),
              fmt::format("an even number from 2 x plan.pipeline = {} on where plan.schedule is "
                          "dualpipe",
                          2 * p.pipeline));
  if (p.sharding >= Sharding::zero2)
    bare(plan["sharding"])
        .expected(
            "none or zero1 where plan.schedule is dualpipe: gradients stay until both "
            "directions have theirs");
}

void check_schedule(const Experiment& experiment, const Node& plan) {
  const Plan& p = experiment.plan;
  const std::string name(to_string(p.schedule));
  if (p.schedule == Schedule::interleaved && p.virtual_pipeline == 1)
    bare(plan["virtual_pipeline"]).expected("above 1 where plan.schedule is interleaved");
  if (p.schedule != Schedule::zb_h1 && p.schedule != Schedule::dualpipe) return;
  if (p.pipeline == 1)
    bare(plan["schedule"]).expected("1f1b where plan.pipeline is 1: there is no bubble to fill");
  if (p.virtual_pipeline > 1)
    bare(plan["virtual_pipeline"]).expected("1 where plan.schedule is " + name);
  if (p.schedule == Schedule::dualpipe) check_dualpipe(p, plan);
}

void warn_of_long_sequence(Experiment& experiment, const Node& plan) {
  const std::int64_t most = experiment.model.max_positions;
  if (most == 0 || experiment.plan.sequence <= most) return;
  const Position& at = bare(plan["sequence"]).position();
  experiment.warnings.push_back(fmt::format(
      "{}:{}:{}: plan.sequence: {} tokens are more than the {} positions of {}", at.file, at.line,
      at.column, experiment.plan.sequence, most, experiment.model.id));
}

}  // namespace

void check_plan(Experiment& experiment, const Node& plan) {
  check_modelled(experiment, plan);
  check_placement(experiment, plan);
  check_recompute(experiment, plan);
  check_shard_group(experiment, plan);
  check_offload(experiment, plan);
  check_chips(experiment, plan);
  check_tensor(experiment, plan);
  check_experts(experiment, plan);
  check_batch(experiment, plan);
  check_pipeline(experiment, plan);
  check_schedule(experiment, plan);
  check_context(experiment, plan);
  warn_of_long_sequence(experiment, plan);
}

}  // namespace headroom::config
