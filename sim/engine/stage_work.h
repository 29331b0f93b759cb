// What a pipeline is told about its stages, and what comes of it: plain data, whoever plays it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/engine/times.h"
#include "sim/mapping/schedule.h"

namespace headroom {

// What a stage does in one pass, as the chip measured it.
struct PassTiming {
  Times times;
  double tail_s = 0;  // collectives of the data stream that run on afterwards
};

// A message to a neighbour: how long it has the way out of the stage, and how much later it
// arrives.
struct MessageTiming {
  double sending_s = 0, latency_s = 0;
};

// One stage's work.
struct StageWork {
  struct ChunkWork {
    std::int64_t place = 0;                 // of the chunk in the model
    std::int64_t next = -1, previous = -1;  // ranks of the chunks behind and before it; -1: none
    MessageTiming activations, gradients;   // to the next and to the previous one
    // Seconds to gather the weights that the optimiser left in shards, part by part (embedding,
    // layers, head); empty where there is nothing to gather or every pass gathers for itself.
    std::vector<double> gathers;
  };
  struct Turn {
    Pass pass;
    std::size_t timing = 0;  // of `timings`
  };
  std::vector<ChunkWork> chunks;  // of the rank
  std::vector<PassTiming> timings;
  std::vector<Turn> schedule;
  Times optimizer;  // and what the host does until the next step
};

struct StageSpan {
  std::string name, category;
  double start_s = 0, duration_s = 0;
};

// What became of a stage.
struct StageOutcome {
  Times times;
  double sending_s = 0;  // in which messages of this stage were on its link
  std::vector<StageSpan> spans;
};

struct PipelineOutcome {
  std::vector<StageOutcome> stages;  // by rank
  double start_s = 0;                // what the times of spans count from
  double duration_s = 0;
  std::uint64_t events = 0;
};

}  // namespace headroom
