#include "sim/quality/law.h"

#include <algorithm>
#include <cmath>

namespace headroom::quality {
namespace {

// The factor on what `term` falls with to the power `exponent` that lowers it to `wanted`.
std::optional<double> factor(double term, double wanted, double exponent) {
  if (wanted <= 0) return std::nullopt;
  return std::pow(term / wanted, 1 / exponent);
}

}  // namespace

double Sensitivity::share(double bits) const {
  return std::max(0.0, 1 - std::exp(shift - bits / scale_bits));
}

double PrecisionLaw::effective_share(double bits) const {
  return weights.share(bits) * activations.share(bits) * keys_values.share(bits);
}

double PrecisionLaw::loss(const TrainingSize& size, double bits) const {
  return a * std::pow(size.parameters * effective_share(bits), -alpha) +
         b * std::pow(size.tokens, -beta) + floor;
}

double PrecisionLaw::parameters_for(double bits, double reference) const {
  return effective_share(reference) / effective_share(bits);
}

std::optional<double> PrecisionLaw::tokens_for(
    const TrainingSize& size, double bits, double reference) const {
  const double gap = loss(size, bits) / loss(size, reference) - 1;
  return tokens_for_gap(size, gap, reference);
}

std::optional<double> PrecisionLaw::parameters_for_gap(
    const TrainingSize& size, double gap, double reference) const {
  const double term = a * std::pow(size.parameters * effective_share(reference), -alpha);
  // The term with the gap goes back to what it was.
  return factor(term + gap * loss(size, reference), term, alpha);
}

std::optional<double> PrecisionLaw::tokens_for_gap(
    const TrainingSize& size, double gap, double reference) const {
  const double term = b * std::pow(size.tokens, -beta);
  return factor(term, term - gap * loss(size, reference), beta);
}

const config::Record<PrecisionLaw>& precision_law_record() {
  using config::number;
  using config::positive;
  using config::Record;
  using L = PrecisionLaw;
  static const auto
      sensitivity = Record<Sensitivity>("1 - exp(shift - bits / scale)")
                        .required("scale", &Sensitivity::scale_bits, number(positive), "bits")
                        .required("shift", &Sensitivity::shift, number(), "");
  static const auto
      size = Record<TrainingSize>("of the runs that it was fitted on")
                 .required(
                     "parameters", &TrainingSize::parameters, number(positive), "of the network")
                 .required("tokens", &TrainingSize::tokens, number(positive), "read once");
  static const auto
      record = Record<L>("loss = a / N_eff^alpha + b / D^beta + floor")
                   .required("a", &L::a, number(positive), "of parameters")
                   .required("alpha", &L::alpha, number(positive), "their exponent")
                   .required("b", &L::b, number(positive), "of tokens")
                   .required("beta", &L::beta, number(positive), "their exponent")
                   .required("floor", &L::floor, number(positive), "nats a token")
                   .group("weights", &L::weights, sensitivity)
                   .group("activations", &L::activations, sensitivity)
                   .group("keys_values", &L::keys_values, sensitivity)
                   .group("largest", &L::largest, size)
                   .required("least_bits", &L::least_bits, number(positive),
                             "below it training diverges");
  return record;
}

}  // namespace headroom::quality
