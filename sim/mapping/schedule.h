// In which order a pipeline rank works on its micro-batches, and which pieces of the model it has.
//
//   1f1b      one forward, one backward (Narayanan et al. 2021, section 2.2); in chunks
//             (interleaved) where virtual_pipeline is above 1
//   zb_h1     the backward pass in two: gradients of inputs (B), on which the stage before waits,
//             and of weights (W), which fill what would be bubble (Qi et al. 2023, section 2)
//   dualpipe  micro-batches enter at both ends, each rank has the stages r and p - 1 - r, and a
//             forward pass of one direction runs together with a backward pass of the other
//             (DeepSeek-V3 technical report, section 3.2.1)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/config/experiment.h"

namespace headroom {

enum class PassKind {
  forward,
  backward,         // gradients of inputs and weights
  input_gradient,   // B
  weight_gradient,  // W
  both,             // a forward pass, and a backward pass of another chunk, overlapped
};

// One entry of a rank's schedule. Chunks are those of the rank, 0 … chunks_of_rank() - 1.
struct Pass {
  PassKind kind = PassKind::forward;
  std::int64_t chunk = 0, micro_batch = 0;            // both: of the forward pass
  std::int64_t back_chunk = 0, back_micro_batch = 0;  // both: of the backward pass

  [[nodiscard]] bool goes_forward() const {
    return kind == PassKind::forward || kind == PassKind::both;
  }
  // Whether it yields the gradient that the stage before waits for.
  [[nodiscard]] bool goes_back() const {
    return kind == PassKind::backward || kind == PassKind::input_gradient || kind == PassKind::both;
  }
  // Whether it yields gradients of weights.
  [[nodiscard]] bool adds_gradients() const {
    return kind == PassKind::backward || kind == PassKind::weight_gradient ||
           kind == PassKind::both;
  }
  // The backward pass, or the part of one, of a pass that has it.
  [[nodiscard]] std::int64_t gradient_chunk() const {
    return kind == PassKind::both ? back_chunk : chunk;
  }
  [[nodiscard]] std::int64_t gradient_micro_batch() const {
    return kind == PassKind::both ? back_micro_batch : micro_batch;
  }
};

// For traces: "forward 3 chunk 1", and "forward" or "backward".
[[nodiscard]] std::string name_of(const Pass& pass, bool with_chunk);
[[nodiscard]] std::string category_of(const Pass& pass);

// Whether weight gradients have passes of their own.
[[nodiscard]] bool splits_backward(const Plan& plan);

// Pieces of the model on one rank, and in the whole pipeline (dualpipe: each on two ranks).
[[nodiscard]] std::int64_t chunks_of_rank(const Plan& plan);
[[nodiscard]] std::int64_t chunks_of_model(const Plan& plan);
// The place of a rank's chunk in the model, 0 … chunks_of_model() - 1.
[[nodiscard]] std::int64_t place_of(const Plan& plan, std::int64_t rank, std::int64_t chunk);
// The places of all chunks of a rank.
[[nodiscard]] std::vector<std::size_t> places_of(const Plan& plan, std::int64_t rank);
// The rank that has the piece at `place` as its chunk `chunk` (dualpipe: in that direction).
[[nodiscard]] std::int64_t rank_of(const Plan& plan, std::int64_t place, std::int64_t chunk);
// The micro-batches of a rank's chunk: all, or (dualpipe) those of its direction.
struct MicroBatches {
  std::int64_t first = 0, last = 0;  // both included
};
[[nodiscard]] MicroBatches micro_batches_of(const Plan& plan, std::int64_t chunk);

// The plan's schedule on a rank. Every pass of every micro-batch and chunk appears exactly once,
// and a chunk's gradients are complete with its last micro-batch.
[[nodiscard]] std::vector<Pass> schedule_of(const Plan& plan, std::int64_t rank);

// 1F1B, interleaved for virtual_pipeline > 1, where micro_batches must be a multiple of pipeline.
[[nodiscard]] std::vector<Pass> one_forward_one_backward(
    std::int64_t rank, std::int64_t pipeline, std::int64_t virtual_pipeline,
    std::int64_t micro_batches);
// ZB-H1: as many micro-batches in flight as in 1F1B; rank r is r weight gradients behind. For equal
// stages with T_F >= T_W and micro_batches >= pipeline its bubble is (p - 1)(T_F + T_B - T_W).
[[nodiscard]] std::vector<Pass> zero_bubble_h1(
    std::int64_t rank, std::int64_t pipeline, std::int64_t micro_batches);
// DualPipe for an even pipeline and an even number of micro-batches, at least two a rank. The first
// half of them enters at rank 0 (chunk 0 of each rank), the second at the last one (chunk 1).
[[nodiscard]] std::vector<Pass> dual_pipe(
    std::int64_t rank, std::int64_t pipeline, std::int64_t micro_batches);

// What a rank keeps for one micro-batch of each of its chunks, in bytes: from its forward pass on,
// and between the two halves of its backward pass.
struct KeptByChunk {
  double activations = 0, until_weights = 0;
};
// The most that a rank holds at once under a schedule; `kept`: by chunk.
[[nodiscard]] double most_held(
    const std::vector<Pass>& schedule, const std::vector<KeptByChunk>& kept);
// Largest number of chunk activations that a rank holds at once.
[[nodiscard]] std::int64_t most_in_flight(const std::vector<Pass>& schedule);

}  // namespace headroom
