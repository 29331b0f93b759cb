#include "sim/quality/training.h"

#include <cmath>
#include <limits>

namespace headroom::quality {
namespace {

constexpr double pi = 3.141592653589793;

// The learning rate of a step, from 1.
double rate(const Recipe& recipe, std::int64_t step, std::int64_t steps) {
  const auto warmup = static_cast<double>(recipe.warmup_steps);
  const auto at = static_cast<double>(step);
  if (at < warmup) return recipe.learning_rate * at / warmup;
  const double left = static_cast<double>(steps) - warmup;
  const double done = left > 0 ? (at - warmup) / left : 1;
  const double falling = (1 + std::cos(pi * done)) / 2;
  return recipe.learning_rate * (recipe.final_share + (1 - recipe.final_share) * falling);
}

class Optimiser {
 public:
  Optimiser(const Recipe& recipe, Network& network) : recipe_(recipe), network_(network) {
    for (const Parameter& parameter : network.parameters()) {
      const Matrix zero = Matrix::Zero(parameter.value.rows(), parameter.value.cols());
      moments_.push_back({zero, zero});
    }
  }

  void step(std::int64_t number, double learning_rate) {
    const float clip = clipping();
    const Adam& adam = recipe_.adam;
    const auto b1 = static_cast<float>(adam.beta1), b2 = static_cast<float>(adam.beta2);
    const auto n = static_cast<double>(number);
    const auto first = static_cast<float>(learning_rate / (1 - std::pow(adam.beta1, n)));
    const auto second = static_cast<float>(1 / (1 - std::pow(adam.beta2, n)));
    const auto epsilon = static_cast<float>(adam.epsilon);
    for (std::size_t i = 0; i < moments_.size(); ++i) {
      Parameter& p = network_.parameters()[i];
      Moments& m = moments_[i];
      const Matrix gradient = p.gradient * clip;
      m.first = b1 * m.first + (1 - b1) * gradient;
      m.second = b2 * m.second + (1 - b2) * gradient.cwiseAbs2();
      if (p.value.rows() > 1)  // not gains
        p.value *= static_cast<float>(1 - learning_rate * adam.weight_decay);
      p.value.array() -= first * m.first.array() / ((second * m.second.array()).sqrt() + epsilon);
    }
  }

 private:
  struct Moments {
    Matrix first, second;
  };

  [[nodiscard]] float clipping() const {
    double squares = 0;
    for (const Parameter& p : network_.parameters()) squares += double{p.gradient.squaredNorm()};
    const double size = std::sqrt(squares);
    return size > recipe_.largest_gradient
               ? static_cast<float>(recipe_.largest_gradient / size)
               : 1;
  }

  const Recipe& recipe_;
  Network& network_;
  std::vector<Moments> moments_;
};

}  // namespace

double LossCurve::final_loss() const {
  if (diverged || points.empty() || !points.back().validation)
    return std::numeric_limits<double>::infinity();
  return *points.back().validation;
}

LossCurve train(const Recipe& recipe, const Corpus& corpus, const Products& products,
                std::int64_t steps, std::uint64_t seed, const Progress& progress) {
  Network network(recipe.shape, seed);
  Optimiser optimiser(recipe, network);
  const Batch held_out = corpus.validation(recipe.validation_sequences);
  LossCurve curve{products.format(), {}, false};
  for (std::int64_t step = 1; step <= steps && !curve.diverged; ++step) {
    LossPoint point{step, 0, std::nullopt};
    point.training = network.loss_and_gradients(
        corpus.training(recipe.sequences, seed, step), products);
    optimiser.step(step, rate(recipe, step, steps));
    if (step % recipe.validation_steps == 0 || step == steps)
      point.validation = network.loss(held_out, products);
    curve.diverged = !std::isfinite(point.training + point.validation.value_or(0));
    curve.points.push_back(point);
    if (progress) progress(point);
  }
  return curve;
}

}  // namespace headroom::quality
