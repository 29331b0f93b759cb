#include "sim/config/plan.h"

namespace headroom::config {
namespace {

// Bounds that no real step reaches; products of two of them still fit an integer.
constexpr std::int64_t most_chips = 10'000'000;
constexpr std::int64_t most_work = 1'000'000'000;

}  // namespace

const Record<Plan>& plan_record() {
  static const auto record =
      Record<Plan>("how the step is divided; chips = data x tensor x pipeline x context")
          .optional("data", &Plan::data, integer(1, most_chips), "1", "data-parallel replicas")
          .optional("tensor", &Plan::tensor, integer(1, most_chips), "1",
                    "chips that share each layer's matrices")
          .optional("pipeline", &Plan::pipeline, integer(1, most_chips), "1",
                    "stages that share the layers")
          .optional("virtual_pipeline", &Plan::virtual_pipeline, integer(1, most_chips), "1",
                    "chunks of layers per stage (interleaved)")
          .optional(
              "schedule", &Plan::schedule, word_of<Schedule>(schedule_names), "1f1b",
              "of the pipeline's passes; 1f1b is interleaved where virtual_pipeline is above 1")
          .optional("context", &Plan::context, integer(1, most_chips), "1",
                    "chips that share each sequence")
          .optional(
              "context_method", &Plan::context_method, word_of<ContextMethod>(context_method_names),
              "ring", "how they get at one another's keys and values")
          .optional("expert", &Plan::expert, integer(1, most_chips), "1",
                    "chips of data x context x tensor that share the routed experts")
          .optional("expert_tensor", &Plan::expert_tensor, integer(0, most_chips), "0",
                    "chips that share each expert's matrices: 1 or tensor; 0: tensor where expert "
                    "is 1, else 1")
          .optional("expert_skew", &Plan::expert_skew, number({1, 1000}), "1",
                    "tokens of the busiest expert rank over the mean")
          .optional(
              "sharding", &Plan::sharding,
              word<Sharding>({{"none", Sharding::none},
                              {"zero1", Sharding::zero1},
                              {"zero2", Sharding::zero2},
                              {"zero3", Sharding::zero3}}),
              "none",
              "over data: optimiser (zero1), gradients too (zero2), weights too (zero3, FSDP)")
          .optional("shard_group", &Plan::shard_group, integer(0, most_chips), "0",
                    "replicas that share what the sharding divides, neighbours first, each group "
                    "a copy (hybrid sharding); 0: all")
          .optional("micro_batch", &Plan::micro_batch, integer(1, most_work), "1",
                    "sequences that a replica processes at once")
          .required(
              "global_batch", &Plan::global_batch, integer(1, most_work), "sequences per step")
          .required("sequence", &Plan::sequence, integer(1, most_work), "tokens per sequence")
          .optional(
              "recompute", &Plan::recompute,
              word<Recompute>({{"none", Recompute::none},
                               {"selective", Recompute::selective},
                               {"full", Recompute::full}}),
              "none", "activations that are computed again in the backward pass")
          .optional(
              "recompute_parts", &Plan::recompute_parts,
              list_of(word_of<LayerPart>(layer_part_names)), "[]",
              "of each layer, what selective computes again; []: norms and activation functions")
          .optional("recompute_layers", &Plan::recompute_layers, integer(0, most_work), "0",
                    "first layers of each chunk of a stage whose activations those are; 0: all")
          .optional(
              "placement", &Plan::placement, list_of(word_of<PlanDimension>(plan_dimension_names)),
              "[tensor, context, data, pipeline]",
              "order of the dimensions on the chips, innermost first")
          .optional("format", &Plan::format, word_of<Format>(format_names), "bf16",
                    "of the linear layers")
          .optional("optimizer", &Plan::optimizer, word_of<Optimizer>(optimizer_names), "adam",
                    "that updates the weights; muon: of matrices in layers, adamw of the rest")
          .optional("optimizer_state", &Plan::optimizer_state,
                    word_of<OptimizerState>(optimizer_state_names), "fp32",
                    "of moments; int8 is in blocks with a scale each")
          .optional("offload", &Plan::offload, word_of<Offload>(offload_names), "none",
                    "optimizer: its state is in the host's memory and its update is the host's");
  return record;
}

const Record<FidelityChoice>& fidelity_record() {
  const auto one = word<Fidelity>({{"cycle", Fidelity::cycle}});
  const auto two = word<Fidelity>({{"analytic", Fidelity::analytic}, {"cycle", Fidelity::cycle}});
  const auto three = word<Fidelity>(
      {{"analytic", Fidelity::analytic}, {"cycle", Fidelity::cycle}, {"rtl", Fidelity::rtl}});
  static const auto
      record = Record<FidelityChoice>("how each block is modelled")
                   .optional("matrix_engine", &FidelityChoice::matrix_engine, three, "cycle",
                             "of the matrix engines")
                   .optional("vector_unit", &FidelityChoice::vector_unit, one, "cycle",
                             "of the vector units")
                   .optional("hbm", &FidelityChoice::hbm, two, "cycle", "of the memory")
                   .optional(
                       "link", &FidelityChoice::link, two, "cycle", "of the links between chips");
  return record;
}

}  // namespace headroom::config
