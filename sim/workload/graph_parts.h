// The parts that the files of the graph build layers from. Private to sim/workload.
#pragma once

#include <string>
#include <vector>

#include "sim/workload/graph.h"
#include "sim/workload/precision.h"

namespace headroom::graph {

// Operations per element of the fused element-wise kernels, counted from their definitions
// (multiply-add = 1).
inline constexpr double norm_operations = 6;     // two moments, normalise, scale, residual add
inline constexpr double rotary_operations = 3;   // two multiply-adds and the pair swap
inline constexpr double gated_operations = 4;    // SiLU and product
inline constexpr double gelu_operations = 8;     // tanh form
inline constexpr double loss_operations = 4;     // max, subtract, sum, pick
inline constexpr double dropout_operations = 2;  // random number, select and scale
inline constexpr double softmax_operations = 4;  // max, subtract, sum, divide

[[nodiscard]] inline double as_double(std::int64_t value) { return static_cast<double>(value); }

// What one chip of the tensor group has.
struct Sizes {
  std::int64_t tokens, shard_tokens, heads, kv_heads, ffn;
  double hidden;
};
[[nodiscard]] Sizes sizes_of(const ModelDescription& model, const GraphShape& shape);

using Operators = std::vector<Operator>;

// Says of the operators from `first` on that they belong to `part`.
void mark(Operators& ops, std::size_t first, LayerPart part);
// Says of the products of a layer with weights, one after another, which are second, fourth …: what
// torchtitan's selective recomputation by operators does again (github:pytorch/torchtitan
// torchtitan/parallelisms/parallelize_llama.py, _get_custom_policy). Products of routed experts do
// not count.
void mark_alternates(Operators& ops);

[[nodiscard]] Operator linear(
    const std::string& name, std::int64_t tokens, std::int64_t inputs, std::int64_t outputs);
// A product on this rank's shard of the sequence, its weight whole on every tensor rank. Without
// sequence parallelism all ranks do it for all tokens, which the model needs once.
[[nodiscard]] Operator shard_linear(
    const std::string& name, const Sizes& size, const GraphShape& shape, std::int64_t inputs,
    std::int64_t outputs);
[[nodiscard]] Operator elementwise(
    const std::string& name, std::int64_t tokens, double reads, double writes, double operations);
// Residual add and norm on the sequence shard. The residual is kept; the normalised output, which
// the next linear layer needs for its weight gradient, is cheap to compute again.
[[nodiscard]] Operator residual_norm(const std::string& name, const Sizes& size);
// Gathers or scatters `width` features of `tokens` over the tensor group, if there is one.
void add_exchange(Operators& ops, const GraphShape& shape, const std::string& name,
                  OperatorKind kind, std::int64_t tokens, std::int64_t width);
// The activation between the products of a feed-forward layer of `width` columns on this chip.
[[nodiscard]] Operator activation(const std::string& name, const ModelDescription& model,
                                  std::int64_t tokens, std::int64_t width);
void add_dropout(Operators& ops, const ModelDescription& model, const Sizes& size,
                 const std::string& name);

// From the normalised input to the attention's part of the residual; without its norm and, for
// parallel layers, without the exchange behind it.
void add_attention(Operators& ops, const ModelDescription& model, const LayerKind& kind,
                   const GraphShape& shape);
void add_cross_attention(Operators& ops, const ModelDescription& model, const GraphShape& shape);
void add_mamba(Operators& ops, const ModelDescription& model, const GraphShape& shape);
void add_dense(Operators& ops, const ModelDescription& model, const GraphShape& shape);
void add_experts(Operators& ops, const ModelDescription& model, const GraphShape& shape);

}  // namespace headroom::graph
