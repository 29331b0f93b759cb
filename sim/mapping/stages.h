// How the layers are spread over pipeline ranks, and in which order a rank works on its
// micro-batches.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "sim/config/experiment.h"

namespace headroom {

// A contiguous piece of the model on one pipeline rank. Equal chunks behave equally.
struct Chunk {
  std::int64_t layers = 0;
  bool embedding = false, head = false;
  // Where its layers begin, in a model whose layers differ; 0 where they are alike, so that chunks
  // are.
  std::int64_t first = 0;

  [[nodiscard]] std::string name() const;
  friend bool operator<(const Chunk& a, const Chunk& b) {
    return std::tie(a.layers, a.embedding, a.head, a.first) <
           std::tie(b.layers, b.embedding, b.head, b.first);
  }
};

// Chunk i * pipeline + r belongs to rank r. Layers that do not divide go to the middle: the first
// chunk has the embedding and the last the head to do (Llama 3, section 3.3.2).
[[nodiscard]] std::vector<Chunk> split_layers(std::int64_t layers, std::int64_t chunks);
// The same with `first` where the model has more than one kind of layer.
[[nodiscard]] std::vector<Chunk> split_layers(const ModelDescription& model, std::int64_t chunks);

// One entry of a rank's schedule.
struct Pass {
  bool forward = true;
  std::int64_t chunk = 0;  // of this rank, 0 … virtual_pipeline - 1
  std::int64_t micro_batch = 0;
};

// 1F1B (Narayanan et al. 2021, section 2.2), interleaved for virtual_pipeline > 1, where
// micro_batches must be a multiple of pipeline. Every pass of every micro-batch and chunk appears
// exactly once.
[[nodiscard]] std::vector<Pass> one_forward_one_backward(
    std::int64_t rank, std::int64_t pipeline, std::int64_t virtual_pipeline,
    std::int64_t micro_batches);

// Largest number of chunk activations that a rank holds at once under that schedule.
[[nodiscard]] std::int64_t most_in_flight(const std::vector<Pass>& schedule);

}  // namespace headroom
