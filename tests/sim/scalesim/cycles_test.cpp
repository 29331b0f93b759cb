// Total cycles and counts of words against the closed forms that SCALE-Sim v3 was measured to
// follow (414 of 414 runs), typed here once more and independently of the engine.
#include <random>

#include "tests/sim/scalesim/support.h"

namespace headroom::scalesim {
namespace {

std::int64_t folds(std::int64_t size, std::int64_t side) { return (size + side - 1) / side; }

struct Figures {
  std::int64_t cycles, ifmap, filter, ofmap;
};

Figures measured(Dataflow dataflow, std::int64_t r, std::int64_t c, std::int64_t m, std::int64_t n,
                 std::int64_t k) {
  switch (dataflow) {
    case Dataflow::output_stationary: {
      const std::int64_t f = folds(m, r) * folds(n, c);
      return {
          f * (k + r + c - 2) - 1, m * k * folds(n, c), k * n * folds(m, r), m * n + f * (r + c)};
    }
    case Dataflow::weight_stationary:
      return {folds(k, r) * folds(n, c) * (m + 2 * r + c - 2) - 1, m * k * folds(n, c), k * n,
              m * n * folds(k, r)};
    case Dataflow::input_stationary:
      return {folds(k, r) * folds(m, c) * (n + 2 * r + c - 2) - 1, m * k, k * n * folds(m, c),
              m * n * folds(k, r)};
  }
  return {};
}

constexpr Dataflow all_dataflows[] = {
    Dataflow::weight_stationary, Dataflow::output_stationary, Dataflow::input_stationary};

void expect_measured(const Configuration& array, const LayerResult& result, std::int64_t m,
                     std::int64_t n, std::int64_t k) {
  const Figures expected = measured(array.dataflow, array.rows, array.columns, m, n, k);
  EXPECT_EQ(result.total_cycles, expected.cycles);
  EXPECT_EQ(result.stall_cycles, 0);
  EXPECT_EQ(result.sram.ifmap.words, expected.ifmap);
  EXPECT_EQ(result.sram.filter.words, expected.filter);
  EXPECT_EQ(result.sram.ofmap.words, expected.ofmap);
}

class Random {
 public:
  // Every order of magnitude up to `most` is as likely as the next.
  std::int64_t size(std::int64_t most) {
    const double exponent = std::uniform_real_distribution<double>(
        0, std::log2(static_cast<double>(most) + 1))(generator_);
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::exp2(exponent)));
  }

 private:
  std::mt19937_64 generator_{20260731};
};

TEST(Cycles, OfRandomProductsAreThoseThatScaleSimWasMeasuredToCount) {
  Random random;
  for (int i = 0; i < 600; ++i) {
    const std::int64_t m = random.size(5000);
    const std::int64_t n = random.size(5000);
    const std::int64_t k = random.size(5000);
    const Configuration array = configuration(
        all_dataflows[i % 3], static_cast<int>(random.size(300)),
        static_cast<int>(random.size(300)));
    SCOPED_TRACE(testing::Message() << short_name(array.dataflow) << " " << array.rows << "x"
                                    << array.columns << " m " << m << " n " << n << " k " << k);
    expect_measured(array, evaluate(array, product_layer(m, n, k)), m, n, k);
  }
}

TEST(Cycles, OfRandomConvolutionsAreThoseOfTheirProduct) {
  Random random;
  for (int i = 0; i < 400; ++i) {
    Layer layer;
    layer.filter_height = random.size(7);
    layer.filter_width = random.size(7);
    layer.ifmap_height = layer.filter_height + random.size(60) - 1;
    layer.ifmap_width = layer.filter_width + random.size(60) - 1;
    layer.channels = random.size(300);
    layer.filters = random.size(300);
    layer.stride_height = random.size(4);
    layer.stride_width = random.size(4);
    const auto outputs = [](std::int64_t ifmap, std::int64_t filter, std::int64_t stride) {
      std::int64_t count = 0;  // windows that begin where the last one could, one more if short
      for (std::int64_t first = 0; first < ifmap - filter + stride; first += stride) ++count;
      return count;
    };
    const std::int64_t m = outputs(layer.ifmap_height, layer.filter_height, layer.stride_height) *
                           outputs(layer.ifmap_width, layer.filter_width, layer.stride_width);
    const std::int64_t k = layer.filter_height * layer.filter_width * layer.channels;
    const Configuration array = configuration(
        all_dataflows[i % 3], static_cast<int>(random.size(130)),
        static_cast<int>(random.size(130)));
    SCOPED_TRACE(testing::Message() << short_name(array.dataflow) << " " << array.rows << "x"
                                    << array.columns << " case " << i);
    expect_measured(array, evaluate(array, layer), m, layer.filters, k);
  }
}

TEST(Cycles, AreTheSameAtAnalyticAndCycleFidelity) {
  Random random;
  for (int i = 0; i < 300; ++i) {
    const Configuration array = configuration(
        all_dataflows[i % 3], static_cast<int>(random.size(200)),
        static_cast<int>(random.size(200)));
    const Layer layer = product_layer(random.size(3000), random.size(3000), random.size(3000));
    CoreEngine engine(array_of(array));
    const LayerResult cycle = evaluate(array, layer, engine);
    const LayerResult analytic = evaluate(array, layer);
    EXPECT_EQ(cycle.total_cycles, analytic.total_cycles) << i;
    EXPECT_EQ(cycle.dram.ofmap.stop, analytic.dram.ofmap.stop) << i;
  }
}

TEST(Cycles, OfOneMultiplyAccumulateAreZeroAndUtilizationStaysFinite) {
  const LayerResult result = evaluate(
      configuration(Dataflow::output_stationary, 1, 1), product_layer(1, 1, 1));
  EXPECT_EQ(result.total_cycles, 0);
  EXPECT_EQ(result.overall_utilization, 1);
}

}  // namespace
}  // namespace headroom::scalesim
