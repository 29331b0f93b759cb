// Kernels: their tiles add up to the work that the operators state.
#include "sim/mapping/kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "models/vector_unit/vector_unit.h"
#include "sim/mapping/attention_blocks.h"
#include "sim/mapping/attention_warps.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

constexpr double close = 1e-12;

std::vector<Product> products() {
  return {{1, 1, 1},          {1, 64, 64},         {63, 65, 127},       {64, 64, 64},
          {4096, 4096, 4096}, {8192, 28672, 4096}, {2048, 6283, 12288}, {7, 100000, 3}};
}

TEST(ProductKernel, TilesAddUpToTheTiling) {
  for (const double supply : {1.0, 0.83}) {
    for (const Product& product : products()) {
      SCOPED_TRACE(std::to_string(product.m) + " x " + std::to_string(product.n) + " x " +
                   std::to_string(product.k));
      ChipDescription chip = small_chip();
      chip.matrix.operand_supply = supply;
      const Kernel kernel = analytic_mapper(chip).product("product", product);
      const Tiling tiling = choose_tiling(chip, product, analytic_array(chip));
      const Tile sum = total(kernel);
      EXPECT_NEAR(sum.load / tiling.load, 1, close);
      EXPECT_NEAR(sum.store / tiling.store, 1, close);
      EXPECT_EQ(sum.matrix_cycles, static_cast<Cycles>(std::llround(tiling.on_chip)));
      EXPECT_EQ(sum.vector_cycles, 0U);
      EXPECT_NEAR(kernel.on_chip_stall, 1 - supply, close);
      EXPECT_DOUBLE_EQ(
          kernel.model_flops,
          2.0 * static_cast<double>(product.m) * static_cast<double>(product.n) *
              static_cast<double>(product.k));
      EXPECT_EQ(kernel.recompute_flops, 0);
    }
  }
}

TEST(ProductKernel, FlopsOfPaddingAreNotTheModels) {
  const ChipDescription chip = small_chip();
  const Kernel kernel = analytic_mapper(chip).product("product", {16, 16, 16}, 100);
  EXPECT_EQ(kernel.model_flops, 100);
}

Operator attention_of(std::int64_t sequence) {
  const ModelDescription model = small_model();
  for (const Operator& op : layer_forward(model, {2, sequence, 1}))
    if (op.kind == OperatorKind::attention) return op;
  return {};
}

TEST(AttentionKernel, CountsCausalFlopsAndTheScoresThatItRepeats) {
  const ChipDescription chip = small_chip();
  const KernelMapper mapper = analytic_mapper(chip);
  const Operator op = attention_of(1000);
  const double forward = 4.0 * 2 * 16 * 64 * (1000.0 * 1001 / 2);
  EXPECT_DOUBLE_EQ(mapper.attention(op, Direction::forward).front().model_flops, forward);
  EXPECT_EQ(mapper.attention(op, Direction::forward).front().recompute_flops, 0);
  EXPECT_DOUBLE_EQ(mapper.attention(op, Direction::backward).front().model_flops, 2 * forward);
  EXPECT_DOUBLE_EQ(mapper.attention(op, Direction::backward).front().recompute_flops, forward / 2);
}

KernelMapper mapper_with(const ChipDescription& chip, const AttentionKernel& attention) {
  return {chip, Format::bf16, analytic_array(chip), analytic_array(chip), attention};
}

TEST(AttentionKernel, SeparateKernelsMoveTheScoresAndDoTheSameMathematics) {
  const ChipDescription chip = small_chip();
  AttentionKernel separate;
  separate.fused = false;
  const KernelMapper mapper = mapper_with(chip, separate);
  const Operator op = attention_of(1024);
  const double scores = 2.0 * 16 * 1024 * 1024 * 2;  // bytes of all of them, masked ones too
  for (const auto& [direction, passes] :
       {std::pair(Direction::forward, 4.0), std::pair(Direction::backward, 7.0)}) {
    double moved = 0, flops = 0;
    for (const Kernel& kernel : mapper.attention(op, direction)) {
      moved += (total(kernel).load + total(kernel).store).si();
      flops += kernel.model_flops;
    }
    const double fused_flops = analytic_mapper(chip).attention(op, direction).front().model_flops;
    EXPECT_NEAR(flops / fused_flops, 1, close);
    EXPECT_GT(moved, passes * scores - 1);
    EXPECT_LT(moved, (passes + 1) * scores);
  }
}

// The bytes of a block of FlashAttention 2, by hand, heads of 128. Forward: 4 warps share 128 x 64
// scores along the queries. Backward: 8 warps, 4 along the longer side, 2 along the other.
TEST(AttentionKernel, WarpsReadTheirOperandsForThemselves) {
  const WarpTile forward = warp_tile(128, true);
  EXPECT_EQ(forward.queries, 128);
  EXPECT_EQ(forward.keys, 64);
  // Queries once, keys by each warp; values by each warp; both arrive.
  EXPECT_EQ(warp_traffic(forward, 128, true), 2 * 128 * (128.0 + 4 * 64 + 4 * 64 + 2 * 64));
  const WarpTile backward = warp_tile(128, false);
  EXPECT_EQ(backward.queries, 64);
  EXPECT_EQ(backward.keys, 128);
  const double scores = 128.0 * (64 * 4 + 128 * 2);  // twice
  const double values = 64.0 * (128 * 2 + 128 * 4);  // and keys
  const double queries = 128.0 * (64 * 4 + 128 * 2);
  const double written = 2.0 * 64 * 128 + 2.0 * 64 * 128;
  EXPECT_EQ(warp_traffic(backward, 128, false), 2 * (2 * scores + 2 * values + queries + written));
}

// Each fact acts on the part that it names.
TEST(AttentionKernel, FactsOfAKernelChangeItsTime) {
  ChipDescription chip = small_chip();
  chip.scratchpad.reduced_bytes_per_cycle = 64;
  const Operator op = attention_of(1024);
  const auto kernels = [&](const AttentionKernel& attention, Direction direction) {
    return mapper_with(chip, attention).attention(op, direction);
  };
  const auto work = [&](const AttentionKernel& attention, Direction direction) {
    const std::vector<Kernel> all = kernels(attention, direction);
    return total(all.size() > 1 ? all[1] : all[0]);
  };
  AttentionKernel warp, adds, overlaps, seen;
  warp.warp_instructions = adds.adds_query_gradients = overlaps.softmax_overlaps = true;
  seen.forward_share = 0.25;
  const auto cycles = [](Cycles c) { return static_cast<double>(c); };
  const double plain = cycles(work({}, Direction::forward).matrix_cycles);

  // Half the rate, where the port of the scratchpad suffices; else its bytes.
  chip.matrix.warp_rate = 0.5;
  chip.scratchpad.bytes_per_cycle = 1e9;
  const double at_half = cycles(work(warp, Direction::forward).matrix_cycles);
  chip.matrix.warp_rate = 1;
  const double at_full = cycles(work(warp, Direction::forward).matrix_cycles);
  EXPECT_NEAR(at_half, 2 * at_full, 1);
  chip.scratchpad.bytes_per_cycle = 4;
  // 8 rows of 128 queries see 2 (1 + ... + 8) = 72 blocks of 64 keys; 2 x 16 heads on 16 cores.
  const AttentionBlocks blocks = attention_blocks(op, 128, 128);
  EXPECT_NEAR(cycles(work(warp, Direction::forward).matrix_cycles),
              2 * blocks.per_head * warp_traffic(warp_tile(64, true), 64, true) / 4, 1);

  EXPECT_EQ(
      work(adds, Direction::forward).vector_cycles, work({}, Direction::forward).vector_cycles);
  // Every block adds 512 x 64 fp32 numbers.
  const double added = 2 * 16 * 3 * 512.0 * 64 * 4 / 64;
  EXPECT_NEAR(cycles(work(adds, Direction::backward).vector_cycles),
              cycles(work({}, Direction::backward).vector_cycles) + added, 1);
  ASSERT_EQ(kernels(adds, Direction::backward).size(), 3U);
  EXPECT_NEAR(total(kernels(adds, Direction::backward)[0]).store.si(), 2.0 * 1024 * 16 * 64 * 4, 1);
  EXPECT_NEAR(total(kernels(adds, Direction::backward)[2]).load.si(), 2.0 * 1024 * 16 * 64 * 4, 1);

  // What was seen of a kernel holds for softmax too.
  EXPECT_NEAR(cycles(work(seen, Direction::forward).matrix_cycles),
              4 * plain * chip.matrix.operand_supply, 1);
  EXPECT_EQ(work(seen, Direction::forward).vector_cycles, 0U);

  EXPECT_FALSE(kernels(overlaps, Direction::forward).front().vector_holds_matrix);
  chip.matrix.softmax_overlap = 0.25;
  EXPECT_TRUE(kernels(overlaps, Direction::forward).front().vector_holds_matrix);
  EXPECT_NEAR(cycles(work(overlaps, Direction::forward).vector_cycles),
              0.75 * cycles(work({}, Direction::forward).vector_cycles), 1);
}

// Keys and values stay on the chip here, so that all tensors move once.
TEST(AttentionKernel, MovesEveryTensorOnce) {
  const ChipDescription chip = small_chip();
  const KernelMapper mapper = analytic_mapper(chip);
  const double query = 2.0 * 1024 * 16 * 64 * 2, keys_and_values = 2 * 2.0 * 1024 * 8 * 64 * 2;
  const Tile forward = total(mapper.attention(attention_of(1024), Direction::forward).front());
  EXPECT_NEAR(forward.load.si() / (query + keys_and_values), 1, close);
  EXPECT_NEAR(forward.store.si() / query, 1, close);
  const Tile backward = total(mapper.attention(attention_of(1024), Direction::backward).front());
  EXPECT_NEAR(backward.load.si() / (3 * query + keys_and_values), 1, close);
  EXPECT_NEAR(backward.store.si() / (query + keys_and_values), 1, close);
}

// Blocks of 512 x 512 scores: cores take ceil(blocks / cores) each, or the longest row of them.
TEST(AttentionKernel, CyclesAreThoseOfItsBlocks) {
  const ChipDescription chip = small_chip();
  const KernelMapper mapper = analytic_mapper(chip);
  const ArrayCycles array = analytic_array(chip);
  for (const std::int64_t sequence : {512, 1024, 1536, 4096, 8192}) {
    SCOPED_TRACE(sequence);
    const double rows = static_cast<double>(sequence) / 512;
    const double blocks = std::max(std::ceil(2 * 16 * rows * (rows + 1) / 2 / 16), rows);
    const double per_block = (static_cast<double>(array({512, 512, 64 * 16})) +
                              static_cast<double>(array({512, 64, 512 * 16}))) /
                             16;
    const Tile forward = total(
        mapper.attention(attention_of(sequence), Direction::forward).front());
    EXPECT_EQ(forward.matrix_cycles, static_cast<Cycles>(std::llround(blocks * per_block)));
    const double scores = 512.0 * 512;
    EXPECT_EQ(
        forward.vector_cycles, static_cast<Cycles>(blocks * (scores * 4 / 128 + scores / 32)));
  }
}

// Nothing is lost where the blocks do not divide by the steps of a kernel.
TEST(AttentionKernel, VectorCyclesAreSpreadExactly) {
  ChipDescription chip = small_chip();
  chip.vector = {127, 31};
  const Tile forward = total(
      analytic_mapper(chip).attention(attention_of(1536), Direction::forward).front());
  const Cycles block = vector_cycles(chip.vector, 1, {512.0 * 512 * 4, 512.0 * 512});
  EXPECT_EQ(forward.vector_cycles, 12 * block);
}

Operator chain() {
  Operator op;
  op.name = "chain";
  op.tokens = 1000;
  op.reads = 300;
  op.writes = 200;
  op.operations = 1000;
  op.exponentials = 70;
  return op;
}

// Steps are of equal length: a kernel may take up to one cycle more in each.
void expect_vector_work(const Kernel& kernel, const ChipDescription& chip, const VectorWork& work) {
  const Cycles exact = vector_cycles(chip.vector, chip.cores, work);
  EXPECT_GE(total(kernel).vector_cycles, exact);
  EXPECT_LT(total(kernel).vector_cycles, exact + 12);
  EXPECT_EQ(total(kernel).matrix_cycles, 0U);
  EXPECT_EQ(kernel.model_flops, 0);
}

TEST(ElementwiseKernel, ReadsWritesAndComputesWhatItsOperatorStates) {
  const ChipDescription chip = small_chip();
  const KernelMapper mapper = analytic_mapper(chip);
  const Kernel forward = mapper.elementwise(chain(), Direction::forward).front();
  EXPECT_NEAR(total(forward).load.si(), 1000 * 300 * 2, close * 1e6);
  EXPECT_NEAR(total(forward).store.si(), 1000 * 200 * 2, close * 1e6);
  expect_vector_work(forward, chip, {1e6, 7e4});
  // Backward: inputs and the gradient of the output in, the gradient of the inputs out.
  const Kernel backward = mapper.elementwise(chain(), Direction::backward).front();
  EXPECT_NEAR(total(backward).load.si(), 1000 * (300 + 200) * 2, close * 1e6);
  EXPECT_NEAR(total(backward).store.si(), 1000 * 300 * 2, close * 1e6);
  expect_vector_work(backward, chip, {2e6, 7e4});
}

// A stack that fuses nothing runs kernel after kernel; the loss is a fact of its own.
TEST(ElementwiseKernel, WhatIsNotFusedMovesMoreInMoreKernels) {
  const ChipDescription chip = small_chip();
  Operator op = chain();
  op.apart_forward = {900, 600, 3};
  const auto kernels = [&](bool elementwise, bool loss) {
    Fusion fusion;
    fusion.elementwise = elementwise;
    fusion.loss = loss;
    return KernelMapper(chip, Format::bf16, analytic_array(chip), analytic_array(chip), {}, fusion)
        .elementwise(op, Direction::forward);
  };
  EXPECT_EQ(kernels(true, false).size(), 1U);
  ASSERT_EQ(kernels(false, true).size(), 3U);
  EXPECT_NEAR(total(kernels(false, true)[0]).load.si(), 1000 * 300 * 2, close * 1e6);
  EXPECT_NEAR(total(kernels(false, true)[2]).store.si(), 1000 * 200 * 2, close * 1e6);
  op.fused = Fused::loss;
  EXPECT_EQ(kernels(false, true).size(), 1U);
  EXPECT_EQ(kernels(true, false).size(), 3U);
}

// Work that fusion makes part of other kernels is no kernel then.
TEST(ElementwiseKernel, IsNoneWhereItIsPartOfOthers) {
  const ChipDescription chip = small_chip();
  Operator op = chain();
  op.reads = op.writes = 0;
  op.apart_forward = {700, 700, 6};
  for (const Fused fused : {Fused::expert_bias, Fused::dispatch}) {
    op.fused = fused;
    Fusion fusion;
    EXPECT_TRUE(analytic_mapper(chip, fusion).elementwise(op, Direction::forward).empty());
    (fused == Fused::dispatch ? fusion.dispatch : fusion.expert_bias) = false;
    const std::vector<Kernel>
        apart = analytic_mapper(chip, fusion).elementwise(op, Direction::forward);
    EXPECT_EQ(apart.size(), 6U);
    EXPECT_NEAR(total(apart[0]).load.si(), 1000.0 * 700 * 2 / 6, close * 1e6);
  }
}

TEST(UpdateKernel, TouchesEveryStateOnce) {
  struct Case {
    Optimizer optimizer;
    OptimizerState state;
    double read, written, operations, transcendentals;  // of a parameter
  };
  const ChipDescription chip = small_chip();
  for (const Case& c :
       {Case{Optimizer::adam, OptimizerState::fp32, 16, 14, 12, 2},
        Case{Optimizer::adamw, OptimizerState::fp32, 16, 14, 13, 2},
        Case{Optimizer::adamw, OptimizerState::bf16, 12, 10, 13, 2},
        Case{Optimizer::adamw, OptimizerState::int8, 10 + 8.0 / 2048, 8 + 8.0 / 2048, 25, 2},
        Case{Optimizer::sgd, OptimizerState::fp32, 12, 10, 4, 0},
        Case{Optimizer::muon, OptimizerState::bf16, 12, 10, 6, 0}}) {
    const Kernel kernel = analytic_mapper(chip).update(c.optimizer, c.state, 1e6);
    EXPECT_EQ(kernel.name, to_string(c.optimizer));
    EXPECT_NEAR(total(kernel).load.si(), c.read * 1e6, 1e-3) << kernel.name;
    EXPECT_NEAR(total(kernel).store.si(), c.written * 1e6, 1e-3) << kernel.name;
    expect_vector_work(kernel, chip, {c.operations * 1e6, c.transcendentals * 1e6});
    EXPECT_EQ(kernel.purpose, Purpose::optimizer);
  }
  // Norm and clipping read each fp32 gradient twice more.
  const Kernel passes = analytic_mapper(chip).update(Optimizer::adam, OptimizerState::fp32, 1e6, 2);
  EXPECT_NEAR(total(passes).load.si(), 24e6, 1e-3);
}

// Loads come before the arithmetic that needs them: the first step of a product brings what every
// core's first slice needs, and no more.
TEST(Kernel, StartsWithItsShareOfTheLoads) {
  const ChipDescription chip = small_chip();
  const Product product{8192, 8192, 8192};
  const Kernel kernel = analytic_mapper(chip).product("product", product);
  const Tiling tiling = choose_tiling(chip, product, analytic_array(chip));
  EXPECT_DOUBLE_EQ(kernel.tiles.front().tile.load.si(),
                   tiling.load.si() / static_cast<double>(tiling.waves * tiling.slices));
  // A wave's results fit half of the chip-wide memory: those of the kernel before this one are
  // written all the time.
  EXPECT_TRUE(tiling.posted);
  const double slice = tiling.store.si() / static_cast<double>(tiling.waves * tiling.slices);
  EXPECT_NEAR(kernel.tiles.front().tile.store.si() / slice, 1, 1e-3);
  EXPECT_DOUBLE_EQ(kernel.tiles.back().tile.store.si(), slice);
}

// Without a chip-wide memory the results of a wave are written after it, those of the last one
// after everything.
TEST(Kernel, StoresAfterEachWave) {
  ChipDescription chip = small_chip();
  chip.scratchpad.shared_capacity = Bytes(0);
  const Product product{1024, 1024, 4096};
  const Kernel kernel = analytic_mapper(chip).product("product", product);
  const Tiling tiling = choose_tiling(chip, product, analytic_array(chip));
  ASSERT_LE(tiling.waves, 12);
  const double wave = tiling.store.si() / static_cast<double>(tiling.waves);
  EXPECT_FALSE(tiling.posted);
  EXPECT_EQ(kernel.tiles.front().tile.store.si(), 0);
  EXPECT_DOUBLE_EQ(kernel.tiles.back().tile.store.si(), wave);
}

}  // namespace
}  // namespace headroom
