// Stalls with a given bandwidth.
#include "sim/scalesim/double_buffer.h"

#include <random>

#include "tests/sim/scalesim/support.h"

namespace headroom::scalesim {
namespace {

Configuration with_bandwidth(Configuration array, PerMemory<std::int64_t> bandwidth) {
  array.user_bandwidth = true;
  array.bandwidth = bandwidth;
  return array;
}

constexpr PerMemory<std::int64_t> fast{1 << 20, 1 << 20, 1 << 20};

// The same rules, cycle by cycle: the array goes on when every interface has let the words of its
// cycle pass. Returns the cycles waited.
std::int64_t waited_cycle_by_cycle(
    const Folding& folding, const PerMemory<DramStream>& streams,
    const PerMemory<std::int64_t>& bandwidth, std::int64_t fold_cycles) {
  struct Half {
    const DramStream* stream;
    std::int64_t rate;
    bool fetches;
    std::int64_t passed = 0;   // words that the array has read or made
    std::int64_t serving = 0;  // half that it works on
    std::int64_t moving = 0;   // words still to move of the half that moves
  };
  Half halves[] = {
      {&streams.ifmap, bandwidth.ifmap, true},
      {&streams.filter, bandwidth.filter, true},
      {&streams.ofmap, bandwidth.ofmap, false}};
  const auto size = [](const Half& half, std::int64_t index) {
    const std::int64_t left = half.stream->words - index * half.stream->half;
    return std::max<std::int64_t>(0, std::min(half.stream->half, left));
  };
  for (Half& half : halves) half.moving = half.fetches ? size(half, 1) : 0;
  std::int64_t waited = 0;
  for (std::int64_t cycle = 0; cycle < folding.count() * fold_cycles;) {
    bool wait = false;
    for (Half& half : halves) {
      // The words of this cycle, over as many halves as have come (gone).
      while (half.passed < half.stream->words &&
             half.stream->cycle_of_word(half.passed + 1, fold_cycles) == cycle) {
        if (half.passed == (half.serving + 1) * half.stream->half) {
          if (half.moving > 0) break;
          ++half.serving;
          half.moving = size(half, half.fetches ? half.serving + 1 : half.serving - 1);
        }
        ++half.passed;
      }
      wait = wait || (half.passed < half.stream->words &&
                      half.stream->cycle_of_word(half.passed + 1, fold_cycles) == cycle);
    }
    if (wait)
      ++waited;
    else
      ++cycle;
    for (Half& half : halves) half.moving = std::max<std::int64_t>(0, half.moving - half.rate);
  }
  return waited;
}

TEST(DoubleBuffer, AgreesWithEveryCycleListed) {
  std::mt19937 generator(11);
  const auto pick = [&](int most) {
    return std::uniform_int_distribution<int>(1, most)(generator);
  };
  int with_stalls = 0;
  for (int i = 0; i < 60; ++i) {
    const Configuration array = configuration(static_cast<Dataflow>(i % 3), pick(16), pick(16));
    const Layer layer = product_layer(pick(60), pick(60), pick(60));
    const Folding folding(array.dataflow, array.rows, array.columns, layer.product());
    const PerMemory<std::int64_t> sram{100 * pick(8), 100 * pick(8), 16 * pick(40)};
    const PerMemory<DramStream> streams = dram_streams(folding, layer, sram);
    const PerMemory<std::int64_t> bandwidth{pick(12), pick(12), pick(12)};
    const std::int64_t fold_cycles = folding.beats + 2 * array.rows + array.columns;
    const Timeline timeline = double_buffered(folding, streams, bandwidth, fold_cycles);
    const std::int64_t waited = timeline.end - folding.count() * fold_cycles;
    with_stalls += waited > 0 ? 1 : 0;
    EXPECT_EQ(waited, waited_cycle_by_cycle(folding, streams, bandwidth, fold_cycles)) << i;
  }
  EXPECT_GT(with_stalls, 20);
}

TEST(DoubleBuffer, AFullyConnectedLayerIsAsFastAsItsWeightsArrive) {
  // One row of A: 1024 x 1024 weights pass once, 16 a cycle; the array itself needs 34751 cycles.
  const Configuration array = configuration(Dataflow::output_stationary, 32, 32);
  const LayerResult result = evaluate(
      with_bandwidth(array, {1 << 20, 16, 1 << 20}), product_layer(1, 1024, 1024));
  EXPECT_EQ(result.total_cycles - result.stall_cycles, 34751);
  const double transfer = 1024.0 * 1024 / 16;
  const double first_half = 32750.0 / 16;  // there before cycle 0
  EXPECT_GT(static_cast<double>(result.total_cycles), transfer - first_half);
  EXPECT_LT(static_cast<double>(result.total_cycles), transfer + first_half);
  EXPECT_EQ(result.dram.filter.words, 1024 * 1024);
  EXPECT_EQ(result.dram.filter.start, -2047);
}

TEST(DoubleBuffer, MoreBandwidthIsNeverSlowerAndEnoughIsFree) {
  std::mt19937 generator(5);
  const auto pick = [&](int most) {
    return std::uniform_int_distribution<int>(1, most)(generator);
  };
  for (int i = 0; i < 100; ++i) {
    const Configuration array = configuration(
        static_cast<Dataflow>(i % 3), 8 * pick(8), 8 * pick(8), pick(8));
    const Layer layer = product_layer(pick(900), pick(900), pick(900));
    const PerMemory<std::int64_t> rate{pick(40), pick(40), pick(40)};
    const std::int64_t slow = evaluate(with_bandwidth(array, rate), layer).stall_cycles;
    const PerMemory<std::int64_t> more{
        rate.ifmap + pick(9), rate.filter + pick(9), rate.ofmap + pick(9)};
    EXPECT_LE(evaluate(with_bandwidth(array, more), layer).stall_cycles, slow) << i;
    EXPECT_LE(
        evaluate(with_bandwidth(array, fast), layer).stall_cycles,
        swaps(dram_streams(Folding(array.dataflow, array.rows, array.columns, layer.product()),
                           layer, array.sram_words)))
        << i;
  }
}

TEST(DoubleBuffer, OperandsThatFitHalfTheirSramNeverStall) {
  const Configuration array = configuration(Dataflow::weight_stationary, 16, 16, 1024);
  const LayerResult result = evaluate(
      with_bandwidth(array, {1, 1, 1}), product_layer(300, 200, 100));
  EXPECT_EQ(result.stall_cycles, 0);
  EXPECT_EQ(result.dram.ifmap.start, -300 * 100);
  EXPECT_EQ(result.dram.ifmap.stop, -1);
  EXPECT_EQ(result.dram.ofmap.start, result.total_cycles + 1);
  EXPECT_EQ(result.dram.ofmap.stop, result.total_cycles + 300 * 200 * 7);
  EXPECT_EQ(result.cycles_with_prefetch, result.dram.ofmap.stop + 300 * 100);
}

TEST(DoubleBuffer, AHopelesslySmallSramIsRefused) {
  Layer layer = product_layer(1 << 20, 1 << 12, 1 << 12);
  layer.at = {"t.csv", 2, 1};
  EXPECT_EQ(
      message_of([&] {
        static_cast<void>(evaluate(
            with_bandwidth(configuration(Dataflow::weight_stationary, 1, 1, 1), fast), layer));
      }).substr(0, 46),
      "t.csv:2:1: layer 'product': found words for 69");
}

}  // namespace
}  // namespace headroom::scalesim
