#include "sim/search/bound.h"

#include <algorithm>
#include <utility>

#include "sim/mapping/program.h"
#include "sim/mapping/shards.h"

namespace headroom::search {

namespace {

// What a section takes at least, once.
class SectionTime {
 public:
  SectionTime(KernelCosts& costs, const ChipDescription& chip, bool exchanges)
      : costs_(costs), gap_(chip.kernel_gap.si()), exchanges_(exchanges) {}

  double operator()(const Section& section) {
    double seconds = 0;
    for (std::size_t i = 0; i < section.commands.size(); ++i) {
      const Command& command = section.commands[i];
      if (command.kind == Command::Kind::run)
        seconds += gap_ + costs_.time(*command.kernel, {}).duration.si();
      if (exchanges_ && command.kind == Command::Kind::issue && command.stream == tensor_stream &&
          i + 1 < section.commands.size() && waits_for_all(section.commands[i + 1]))
        seconds += (command.collective.cost.latency + command.collective.cost.transfer).si();
    }
    return seconds;
  }

 private:
  static bool waits_for_all(const Command& command) {
    return command.kind == Command::Kind::wait && command.stream == tensor_stream &&
           command.outstanding == 0;
  }

  KernelCosts& costs_;
  double gap_;
  bool exchanges_;
};

// The layers of a chunk in the order in which a program has them.
std::vector<LayerKind> kinds_of(const std::vector<LayerRun>& layers) {
  std::vector<LayerKind> kinds;
  for (const LayerRun& run : layers)
    kinds.insert(kinds.end(), static_cast<std::size_t>(run.count), run.kind);
  return kinds;
}

}  // namespace

StepBound::StepBound(
    const Experiment& experiment, const KernelMapper& mapper,
    std::shared_ptr<network::CollectiveModel> network, std::shared_ptr<KernelCosts> costs)
    : experiment_(experiment),
      mapper_(mapper),
      network_(std::move(network)),
      costs_(std::move(costs)) {}

const StepBound::Parts& StepBound::parts_of(const Plan& plan) {
  const bool casts_every_time = mapper_.narrows() && plan.sharding == Sharding::zero3;
  const std::int64_t casts = mapper_.narrows() && !casts_every_time ? plan.micro_batches() : 0;
  const bool exchanges = plan.schedule != Schedule::dualpipe;
  const bool experts = experiment_.model.experts.count > 0;
  const Key key{
      plan.tensor,
      plan.expert,
      plan.expert_tensor,
      plan.micro_batch,
      static_cast<int>(plan.recompute),
      casts_every_time,
      casts,
      exchanges,
      plan.tensor > 1 || experts ? plan.stride(PlanDimension::tensor) : 0,
      experts ? plan.replica_stride() : 0};
  const auto known = parts_.find(key);
  if (known != parts_.end()) return known->second;

  Parts parts;
  experiment_.plan = plan;
  const ProgramBuilder builder(experiment_, mapper_, network_);
  SectionTime time(*costs_, experiment_.chip, exchanges);
  const std::vector<Chunk> chunks = split_layers(experiment_.model, chunks_of_model(plan));
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    const Chunk& chunk = chunks[c];
    std::vector<LayerKind> kinds = kinds_of(layers_of(chunks_of_model(plan))[c]);
    const bool new_kind = std::any_of(kinds.begin(), kinds.end(), [&](const LayerKind& kind) {
      return parts.layers.count(kind) == 0;
    });
    if (!new_kind && !chunk.embedding && !chunk.head) continue;
    std::map<LayerKind, double> layers;
    const auto add_layers = [&](const Section*& section) {
      for (std::size_t at = 0; at < kinds.size(); ++section) {
        layers[kinds[at]] = time(*section);
        at += static_cast<std::size_t>(section->repeat);
      }
    };
    const Program forward = builder.forward(chunk, false),
                  backward = builder.backward(chunk, false, false);
    const Section* section = forward.sections.data();
    if (chunk.embedding) parts.embedding += time(*section);
    add_layers(++section);
    if (chunk.head) parts.head += time(*section);
    const std::map<LayerKind, double> ahead = std::exchange(layers, {});
    section = backward.sections.data();
    if (chunk.head) parts.head += time(*section++);
    std::reverse(kinds.begin(), kinds.end());
    add_layers(section);
    if (chunk.embedding) parts.embedding += time(*section);
    for (const auto& [kind, seconds] : ahead) parts.layers[kind] = seconds + layers.at(kind);
  }
  return parts_.emplace(key, std::move(parts)).first->second;
}

const std::vector<std::vector<LayerRun>>& StepBound::layers_of(std::int64_t chunks) {
  const auto [found, is_new] = layers_.try_emplace(chunks);
  if (is_new)
    found->second = layers_of_chunks(
        experiment_.model, split_layers(experiment_.model.layers, chunks));
  return found->second;
}

double StepBound::operator()(const Plan& plan) {
  const Parts& parts = parts_of(plan);
  const auto& layers = layers_of(chunks_of_model(plan));
  std::vector<double> of_chunk(layers.size());
  for (std::size_t c = 0; c < layers.size(); ++c) {
    of_chunk[c] = (c == 0 ? parts.embedding : 0) + (c + 1 == layers.size() ? parts.head : 0);
    for (const LayerRun& run : layers[c])
      of_chunk[c] += static_cast<double>(run.count) * parts.layers.at(run.kind);
  }
  const bool in_order = plan.schedule == Schedule::one_forward_one_backward ||
                        plan.schedule == Schedule::interleaved;
  double bound = 0, before = 0;
  for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) {
    double work = 0;
    for (std::int64_t chunk = 0; chunk < chunks_of_rank(plan); ++chunk) {
      const MicroBatches mine = micro_batches_of(plan, chunk);
      work += static_cast<double>(mine.last - mine.first + 1) *
              of_chunk[static_cast<std::size_t>(place_of(plan, rank, chunk))];
    }
    bound = std::max(bound, before + work);
    if (in_order) before += of_chunk[static_cast<std::size_t>(rank)];
  }
  return bound + experiment_.stack.between_steps.si();
}

}  // namespace headroom::search
