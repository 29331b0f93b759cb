// Trains the small transformer with its products in one format and keeps its losses.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/quality/corpus.h"
#include "sim/quality/product.h"
#include "sim/quality/recipe.h"

namespace headroom::quality {

// Losses in nats a token (byte): of the step's batch before the step, and on the text held out
// after it.
struct LossPoint {
  std::int64_t step = 0;  // from 1
  double training = 0;
  std::optional<double> validation;  // every validation_steps, and after the last step
};

struct LossCurve {
  Format format = Format::fp32;
  std::vector<LossPoint> points;
  bool diverged = false;  // a loss that is no finite number ended it

  [[nodiscard]] double final_loss() const;  // of validation; infinity where it diverged
};

// Called after each step.
using Progress = std::function<void(const LossPoint&)>;

// `steps` steps from the weights of `seed`. The same seed gives the same weights and batches in
// every format. Weights and moments of the optimiser stay fp32.
[[nodiscard]] LossCurve train(
    const Recipe& recipe, const Corpus& corpus, const Products& products, std::int64_t steps,
    std::uint64_t seed, const Progress& progress = {});

}  // namespace headroom::quality
