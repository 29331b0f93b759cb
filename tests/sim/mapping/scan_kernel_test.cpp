#include "sim/mapping/scan_kernel.h"

#include <gtest/gtest.h>

#include "sim/workload/graph.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

// 64 chunks of 128 tokens, 64 heads of 64 features in 8 groups, 128 numbers of state.
Operator sixty_four_chunks() {
  Operator scan;
  scan.name = "scan";
  scan.kind = OperatorKind::scan;
  scan.batch = 1;
  scan.tokens = scan.sequence = 8192;
  scan.heads = 64;
  scan.head_dim = 64;
  scan.state = scan.chunk = 128;
  scan.state_groups = 8;
  return scan;
}

TEST(ScanKernel, FusedItCostsProductsOfItsChunks) {
  const ChipDescription chip = small_chip();
  const KernelMapper mapper = analytic_mapper(chip);
  const std::vector<Kernel> forward = mapper.scan(sixty_four_chunks(), Direction::forward),
                            backward = mapper.scan(sixty_four_chunks(), Direction::backward);
  ASSERT_EQ(forward.size(), 1U);
  ASSERT_EQ(backward.size(), 1U);
  // For each head 128 x 64 x (128 + 128 + 128), for each group 128 x 128 x 128.
  const double flops = 2.0 * 64 * (64.0 * 128 * 64 * 384 + 8 * 128.0 * 128 * 128);
  const double ideal = flops / (2.0 * 16 * 64 * 64);  // cycles of sixteen 64 x 64 arrays
  const auto cycles = static_cast<double>(total(forward.front()).matrix_cycles);
  EXPECT_GE(cycles, ideal);
  EXPECT_LT(cycles, 2 * ideal);
  EXPECT_NEAR(static_cast<double>(total(backward.front()).matrix_cycles) / cycles, 3, 0.01);
  EXPECT_DOUBLE_EQ(backward.front().model_flops, 2 * forward.front().model_flops);
}

struct Sum {
  double read = 0, written = 0, matrix_cycles = 0, model_flops = 0;
};

Sum sum(const std::vector<Kernel>& kernels) {
  Sum all;
  for (const Kernel& kernel : kernels) {
    const Tile whole = total(kernel);
    all.read += whole.load.si();
    all.written += whole.store.si();
    all.matrix_cycles += static_cast<double>(whole.matrix_cycles);
    all.model_flops += kernel.model_flops;
  }
  return all;
}

class SeparateScan : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<Kernel> scan(Direction direction) const {
    Fusion fusion;
    fusion.scan = false;
    return analytic_mapper(chip_, fusion).scan(sixty_four_chunks(), direction);
  }
  ChipDescription chip_ = small_chip();
};

// Counted by hand in bytes a token: 64 x 64 features, 8 x 128 inputs, 64 time steps, states of
// 64 x 64 x 128 / 128 numbers, 8 x 128 products of C and B.
TEST_F(SeparateScan, ForwardMovesStatesThroughMemory) {
  const std::vector<Kernel> kernels = scan(Direction::forward);
  EXPECT_EQ(kernels.size(), 5U);
  const double features = 4096, inputs = 1024, times = 64, states = 4096, scores = 1024;
  const double time_steps = 2 * times, chunk_state = 2 * (features + inputs) + 8 * times,
               passing = 4 * states, products = 2 * 2 * inputs,
               chunk_scan = 4 * scores + 2 * (features + inputs + states) + 8 * times;
  const double read = time_steps + chunk_state + passing + products + chunk_scan;
  const double written = 8 * times + 4 * states + 2 * states + 4 * scores + 2 * features;
  EXPECT_NEAR(sum(kernels).read, 8192 * read, 1);
  EXPECT_NEAR(sum(kernels).written, 8192 * written, 1);
}

TEST_F(SeparateScan, ProductsAreThoseOfTheFusedKernel) {
  const KernelMapper fused = analytic_mapper(chip_);
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const Sum apart = sum(scan(direction)), whole = sum(fused.scan(sixty_four_chunks(), direction));
    EXPECT_DOUBLE_EQ(apart.model_flops, whole.model_flops);
    // Backward does the mask of a chunk twice more than two gradients of each product need.
    const double least = direction == Direction::forward ? 1 : 0.9,
                 most = direction == Direction::forward ? 1 : 1.2;
    EXPECT_GE(apart.matrix_cycles, 0.99 * least * whole.matrix_cycles);
    EXPECT_LE(apart.matrix_cycles, 1.01 * most * whole.matrix_cycles);
    EXPECT_GT(apart.read + apart.written, 3 * (whole.read + whole.written));
  }
}

TEST_F(SeparateScan, BackwardSaysWhatEachKernelIs) {
  const std::vector<Kernel> kernels = scan(Direction::backward);
  EXPECT_EQ(kernels.size(), 20U);
  for (const Kernel& kernel : kernels) EXPECT_EQ(kernel.name.rfind("scan, ", 0), 0U) << kernel.name;
}

}  // namespace
}  // namespace headroom
