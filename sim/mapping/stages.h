// How the layers are spread over pipeline ranks.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "sim/config/experiment.h"
#include "sim/mapping/schedule.h"

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

// By their place in the model (schedule.h: place_of()). Layers that do not divide go to the middle:
// the first chunk has the embedding and the last the head to do (Llama 3, section 3.3.2).
[[nodiscard]] std::vector<Chunk> split_layers(std::int64_t layers, std::int64_t chunks);
// The same with `first` where the model has more than one kind of layer.
[[nodiscard]] std::vector<Chunk> split_layers(const ModelDescription& model, std::int64_t chunks);

}  // namespace headroom
