// Kernels: turns operators with shapes into what the chip executes, tile by tile. Pure functions of
// the chip's description and the cost of its matrix engines.
#pragma once

#include <string>
#include <vector>

#include "models/chip/kernel.h"
#include "sim/mapping/optimizer.h"
#include "sim/mapping/tiling.h"
#include "sim/workload/graph.h"
#include "sim/workload/stack.h"

namespace headroom {

enum class Direction { forward, backward };

// A format and what products cost in it.
struct Engines {
  Format format = Format::bf16;
  ArrayCycles search, array;
};

enum class Width { wide, narrow };

class KernelMapper {
 public:
  // Both cost products in `format`: `search` compares tilings and must be cheap, `array` has the
  // fidelity that was asked for and costs those that were chosen. The chip outlives the mapper.
  KernelMapper(const ChipDescription& chip, Format format, ArrayCycles search, ArrayCycles array,
               const AttentionKernel& attention = {}, const Fusion& fusion = {});
  // Linear layers in a narrow format: their operands are cast to it, all else stays as `wide` has
  // it. Nameplate FLOP/s of every kernel are the narrow format's.
  KernelMapper(const ChipDescription& chip, const Engines& wide, const Engines& narrow,
               const AttentionKernel& attention = {}, const Fusion& fusion = {});

  // `model_flops` < 0 means all of the product's FLOPs belong to the model.
  [[nodiscard]] Kernel product(const std::string& name, const Product& product,
                               double model_flops = -1, Width width = Width::wide) const;
  // Products alone or grouped (experts).
  [[nodiscard]] Kernel products(const std::string& name, const ProductWork& work,
                                double model_flops, Width width = Width::wide) const;
  // Whether there is a narrow format.
  [[nodiscard]] bool narrows() const { return narrow_.array != nullptr; }
  // Bytes from one place in HBM to another.
  [[nodiscard]] Kernel move(const std::string& name, double bytes) const;
  // Two-byte elements to the narrow format, as they lie and transposed, with their scales.
  [[nodiscard]] Kernel cast(const std::string& name, double elements) const;
  // One kernel if fused.
  [[nodiscard]] std::vector<Kernel> scan(const Operator& op, Direction direction) const;
  // If fused, one kernel and what its backward pass needs before and after it; else its products
  // and softmax.
  [[nodiscard]] std::vector<Kernel> attention(const Operator& op, Direction direction) const;
  // One kernel if fused, none if it is part of others.
  [[nodiscard]] std::vector<Kernel> elementwise(const Operator& op, Direction direction) const;
  // An update of `parameters`: reads the fp32 gradient, master weight and moments, writes the last
  // two and the weight; muon: without its iterations. `gradient_passes`: times that kernels around
  // it read or write each gradient.
  [[nodiscard]] Kernel update(Optimizer optimizer, OptimizerState state, double parameters,
                              double gradient_passes = 0) const;

 private:
  struct BlockCost;
  [[nodiscard]] bool fuses(const Operator& op) const;
  [[nodiscard]] std::int64_t square_block(const Operator& op) const;
  [[nodiscard]] BlockCost block_cost(const Operator& op, Direction direction) const;
  [[nodiscard]] Kernel fused_attention(const Operator& op, Direction direction) const;
  [[nodiscard]] std::vector<Kernel> around_query_gradients(const Operator& op) const;
  [[nodiscard]] std::vector<Kernel> separate_attention(
      const Operator& op, Direction direction) const;
  // At `share` of the rate that HBM allows.
  [[nodiscard]] Kernel stream(const std::string& name, Bytes read, Bytes written,
                              const struct VectorWork& work, double share) const;
  [[nodiscard]] Kernel stream(
      const std::string& name, Bytes read, Bytes written, const struct VectorWork& work) const {
    return stream(name, read, written, work, fusion_.stream_share);
  }

  const ChipDescription& chip_;
  Format format_;  // of the nameplate
  ArrayCycles search_, array_;
  AttentionKernel attention_;
  Fusion fusion_;
  Engines narrow_;  // without an array: nothing is cast
};

}  // namespace headroom
