#include "sim/mapping/stages.h"

#include <cassert>

namespace headroom {

std::string Chunk::name() const {
  std::string text = std::to_string(layers) + (layers == 1 ? " layer" : " layers");
  if (embedding) text = "embedding, " + text;
  if (head) text += ", head";
  return text;
}

std::vector<Chunk> split_layers(std::int64_t layers, std::int64_t chunks) {
  assert(layers >= 1 && chunks >= 1);
  std::vector<Chunk> result(static_cast<std::size_t>(chunks));
  const std::int64_t base = layers / chunks, extra = layers % chunks;
  const std::int64_t first_extra = (chunks - extra) / 2;
  for (std::int64_t i = 0; i < chunks; ++i)
    result[static_cast<std::size_t>(i)]
        .layers = base + (i >= first_extra && i < first_extra + extra ? 1 : 0);
  result.front().embedding = true;
  result.back().head = true;
  return result;
}

std::vector<Chunk> split_layers(const ModelDescription& model, std::int64_t chunks) {
  std::vector<Chunk> result = split_layers(model.layers, chunks);
  if (model.kinds().size() == 1) return result;
  std::int64_t first = 0;
  for (Chunk& chunk : result) {
    chunk.first = first;
    first += chunk.layers;
  }
  return result;
}

}  // namespace headroom
