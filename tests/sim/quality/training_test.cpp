// A few steps of a tiny network: formats against models/numerics and against the machine.
#include "sim/quality/training.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/sim/quality/golden.h"

namespace headroom::quality {
namespace {

std::string sample() {
  std::string text;
  for (int i = 0; i < 400; ++i)
    text += "line " + std::to_string(i * i % 97) + " of a text that is easy to learn\n";
  return text;
}

Recipe tiny() {
  Recipe recipe;
  recipe.shape = {1, 16, 2, 16, 8, 256};
  recipe.sequences = 2;
  recipe.validation_sequences = 4;
  recipe.validation_steps = 2;
  recipe.learning_rate = 0.01;
  recipe.warmup_steps = 1;
  recipe.final_share = 0.1;
  recipe.adam.weight_decay = 0.1;
  return recipe;
}

LossCurve trained(const Recipe& recipe, const Products& products, std::int64_t steps,
                  std::uint64_t seed = 1) {
  return train(recipe, Corpus(sample(), 0.1, recipe.shape.context), products, steps, seed);
}

void expect_near(const LossCurve& a, const LossCurve& b, double tolerance) {
  ASSERT_EQ(a.points.size(), b.points.size());
  for (std::size_t i = 0; i < a.points.size(); ++i) {
    EXPECT_NEAR(a.points[i].training, b.points[i].training, tolerance) << i;
    ASSERT_EQ(a.points[i].validation.has_value(), b.points[i].validation.has_value());
    if (a.points[i].validation) {
      EXPECT_NEAR(*a.points[i].validation, *b.points[i].validation, tolerance) << i;
    }
  }
}

// Every multiply-add through accumulate_dot, as an array does it; the fast path and the machine's
// own fp32 differ from it by rounding only.
TEST(Training, Fp32ByOurFormatsIsTheMachinesFp32) {
  const Multiply array = [](const Matrix& a, const Matrix& b) {
    return golden_product(Format::fp32, a, b);
  };
  const Multiply machine = [](const Matrix& a, const Matrix& b) {
    Matrix result = Matrix::Zero(a.rows(), b.rows());
    for (Index i = 0; i < a.rows(); ++i)
      for (Index j = 0; j < b.rows(); ++j)
        for (Index k = 0; k < a.cols(); ++k) result(i, j) += a(i, k) * b(j, k);
    return result;
  };
  const LossCurve fast = trained(tiny(), Products(Format::fp32), 4);
  expect_near(fast, trained(tiny(), Products(Format::fp32, ScaleRounding::up, array), 4), 2e-5);
  expect_near(fast, trained(tiny(), Products(Format::fp32, ScaleRounding::up, machine), 4), 2e-5);
}

TEST(Training, LossFallsInEveryFormatThatHolds) {
  for (const Format format :
       {Format::fp32, Format::bf16, Format::fp8_e4m3, Format::mxfp8_e4m3, Format::nvfp4}) {
    const LossCurve curve = trained(tiny(), Products(format), 60);
    EXPECT_LT(curve.final_loss(), 0.75 * *curve.points[1].validation) << to_string(format);
  }
}

TEST(Training, TheSameSeedGivesTheSameLossesAndAnotherOthers) {
  const LossCurve one = trained(tiny(), Products(Format::nvfp4), 5);
  expect_near(one, trained(tiny(), Products(Format::nvfp4), 5), 0);
  EXPECT_NE(
      one.points[0].training, trained(tiny(), Products(Format::nvfp4), 5, 2).points[0].training);
}

TEST(Training, ValidatesWhenAskedAndAtTheEnd) {
  const LossCurve curve = trained(tiny(), Products(Format::fp32), 5);
  ASSERT_EQ(curve.points.size(), 5U);
  EXPECT_FALSE(curve.points[0].validation);
  EXPECT_TRUE(curve.points[1].validation);
  EXPECT_TRUE(curve.points[4].validation);
  EXPECT_EQ(curve.final_loss(), *curve.points[4].validation);
}

TEST(Training, ALossThatIsNoNumberEndsIt) {
  const Multiply broken = [](const Matrix& a, const Matrix& b) -> Matrix {
    return Matrix::Constant(a.rows(), b.rows(), std::nanf(""));
  };
  const LossCurve curve = trained(tiny(), Products(Format::fp32, ScaleRounding::up, broken), 5);
  EXPECT_TRUE(curve.diverged);
  EXPECT_EQ(curve.points.size(), 1U);
  EXPECT_TRUE(std::isinf(curve.final_loss()));
}

}  // namespace
}  // namespace headroom::quality
