#include "sim/config/stack.h"

#include <algorithm>
#include <string>

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

const Record<WeightGathers>& gathers_record() {
  using G = WeightGathers;
  static const auto
      record = Record<G>("how sharded weights come together (zero3)")
                   .optional("ahead", &G::ahead, boolean(), "true",
                             "one layer ahead of their use; else the chip waits for each")
                   .optional("copy", &G::copy, quantity<Seconds>(not_negative), "0 s",
                             "of the host's thread to place one rank's share of one tensor");
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
  static const auto record =
      Record<Fusion>("which work is one kernel")
          .optional("elementwise", &Fusion::elementwise, boolean(), "true",
                    "residual and norm, gate and activation, rotary embedding")
          .optional(
              "loss", &Fusion::loss, boolean(), "true", "cross-entropy out of two-byte logits")
          .optional("expert_bias", &Fusion::expert_bias, boolean(), "true",
                    "clamps before gates, biases behind the products of experts")
          .optional("dispatch", &Fusion::dispatch, boolean(), "true",
                    "with the order of experts; else a kernel sorts the tokens")
          .optional("scan", &Fusion::scan, boolean(), "true",
                    "Mamba-2's; else the states of its chunks pass HBM")
          .optional(
              "scan_share", &Fusion::scan_share, number({0.01, 1}), "1",
              "of the rate that HBM and arithmetic allow, what its kernels were seen to reach")
          .optional(
              "stream_share", &Fusion::stream_share, number({0.01, 1}), "1",
              "of HBM's rate, what kernels that only stream were seen to reach, the optimiser's "
              "apart");
  return record;
}

const Record<ExchangeRates>& exchange_record() {
  using E = ExchangeRates;
  static const auto
      record = Record<E>("what exchanges with experts move")
                   .optional(
                       "ranks", &E::ranks, list_of(integer(1, 1'000'000)), "[]",
                       "chips of a group, ascending; the entry of the most that it has counts")
                   .optional("there", &E::there, list_of(quantity<BytesPerSecond>()), "[]",
                             "a chip, to the experts")
                   .optional("back", &E::back, list_of(quantity<BytesPerSecond>()), "[]",
                             "a chip, from them");
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
                   .optional("one_copy", &E::one_copy, boolean(), "false",
                             "of a token to each chip with some of its experts")
                   .group("exchange", &E::exchange, exchange_record())
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
          .group("gathers", &Stack::gathers, gathers_record())
          .group("attention", &Stack::attention, attention_record())
          .group("fusion", &Stack::fusion, fusion_record())
          .group("experts", &Stack::experts, experts_record())
          .required("gradient_passes", &Stack::gradient_passes, number({0, 20}),
                    "reads and writes of each gradient by the optimiser beside Adam");
  return record;
}

Stack read_stack(const Node& name, const ConfigPaths& paths,
                 const std::vector<std::string>& assignments) {
  Stack stack;
  const Node given = bare(name);
  if (!given.exists() || text().read(given) == "none") return stack;
  const std::filesystem::path file = paths.resolve(given, "stacks", "stack");
  Node document = Node::load(file);
  for (const std::string& assignment : assignments) document = set(document, assignment);
  stack_record().read_into(document, stack);
  const ExchangeRates& rates = stack.experts.exchange;
  if (rates.there.size() != rates.ranks.size() || rates.back.size() != rates.ranks.size() ||
      !std::is_sorted(rates.ranks.begin(), rates.ranks.end()))
    document["experts"]["exchange"].fail(
        std::to_string(rates.ranks.size()) + " ranks, " + std::to_string(rates.there.size()) +
            " rates there and " + std::to_string(rates.back.size()) + " back",
        "as many of each, with ascending ranks");
  stack.id = file.stem().string();
  return stack;
}

}  // namespace headroom::config
