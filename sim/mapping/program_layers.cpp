// Which layers a chunk of the model has, and in which steps a pass goes through them.
#include <algorithm>
#include <utility>

#include "sim/mapping/program.h"

namespace headroom {

void ProgramBuilder::make_layers(const GraphShape& shape) {
  const ModelDescription& model = experiment_.model;
  const std::vector<LayerKind> kinds = kinds_ = model.kinds();
  for (const LayerKind& kind : kinds)
    layers_.push_back(make_part(
        "layer", layer_forward(model, kind, shape), layer_shard(experiment_, kind), true));
  average_layer_.name = "layer";
  for (const LayerRun& run : model.runs())
    average_layer_.weights += (static_cast<double>(run.count) / static_cast<double>(model.layers)) *
                              layer_shard(experiment_, run.kind);
  std::vector<Chunk> chunks = split_layers(model, chunks_of_model(experiment_.plan));
  const auto contents = layers_of_chunks(model, chunks);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    std::vector<std::size_t> layers;
    for (const LayerRun& run : contents[i])
      layers.insert(
          layers.end(), static_cast<std::size_t>(run.count),
          static_cast<std::size_t>(
              std::find(kinds.begin(), kinds.end(), run.kind) - kinds.begin()));
    chunk_layers_.emplace(chunks[i], layers);
    chunks[i].first = 0;  // for schedules that tell chunks apart by their number of layers only
    const auto known = chunk_layers_.emplace(chunks[i], layers);
    std::vector<std::size_t> one = known.first->second, other = layers;
    std::sort(one.begin(), one.end());
    std::sort(other.begin(), other.end());
    if (one != other) unequal_.push_back(chunks[i]);
  }
}

std::vector<const ProgramBuilder::Part*> ProgramBuilder::layers_of(const Chunk& chunk) const {
  for (const Chunk& unequal : unequal_)
    if (!(chunk < unequal) && !(unequal < chunk))
      throw InputError(
          experiment_.plan_at, "plan.pipeline", "stages of as many but not the same layers",
          "stages of the same layers, or one: this model's layers differ and are not spread "
          "evenly");
  std::vector<const Part*> parts;
  const auto known = chunk_layers_.find(chunk);
  if (known == chunk_layers_.end()) {
    const std::vector<LayerKind> kinds = experiment_.model.kinds();
    const auto common = std::find(kinds.begin(), kinds.end(), experiment_.model.common_kind());
    parts.assign(static_cast<std::size_t>(chunk.layers),
                 &layers_[static_cast<std::size_t>(common - kinds.begin())]);
    return parts;
  }
  for (const std::size_t index : known->second) parts.push_back(&layers_[index]);
  return parts;
}

std::vector<ProgramBuilder::LayerStep> ProgramBuilder::merged(const std::vector<LayerStep>& steps) {
  std::vector<LayerStep> result;
  for (const LayerStep& step : steps) {
    if (!result.empty() && result.back().like(step))
      ++result.back().repeat;
    else
      result.push_back(step);
  }
  return result;
}

}  // namespace headroom
