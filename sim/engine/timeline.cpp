#include "sim/engine/timeline.h"

#include <set>
#include <string>
#include <vector>

namespace headroom {

namespace {

// Detailed spans of one run stay below this; beyond it only the first passes of a stage are shown
// in detail.
constexpr std::size_t most_detailed_spans = 60000;

// Stages whose chunks are alike behave alike but for their place in the pipeline.
std::vector<Chunk> kind_of(const Step& step, std::size_t rank) {
  std::vector<Chunk> kind;
  for (const StageWork::ChunkWork& chunk : step.work(rank).chunks)
    kind.push_back(step.chunks()[static_cast<std::size_t>(chunk.place)]);
  return kind;
}

void add_operations(Trace& trace, const std::string& role, const PassResult& pass, double start) {
  for (const OperationSpan& span : pass.spans)
    trace.spans.push_back({role, span.stream, span.name, span.category, start + span.start_s,
                           span.duration_s, span.work});
}

}  // namespace

Trace make_timeline(const Step& step) {
  Trace trace;
  std::set<std::vector<Chunk>> shown;
  for (std::size_t rank = 0; rank < step.stages().size(); ++rank) {
    const StageOutcome& stage = step.stages()[rank];
    const std::string name = "stage " + std::to_string(rank);
    const bool detailed = shown.insert(kind_of(step, rank)).second;
    const std::string chip = "chip of " + name;
    const std::size_t before = trace.spans.size();
    std::size_t pass = 0;
    for (const StageSpan& span : stage.spans) {
      const double start = span.start_s - step.pipeline_start_s();
      trace.spans.push_back({name, "passes", span.name, span.category, start, span.duration_s});
      if (!detailed || trace.spans.size() - before > most_detailed_spans) continue;
      if (span.category == "forward" || span.category == "backward")
        add_operations(trace, chip, step.pass(step.work(rank).schedule[pass++], rank), start);
      else if (span.category == "optimizer")
        add_operations(trace, chip, step.optimizer(rank), start);
    }
  }
  return trace;
}

}  // namespace headroom
