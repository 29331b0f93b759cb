#include "examples/rtl_energy/training.h"

#include <array>
#include <cmath>

namespace headroom::rtl_energy {
namespace {

constexpr int width = 128;  // of every layer, and examples of a batch
constexpr int layers = 3;
constexpr int steps = 300;
constexpr double rate = 0.003;
constexpr double momentum = 0.9;

Tensor zeros() { return {width, width, std::vector<double>(std::size_t{width} * width, 0)}; }

double& at(Tensor& tensor, int row, int column) {
  return tensor.values[static_cast<std::size_t>(row) * width + static_cast<std::size_t>(column)];
}

Tensor normal(double deviation, Random& random) {
  Tensor tensor = zeros();
  for (double& value : tensor.values) value = deviation * random.normal();
  return tensor;
}

Tensor transposed(const Tensor& tensor) {
  Tensor result = zeros();
  for (int i = 0; i < width; ++i)
    for (int j = 0; j < width; ++j) at(result, j, i) = tensor.at(i, j);
  return result;
}

Tensor multiplied(const Tensor& a, const Tensor& b) {
  Tensor c = zeros();
  for (int i = 0; i < width; ++i) {
    double* row = &at(c, i, 0);
    for (int k = 0; k < width; ++k) {
      const double factor = a.at(i, k);
      const double* other = &b.values[static_cast<std::size_t>(k) * width];
      for (int j = 0; j < width; ++j) row[j] += factor * other[j];
    }
  }
  return c;
}

double gelu(double x) { return x * 0.5 * std::erfc(-x / std::sqrt(2.0)); }

double gelu_slope(double x) {
  constexpr double turn = 6.283185307179586;
  return 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * std::exp(-x * x / 2) / std::sqrt(turn);
}

using Weights = std::array<Tensor, layers>;

struct Pass {
  std::array<Tensor, layers> inputs;  // of each layer
  std::array<Tensor, layers> sums;    // before GELU
};

Pass forward(const Tensor& examples, const Weights& weights) {
  Pass pass;
  Tensor input = examples;
  for (std::size_t layer = 0; layer < layers; ++layer) {
    pass.inputs[layer] = input;
    pass.sums[layer] = multiplied(input, weights[layer]);
    input = pass.sums[layer];
    for (double& value : input.values) value = gelu(value);
  }
  return pass;
}

Weights initial(Random& random) {
  Weights weights;
  for (Tensor& tensor : weights) tensor = normal(std::sqrt(2.0 / width), random);
  return weights;
}

}  // namespace

TrainingRun train(std::uint64_t seed) {
  Random random(seed);
  const Weights teacher = initial(random);
  Weights weights = initial(random);
  Weights velocity{zeros(), zeros(), zeros()};
  TrainingRun run;
  for (int step = 0; step < steps; ++step) {
    const Tensor examples = normal(1, random);
    const Tensor wanted = forward(examples, teacher).sums.back();
    const Pass pass = forward(examples, weights);
    Tensor gradient = pass.sums.back();  // of the sums of a layer, the last one first
    double loss = 0;
    for (std::size_t i = 0; i < gradient.values.size(); ++i) {
      const double error = gradient.values[i] - wanted.values[i];
      loss += error * error / (width * width);
      gradient.values[i] = 2 * error / width;
    }
    (step == 0 ? run.first_loss : run.last_loss) = loss;
    for (std::size_t layer = layers; layer-- > 0;) {
      const Tensor inputs = transposed(pass.inputs[layer]);
      const Tensor back = transposed(weights[layer]);
      if (step == steps - 1 && layer == 1) {
        run.products["training_forward"] = {pass.inputs[layer], weights[layer]};
        run.products["training_input_gradient"] = {gradient, back};
        run.products["training_weight_gradient"] = {inputs, gradient};
      }
      const Tensor change = multiplied(inputs, gradient);
      if (layer > 0) {
        gradient = multiplied(gradient, back);
        for (std::size_t i = 0; i < gradient.values.size(); ++i)
          gradient.values[i] *= gelu_slope(pass.sums[layer - 1].values[i]);
      }
      for (std::size_t i = 0; i < change.values.size(); ++i) {
        velocity[layer].values[i] = momentum * velocity[layer].values[i] + change.values[i];
        weights[layer].values[i] -= rate * velocity[layer].values[i];
      }
    }
  }
  return run;
}

}  // namespace headroom::rtl_energy
