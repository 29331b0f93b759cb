// The precision scaling law of Kumar et al. 2024, "Scaling Laws for Precision" (arXiv:2411.04330):
//
//   loss = A / N_eff^alpha + B / D^beta + E
//   N_eff / N = product over weights, activations and keys with values of 1 - exp(shift - bits /
//   scale)
//
// N parameters, D tokens, loss in nats a token. Constants and what they were fitted on:
// configs/quality/precision.yaml.
#pragma once

#include <optional>

#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::quality {

// How much of the parameters counts when one kind of tensor has `bits` bits: in (0, 1).
struct Sensitivity {
  double scale_bits = 1, shift = 0;

  [[nodiscard]] double share(double bits) const;  // 0 where the law gives less
};

// N and D of one training.
struct TrainingSize {
  double parameters = 0, tokens = 0;
};

struct PrecisionLaw {
  double a = 0, alpha = 1, b = 0, beta = 1, floor = 0;
  Sensitivity weights, activations, keys_values;
  // Fitted within these.
  TrainingSize largest;
  double least_bits = 0;

  // N_eff / N with all three kinds of tensors at `bits`.
  [[nodiscard]] double effective_share(double bits) const;

  [[nodiscard]] double loss(const TrainingSize& size, double bits) const;

  // How many times the parameters, at equal tokens, give `bits` the loss of `reference` bits. The
  // same for every size, and the cost of a step rises by as much: throughput / this is throughput
  // at equal loss.
  [[nodiscard]] double parameters_for(double bits, double reference) const;

  // How many times the tokens, at equal parameters; none where no number of tokens suffices.
  [[nodiscard]] std::optional<double> tokens_for(
      const TrainingSize& size, double bits, double reference) const;

  // The two for a loss that is `gap`, relative, above that of the law at `reference` bits: how a
  // measured gap is told in what it costs.
  [[nodiscard]] std::optional<double> parameters_for_gap(
      const TrainingSize& size, double gap, double reference) const;
  [[nodiscard]] std::optional<double> tokens_for_gap(
      const TrainingSize& size, double gap, double reference) const;
};

[[nodiscard]] const config::Record<PrecisionLaw>& precision_law_record();

}  // namespace headroom::quality
