#include "sim/mapping/stages.h"

#include <algorithm>
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

namespace {

// The k-th forward (backward) of a rank: micro-batches go through in groups of `pipeline`, chunk
// after chunk.
Pass nth(bool forward, std::int64_t k, std::int64_t pipeline, std::int64_t virtual_pipeline) {
  const std::int64_t group = pipeline * virtual_pipeline;
  const std::int64_t chunk = (k % group) / pipeline;
  return {
      forward, forward ? chunk : virtual_pipeline - 1 - chunk, k / group * pipeline + k % pipeline};
}

}  // namespace

std::vector<Pass> one_forward_one_backward(
    std::int64_t rank, std::int64_t pipeline, std::int64_t virtual_pipeline,
    std::int64_t micro_batches) {
  assert(virtual_pipeline == 1 || micro_batches % pipeline == 0);
  const std::int64_t total = micro_batches * virtual_pipeline;
  const std::int64_t warm_up = virtual_pipeline == 1
                                   ? pipeline - rank - 1
                                   : (pipeline - rank - 1) * 2 + (virtual_pipeline - 1) * pipeline;
  const std::int64_t ahead = std::min(total, warm_up);
  // Without interleaving the order is by micro-batch alone, and their number need not divide.
  const std::int64_t group = virtual_pipeline == 1 ? 1 : pipeline;
  std::vector<Pass> schedule;
  for (std::int64_t k = 0; k < ahead; ++k)
    schedule.push_back(nth(true, k, group, virtual_pipeline));
  for (std::int64_t k = ahead; k < total; ++k) {
    schedule.push_back(nth(true, k, group, virtual_pipeline));
    schedule.push_back(nth(false, k - ahead, group, virtual_pipeline));
  }
  for (std::int64_t k = total - ahead; k < total; ++k)
    schedule.push_back(nth(false, k, group, virtual_pipeline));
  return schedule;
}

std::int64_t most_in_flight(const std::vector<Pass>& schedule) {
  std::int64_t held = 0, most = 0;
  for (const Pass& pass : schedule) most = std::max(most, held += pass.forward ? 1 : -1);
  return most;
}

}  // namespace headroom
