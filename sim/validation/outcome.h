// What became of a published run: predicted and compared, or why not.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/validation/run.h"

namespace headroom::validation {

enum class Status {
  used,                // compared; counts in the statistics
  unknown_convention,  // predicted; the row states FLOP/s in a convention that it does not name
  skipped              // not predicted
};

// What the ranges of inputs leave open of a prediction (sim/validation/interval.h).
struct Interval {
  static constexpr double level = 0.8;
  double low_tflops = 0, high_tflops = 0;  // about predicted_tflops, in its convention
  // Inputs that move it, "chips/h100-sxm clock.sustained_matmul", each with its share of the
  // squared logarithms of both bounds; the largest first.
  std::vector<std::pair<std::string, double>> inputs;
};

struct RunOutcome {
  Status status = Status::skipped;
  std::string id, source, chip, model;
  std::string reason;  // of a skipped run
  // The rest is of a predicted run.
  std::string plan;  // "data 8, tensor 1, …, bf16" as resolved
  std::string framework, stack, cluster;
  bool default_network = false, fits = true;
  std::string figure, convention;
  double predicted_tflops = 0, published_tflops = 0, error_pct = 0;
  double predicted_step_s = 0, published_step_s = 0;
  std::optional<Interval> interval;  // where it was asked for
  std::string bound_by;
  std::vector<std::pair<std::string, double>> time;  // share of the step by cause, largest first
  std::vector<std::string> assumptions;
  std::string digest;
};

// As it stands under "rows" of the report; from_json() reads it back without loss.
[[nodiscard]] nlohmann::ordered_json to_json(const RunOutcome& outcome);
[[nodiscard]] RunOutcome outcome_from_json(const nlohmann::ordered_json& json);

}  // namespace headroom::validation
