// The software that runs a step: what a framework does, as its published releases do it. Facts,
// each with its source in configs/stacks, no factors.
#pragma once

#include <string>

#include "models/base/quantity.h"

namespace headroom {

// How gradients of data-parallel ranks are summed.
struct GradientReduction {
  double bytes = 4;      // of an element on the links: 4 (fp32) or 2
  bool overlaps = true;  // layer by layer behind the backward pass; else all of it after that
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

// Which element-wise work is one kernel. The defaults are those of a step without a stack.
struct Fusion {
  // Residual with norm, gate with activation, rotary embedding; else each operator of the framework
  // is a kernel that reads and writes HBM.
  bool elementwise = true;
  bool loss = true;  // cross-entropy out of two-byte logits, in one kernel either way
};

// What routed experts cost the host's thread beside one launch a kernel.
struct ExpertKernels {
  Seconds launch;  // of each kernel counted here; 0 where whole passes are recorded (graphs)
  bool each_expert = false;  // a product is a kernel for each expert, and so is its cast; else one
  double routing = 0;       // kernels beside those of the graph that route, count, sort, either way
  bool host_waits = false;  // for the number of tokens of each expert, in the forward pass
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
  AttentionKernel attention;
  Fusion fusion;
  ExpertKernels experts;
  // Times that the optimiser's kernels beside Adam read or write each gradient: norm, unscaling and
  // the look for infinities, clipping, zeroing.
  double gradient_passes = 0;
};

}  // namespace headroom
