// What of a row is compared with the prediction.
//
// Time beats arithmetic: a step time that the source states, else its tokens per second, else its
// FLOP/s or utilisation in its own convention. Figures that the table's author derived from others
// are not compared but where there is nothing else.
#pragma once

#include <optional>
#include <string>

#include "sim/config/run_tables.h"
#include "sim/validation/resolve.h"

namespace headroom::validation {

struct Comparison {
  std::string figure;      // the column: "step_time_s", "tokens_per_s_per_chip" …
  std::string convention;  // of the FLOP/s below, for a reader
  // Of one chip, in the row's own convention; without a published figure of that kind our own model
  // FLOPs (causal attention, no recomputation) stand for both.
  double predicted_tflops = 0, published_tflops = 0;
  double published_step_s = 0;  // of the plan as it was predicted
};

// What the engine says: seconds of a step, and model FLOPs of it on all chips.
struct Predicted {
  double step_s = 0, model_flops = 0;
};

// Whether a row states anything that could be compared.
[[nodiscard]] bool states_throughput(const PublishedRun& run);

// nullopt: all that the row states is FLOP/s in a convention that it does not name.
[[nodiscard]] std::optional<Comparison> compare(
    const PublishedRun& run, const ResolvedRun& resolved, const Predicted& predicted,
    const RunTables& tables);

// The figure of the row that stands for its achieved FLOP/s in baselines: model FLOP/s, else
// hardware FLOP/s, else utilisation x peak; nullopt where it has none.
[[nodiscard]] Figure stated_tflops(const PublishedRun& run);

}  // namespace headroom::validation
