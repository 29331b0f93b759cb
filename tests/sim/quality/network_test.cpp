// Gradients of the network against differences of its loss.
#include "sim/quality/network.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/base/random.h"

namespace headroom::quality {
namespace {

Batch random_batch(const Shape& shape, int sequences) {
  Batch batch;
  batch.sequences = sequences;
  for (int i = 0; i < sequences * shape.context; ++i) {
    const auto word = mix(static_cast<std::uint64_t>(i));
    batch.tokens.push_back(static_cast<int>(word % static_cast<std::uint64_t>(shape.vocabulary)));
    batch.targets.push_back(
        static_cast<int>((word >> 32) % static_cast<std::uint64_t>(shape.vocabulary)));
  }
  return batch;
}

constexpr Shape small{2, 24, 3, 20, 7, 11};

// (loss(w + h g) - loss(w - h g)) / 2 h = |g|^2 for each tensor and its own gradient g.
TEST(Network, GradientsAreThoseOfTheLoss) {
  Network network(small, 5);
  const Products products(Format::fp32);
  const Batch batch = random_batch(small, 3);
  network.loss_and_gradients(batch, products);
  for (Parameter& parameter : network.parameters()) {
    const Matrix gradient = parameter.gradient, before = parameter.value;
    const double square = double{gradient.squaredNorm()};
    ASSERT_GT(square, 0) << parameter.name;
    // The loss changes by a part in a hundred or less: curvature is small, rounding smaller.
    const double h = std::min(0.02 / square, 0.02 / std::sqrt(square));
    parameter.value = before + static_cast<float>(h) * gradient;
    const double above = network.loss(batch, products);
    parameter.value = before - static_cast<float>(h) * gradient;
    const double below = network.loss(batch, products);
    parameter.value = before;
    EXPECT_NEAR((above - below) / (2 * h) / square, 1, 0.01) << parameter.name;
  }
}

// The same along a direction in which no element of the gradient stands alone.
TEST(Network, GradientsAlongRandomDirections) {
  Network network(small, 6);
  const Products products(Format::fp32);
  const Batch batch = random_batch(small, 2);
  network.loss_and_gradients(batch, products);
  for (Parameter& parameter : network.parameters()) {
    const Matrix gradient = parameter.gradient, before = parameter.value;
    Matrix direction = gradient;
    for (Index i = 0; i < direction.size(); ++i)
      if (mix(static_cast<std::uint64_t>(i)) % 2 == 0) direction.data()[i] *= -0.5F;
    const double slope = double{direction.cwiseProduct(gradient).sum()};
    const double size = double{direction.norm()};
    const double h = 0.02 / size;
    parameter.value = before + static_cast<float>(h) * direction;
    const double above = network.loss(batch, products);
    parameter.value = before - static_cast<float>(h) * direction;
    const double below = network.loss(batch, products);
    parameter.value = before;
    EXPECT_NEAR((above - below) / (2 * h), slope, 0.01 * size * double{gradient.norm()} + 1e-5)
        << parameter.name;
  }
}

TEST(Network, AttentionSeesNothingThatComesLater) {
  Network network(small, 7);
  const Products products(Format::fp32);
  Batch batch = random_batch(small, 1);
  // Only the first token's loss counts: of equal targets, what is predicted for it is not touched
  // by the last token.
  const auto first_loss = [&] {
    Batch one = batch;
    double loss = 0;
    // d loss / d target: the loss of one row is the difference of two batches.
    one.targets.front() = 0;
    loss = network.loss(one, products);
    one.targets.front() = 1;
    return loss - network.loss(one, products);
  };
  const double before = first_loss();
  batch.tokens.back() = (batch.tokens.back() + 1) % small.vocabulary;
  EXPECT_NEAR(first_loss(), before, 1e-6);
  batch.tokens.front() = (batch.tokens.front() + 1) % small.vocabulary;
  EXPECT_GT(std::fabs(first_loss() - before), 1e-4);
}

TEST(Network, BeginsNearTheLossOfGuessing) {
  Network network(small, 8);
  EXPECT_NEAR(network.loss(random_batch(small, 8), Products(Format::fp32)), std::log(11.0), 0.8);
}

TEST(Network, CountsItsParameters) {
  // 11 x 24 twice, 7 x 24, per layer 4 x 24^2 + 3 x 20 x 24 + 2 x 24, a last gain.
  EXPECT_EQ(Network(small, 1).parameter_count(),
            2 * 11 * 24 + 7 * 24 + 2 * (4 * 24 * 24 + 3 * 20 * 24 + 2 * 24) + 24);
}

TEST(Network, TheSameSeedGivesTheSameWeights) {
  Network one(small, 9), same(small, 9), other(small, 10);
  EXPECT_EQ(one.parameters()[3].value, same.parameters()[3].value);
  EXPECT_NE(one.parameters()[3].value, other.parameters()[3].value);
}

}  // namespace
}  // namespace headroom::quality
