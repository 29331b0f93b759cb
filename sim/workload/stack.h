// The software that runs a step: what a framework does, as its published releases do it. Facts,
// each with its source in configs/stacks, no factors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/quantity.h"

namespace headroom {

// How gradients of data-parallel ranks are summed.
struct GradientReduction {
  double bytes = 4;      // of an element on the links: 4 (fp32) or 2
  bool overlaps = true;  // layer by layer behind the backward pass; else all of it after that
};

// How the sharded weights of a part come together (zero3).
struct WeightGathers {
  // One part ahead of its use, and kept until its pass is over; else the chip waits for each, and a
  // layer that is recomputed as a whole is gathered again before its own backward pass.
  bool ahead = true;
  // Of the host's thread for moving one rank's share of one tensor to its place behind the gather,
  // and of its gradient before it is scattered; 0: both in place.
  Seconds copy;
};

// How scores of attention are computed and used. The defaults are those of a step without a stack.
struct AttentionKernel {
  // One kernel that keeps scores on the chip (Dao et al. 2022); else three, which write the scores
  // to HBM and read them again, of masked blocks too, and keep them for the backward pass.
  bool fused = true;
  // Of a fused kernel. It multiplies with instructions of one warp, which reach
  // `matrix_engines.warp_rate` of the chip's rate.
  bool warp_instructions = false;
  // Softmax of some blocks runs beside the products of others (Shah et al. 2024, section 3.1); else
  // the arrays wait for it.
  bool softmax_overlaps = false;
  // The backward pass adds the gradient of queries, in fp32, to the chip-wide memory block by block
  // (Dao 2023, section 3.2), and waits for it.
  bool adds_query_gradients = false;
  // Of the rate that its instructions have, what its products were seen to reach, softmax and all
  // waits within; 0: as its blocks, warps and softmax cost. For kernels before FlashAttention 2.
  double forward_share = 0, backward_share = 0;
};

// Which work is one kernel. The defaults are those of a step without a stack.
struct Fusion {
  // Residual with norm, gate with activation, rotary embedding; else each operator of the framework
  // is a kernel that reads and writes HBM.
  bool elementwise = true;
  bool loss = true;  // cross-entropy out of two-byte logits, in one kernel either way
  // Clamps before gates, and biases behind the products of experts; else kernels of the framework.
  bool expert_bias = true;
  bool dispatch = true;   // tokens arrive in the order of experts; else a kernel sorts them
  bool scan = true;       // Mamba-2's; else as its authors' kernels, with states of chunks in HBM
  double scan_share = 1;  // of those kernels: of the rate that HBM and arithmetic allow, as seen
  // Of kernels that only stream, between products (element-wise chains, softmax, loss, casts,
  // moves; not the optimiser's): of the rate that HBM allows, as seen.
  double stream_share = 1;
};

// What kernels that exchange tokens with experts were seen to move, a chip and direction, by the
// chips of their group: the entry of the most chips that the group has counts. Empty: as the links.
struct ExchangeRates {
  std::vector<std::int64_t> ranks;  // ascending
  std::vector<BytesPerSecond> there, back;

  [[nodiscard]] bool empty() const { return ranks.empty(); }
  [[nodiscard]] BytesPerSecond of(std::int64_t chips, bool returns) const {
    std::size_t i = 0;
    while (i + 1 < ranks.size() && ranks[i + 1] <= chips) ++i;
    return returns ? back[i] : there[i];
  }
};

// What routed experts cost the host's thread beside one launch a kernel.
struct ExpertKernels {
  Seconds launch;  // of each kernel counted here; 0 where whole passes are recorded (graphs)
  bool each_expert = false;  // a product is a kernel for each expert, and so is its cast; else one
  double routing = 0;       // kernels beside those of the graph that route, count, sort, either way
  bool host_waits = false;  // for the number of tokens of each expert, in the forward pass
  bool one_copy = false;    // of a token to each chip that has some of its experts, else to each
                            // expert
  ExchangeRates exchange = {};
};

struct Stack {
  std::string id;  // file in configs/stacks; "": none, launches and the time between steps are free
  // Of the host's thread for one kernel or collective. The host runs ahead of the chip, which idles
  // when it has caught up; 0 where whole passes are launched at once (graphs, compiled programs).
  Seconds launch;
  // Between the optimiser of a step and the first kernel of the next one: data, logs, the wait for
  // the loss.
  Seconds between_steps;
  // Norms and residuals are split along the sequence between tensor-parallel ranks; else every rank
  // computes all of them and the gather and scatter of a half layer are one all-reduce.
  bool sequence_parallel = true;
  // Exchanges between tensor-parallel ranks in the backward pass hide behind the products beside
  // them; else the chip waits for each.
  bool tensor_overlap = true;
  GradientReduction gradients;
  WeightGathers gathers;
  AttentionKernel attention;
  Fusion fusion;
  ExpertKernels experts;
  // Times that the optimiser's kernels beside Adam read or write each gradient: norm, unscaling and
  // the look for infinities, clipping, zeroing.
  double gradient_passes = 0;
};

}  // namespace headroom
