// Linear layers in a narrow format: which products get it, and what the casts cost.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "sim/mapping/program.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

constexpr double close = 1e-12;

ChipDescription chip_with(Format format, double rate) {
  ChipDescription chip = small_chip();
  chip.matrix.rate[format] = rate;
  return chip;
}

// The closed form of engines that do `rate` times as much a cycle.
ArrayCycles array_at(const ChipDescription& chip, int rate) {
  ChipDescription faster = chip;
  faster.matrix.dot_length *= rate;
  return analytic_array(faster);
}

KernelMapper narrow_mapper(const ChipDescription& chip, Format format, int rate) {
  const ArrayCycles wide = analytic_array(chip), narrow = array_at(chip, rate);
  return {chip, Engines{Format::bf16, wide, wide}, Engines{format, narrow, narrow}};
}

TEST(NarrowProduct, TakesHalfTheCyclesAndBytesOfItsOperands) {
  const ChipDescription chip = chip_with(Format::fp8_e4m3, 2);
  const KernelMapper mapper = narrow_mapper(chip, Format::fp8_e4m3, 2);
  const Product product{4096, 4096, 4096};
  const Kernel wide = mapper.product("p", product),
               narrow = mapper.product("p", product, -1, Width::narrow);
  EXPECT_NEAR(
      static_cast<double>(total(narrow).matrix_cycles) /
          static_cast<double>(total(wide).matrix_cycles),
      0.5, 0.02);
  EXPECT_LT(total(narrow).load, total(wide).load);
  EXPECT_EQ(total(narrow).store, total(wide).store);
  // Both are measured against the peak of the narrow format.
  EXPECT_DOUBLE_EQ(narrow.nameplate_flops, chip.peak(Format::fp8_e4m3));
  EXPECT_DOUBLE_EQ(wide.nameplate_flops, narrow.nameplate_flops);
}

TEST(NarrowProduct, OneFormatHasNoOther) {
  const ChipDescription chip = small_chip();
  const KernelMapper mapper = analytic_mapper(chip);
  EXPECT_FALSE(mapper.narrows());
  const Product product{512, 512, 512};
  EXPECT_EQ(total(mapper.product("p", product, -1, Width::narrow)).matrix_cycles,
            total(mapper.product("p", product)).matrix_cycles);
}

// A scale of a whole tensor is known after a pass over it; scales of blocks as they come.
TEST(Cast, ReadsTwiceWhereATensorHasOneScale) {
  const double elements = 1 << 20;
  const auto moved = [&](Format format) {
    const Tile sum = total(narrow_mapper(chip_with(format, 2), format, 2).cast("p", elements));
    return std::pair(sum.load.si() / elements, sum.store.si() / elements);
  };
  EXPECT_NEAR(moved(Format::fp8_e4m3).first, 4, close);
  EXPECT_NEAR(moved(Format::fp8_e4m3).second, 2, close);
  EXPECT_NEAR(moved(Format::mxfp8_e4m3).first, 2, close);
  EXPECT_NEAR(moved(Format::mxfp8_e4m3).second, 2 * (1 + 1.0 / 32), close);
  EXPECT_NEAR(moved(Format::nvfp4).first, 4, close);
  EXPECT_NEAR(moved(Format::nvfp4).second, 2 * (0.5 + 1.0 / 16), close);
}

std::map<std::string, const Kernel*> kernels_of(const Program& program) {
  std::map<std::string, const Kernel*> kernels;
  for (const Section& section : program.sections)
    for (const Command& command : section.commands)
      if (command.kernel != nullptr) kernels[command.kernel->name] = command.kernel.get();
  return kernels;
}

TEST(NarrowProgram, CastsInputsAndGradientsOfLinearLayersOnly) {
  Experiment experiment = small_experiment();
  experiment.plan.format = Format::fp8_e4m3;
  experiment.chip = chip_with(Format::fp8_e4m3, 2);
  const KernelMapper narrow = narrow_mapper(experiment.chip, Format::fp8_e4m3, 2),
                     wide = analytic_mapper(experiment.chip);
  const ProgramBuilder with(experiment, narrow), without(experiment, wide);
  const Chunk chunk = split_layers(experiment.model.layers, 1).front();
  const auto forward = kernels_of(with.forward(chunk, false)),
             backward = kernels_of(with.backward(chunk, false, false));
  std::size_t casts = 0;
  for (const auto& [name, kernel] : forward)
    if (name.find(" cast") != std::string::npos) ++casts;
  EXPECT_EQ(casts, 4U) << "qkv, output, up and down";
  EXPECT_EQ(forward.size(), kernels_of(without.forward(chunk, false)).size() + casts);
  EXPECT_EQ(backward.size(), kernels_of(without.backward(chunk, false, false)).size() + casts);
  EXPECT_EQ(forward.count("output head cast"), 0U);
  EXPECT_EQ(backward.count("qkv projection cast gradient"), 1U);
}

}  // namespace
}  // namespace headroom
