#include "sim/config/stack.h"

namespace headroom::config {
namespace {

const Record<GradientReduction>& gradients_record() {
  static const auto
      record = Record<GradientReduction>("how gradients are summed over data-parallel ranks")
                   .optional("bytes", &GradientReduction::bytes, number({2, 4}), "4",
                             "of an element on the links")
                   .optional("overlaps", &GradientReduction::overlaps, boolean(), "true",
                             "layer by layer behind the backward pass");
  return record;
}

const Record<AttentionKernel>& attention_record() {
  using A = AttentionKernel;
  static const auto
      record = Record<A>("how scores of attention are computed")
                   .optional("fused", &A::fused, boolean(), "true",
                             "one kernel that keeps the scores on the chip; else they pass HBM")
                   .optional("warp_instructions", &A::warp_instructions, boolean(), "false",
                             "the fused kernel's products run at matrix_engines.warp_rate")
                   .optional("softmax_overlaps", &A::softmax_overlaps, boolean(), "false",
                             "with the products of other blocks")
                   .optional("adds_query_gradients", &A::adds_query_gradients, boolean(), "false",
                             "to the chip-wide memory, in fp32, block by block")
                   .optional("forward_share", &A::forward_share, number({0, 1}), "0",
                             "of the matrix rate, all waits within, as seen; 0: computed")
                   .optional("backward_share", &A::backward_share, number({0, 1}), "0",
                             "the same of the backward kernel");
  return record;
}

const Record<Fusion>& fusion_record() {
  static const auto
      record = Record<Fusion>("which element-wise work is one kernel")
                   .optional("elementwise", &Fusion::elementwise, boolean(), "true",
                             "residual and norm, gate and activation, rotary embedding")
                   .optional("loss", &Fusion::loss, boolean(), "true",
                             "cross-entropy out of two-byte logits");
  return record;
}

const Record<ExpertKernels>& experts_record() {
  using E = ExpertKernels;
  static const auto
      record = Record<E>("what routed experts cost the host")
                   .optional("launch", &E::launch, quantity<Seconds>(not_negative), "0 s",
                             "of the host's thread for one of the kernels below")
                   .optional("each_expert", &E::each_expert, boolean(), "false",
                             "products and casts are a kernel for each expert of the chip")
                   .optional("routing", &E::routing, number({0, 1000}), "0",
                             "kernels that route, count and sort, a layer and direction")
                   .optional("host_waits", &E::host_waits, boolean(), "false",
                             "for the number of tokens of each expert");
  return record;
}

}  // namespace

const Record<Stack>& stack_record() {
  static const auto record =
      Record<Stack>("what a training framework does")
          .ignored("name", Json{{"type", "string"}})
          .required("launch", &Stack::launch, quantity<Seconds>(not_negative),
                    "of the host's thread for one kernel; 0: graphs or a compiled program")
          .required("between_steps", &Stack::between_steps, quantity<Seconds>(not_negative),
                    "from the optimiser to the first kernel of the next step")
          .required("sequence_parallel", &Stack::sequence_parallel, boolean(),
                    "norms and residuals are split between tensor-parallel ranks")
          .required("tensor_overlap", &Stack::tensor_overlap, boolean(),
                    "exchanges of the backward pass hide behind its weight gradients")
          .group("gradients", &Stack::gradients, gradients_record())
          .group("attention", &Stack::attention, attention_record())
          .group("fusion", &Stack::fusion, fusion_record())
          .group("experts", &Stack::experts, experts_record())
          .required("gradient_passes", &Stack::gradient_passes, number({0, 20}),
                    "reads and writes of each gradient by the optimiser beside Adam");
  return record;
}

Stack read_stack(const Node& name, const ConfigPaths& paths) {
  Stack stack;
  const Node given = bare(name);
  if (!given.exists() || text().read(given) == "none") return stack;
  const std::filesystem::path file = paths.resolve(given, "stacks", "stack");
  stack_record().read_into(Node::load(file), stack);
  stack.id = file.stem().string();
  return stack;
}

}  // namespace headroom::config
