#include <gtest/gtest.h>

#include <cmath>

#include "examples/rtl_energy/data.h"
#include "models/numerics/codec.h"

namespace headroom::rtl_energy {
namespace {

// Of a table of the normal distribution.
TEST(Operands, QuantilesOfTheNormalDistribution) {
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963985, 1e-8);
  EXPECT_NEAR(normal_quantile(0.0013498980316), -3, 1e-8);
}

// Rows of A and rows of B (across columns) rise; so does everything from row to row.
TEST(Operands, SortedRisesRowByRow) {
  Random random(7);
  for (int i = 0; i < 20; ++i) {
    const Product product = Data("sorted").draw(4, 4, 16, random);
    for (std::size_t v = 0; v < 4; ++v) {
      for (std::size_t k = 1; k < 16; ++k) {
        EXPECT_LE(product.rows[v][k - 1], product.rows[v][k]);
        EXPECT_LT(product.columns[v][k - 1], product.columns[v][k]);
      }
      if (v == 0) continue;
      EXPECT_LT(product.rows[v - 1][15], product.rows[v][0]);
      EXPECT_LE(product.columns[v - 1][3], product.columns[v][3]);
    }
  }
}

TEST(Operands, MomentsAndShares) {
  Random random(3);
  const auto mean_of = [&random](const char* name, double (*of)(double)) {
    double sum = 0;
    const Product product = Data(name).draw(64, 1, 1000, random);
    for (const auto& row : product.rows)
      for (const double value : row) sum += of(value);
    return sum / 64000;
  };
  EXPECT_NEAR(mean_of("normal", [](double x) { return x; }), 0, 0.02);
  EXPECT_NEAR(mean_of("normal", [](double x) { return x * x; }), 1, 0.03);
  EXPECT_NEAR(mean_of("uniform01", [](double x) { return x; }), 0.5, 0.01);
  EXPECT_NEAR(mean_of("uniform11", [](double x) { return x * x; }), 1 / 3.0, 0.01);
  EXPECT_NEAR(mean_of("sparse90", [](double x) { return x == 0 ? 1.0 : 0.0; }), 0.9, 0.01);
  EXPECT_NEAR(mean_of("integers8", [](double x) { return x; }), -0.5, 0.1);
  EXPECT_EQ(mean_of("signs", [](double x) { return std::abs(x); }), 1);
}

// The largest magnitude of the matrix is that of the format; ones stay ones.
TEST(Operands, SmallFormatsAreScaledAndNumbersAreNot) {
  EXPECT_DOUBLE_EQ(Data("uniform11").factor(Format::int8, false), 127);
  EXPECT_DOUBLE_EQ(Data("uniform11").factor(Format::fp8_e4m3, false), 448);
  EXPECT_DOUBLE_EQ(Data("uniform11").factor(Format::bf16, false), 1);
  EXPECT_DOUBLE_EQ(Data("ones").factor(Format::int8, false), 1);
  EXPECT_NEAR(Data("normal").factor(Format::int8, false), 127 / 5.66, 1);
}

TEST(Operands, BlocksShareAScale) {
  std::vector<double> values(64, 1.0);
  values[40] = 8;
  const Codes codes = encode_vector(Format::mxfp4, values, 1, 8);
  ASSERT_EQ(codes.scales.size(), 64U);
  EXPECT_EQ(codes.scales[0], codes.scales[31]);
  EXPECT_EQ(codes.scales[32], codes.scales[0] + 3);
  EXPECT_DOUBLE_EQ(
      decode(Format::mxfp4, codes.elements[40]), decode(Format::mxfp4, codes.elements[0]));
}

}  // namespace
}  // namespace headroom::rtl_energy
