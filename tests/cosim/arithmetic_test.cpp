// dot_accumulate, accumulate_fold and the single-format elements against models/numerics/dot.h, bit
// for bit; and the assertion canary.
#include <gtest/gtest.h>
#include <verilated.h>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <vector>

#include "Vassertion_canary.h"
#include "models/base/random.h"
#include "tests/cosim/dot_cases.h"
#include "tests/cosim/dot_rtl.h"
#include "tests/support/effort.h"
#include "tests/support/seed.h"

namespace headroom {
namespace {

std::vector<Format> all_formats() {
  std::vector<Format> result;
  for (std::size_t i = 0; i < format_names.size(); ++i) result.push_back(static_cast<Format>(i));
  return result;
}

std::string name(const Format& format) { return std::string(to_string(format)); }

// Each format by itself: one ctest entry each.
class DotRtlOf : public testing::TestWithParam<Format> {};
INSTANTIATE_TEST_SUITE_P(Formats, DotRtlOf, testing::ValuesIn(all_formats()),
                         [](const auto& format) { return name(format.param); });

// Truncates like this in the case of a random word, where the format can.
DotParameters parameters_of(Format format, int length, std::uint64_t word) {
  DotParameters p;
  p.format = format;
  p.length = length;
  p.saturate = (word & 1) != 0;
  const bool wide = traits(format).bits > 8;
  if (length > 1 && !is_integer(format) && traits(format).block == 1 && (wide || (word & 2) != 0))
    p.align_bits = 1 + static_cast<int>((word >> 8) % 30);
  check(p);
  return p;
}

// Bit patterns; integers and floats read them in their own way.
constexpr std::array<std::uint32_t, 5> corner_accumulators{
    0x00000000, 0x80000000, 0x00000001, 0x7F7FFFFF, 0xFF800000};

TEST_P(DotRtlOf, AllPairsOfCodesOfEightBitsOrSpecialCodesOfMore) {
  const Format format = GetParam();
  const auto rtl = make_dot_rtl(datapath_of(format), 1);
  std::vector<std::uint32_t> codes = special_codes(format);
  std::vector<std::uint32_t> accumulators(corner_accumulators.begin(), corner_accumulators.end());
  if (traits(format).bits <= 8) {
    codes.clear();
    for (std::uint32_t code = 0; code < 1U << traits(format).bits; ++code) codes.push_back(code);
  } else {
    accumulators = special_codes(Format::fp32);
  }
  DotCase c;
  c.parameters = parameters_of(format, 1, 0);
  std::uint64_t index = 0;
  for (const std::uint32_t a : codes)
    for (const std::uint32_t b : codes) {
      const std::uint64_t word = mix(seed() + index++);
      c.a[0] = a;
      c.b[0] = b;
      // Exact by itself, next to its negative (cancellation), next to it, and at the corners.
      c.scale_a = 120 + word % 16;
      c.scale_b = 120 + (word >> 8) % 16;
      c.accumulator = 0;
      const std::uint32_t product = golden(c);
      accumulators.push_back(product ^ 0x80000000);
      accumulators.push_back((product ^ 0x80000000) + 1);
      accumulators.push_back(product + static_cast<std::uint32_t>(word >> 32));
      for (const std::uint32_t accumulator : accumulators) {
        c.accumulator = accumulator;
        ASSERT_EQ((*rtl)(c), golden(c)) << std::hex << to_string(c);
      }
      accumulators.resize(accumulators.size() - 3);
    }
}

// A sum is -0 only if nothing but -0 went into it: a small number that is cut off is not a zero.
TEST_P(DotRtlOf, SignsOfZeros) {
  const Format format = GetParam();
  const auto rtl = make_dot_rtl(datapath_of(format), 4);
  DotCase c;
  c.scale_a = c.scale_b = 127;
  const std::uint32_t sign = 1U << (traits(format).bits - 1);
  for (std::uint64_t bits = 0; bits <= 30; ++bits) {  // exact, and every align_bits
    c.parameters = parameters_of(format, 4, bits == 0 ? 0 : 2 | (bits - 1) << 8);
    for (std::uint32_t signs = 0; signs < 16; ++signs)
      for (const std::uint32_t accumulator : {0x00000000U, 0x80000000U, 0x00000001U, 0x80000001U}) {
        for (std::size_t i = 0; i < 4; ++i) c.a[i] = ((signs >> i) & 1) != 0 ? sign : 0;
        c.accumulator = accumulator;
        ASSERT_EQ((*rtl)(c), golden(c)) << std::hex << to_string(c);
      }
  }
}

std::vector<Format> block_formats() {
  std::vector<Format> result = all_formats();
  const auto no_block = [](Format format) { return traits(format).block == 1; };
  result.erase(std::remove_if(result.begin(), result.end(), no_block), result.end());
  return result;
}

class BlockScalesRtlOf : public testing::TestWithParam<Format> {};
INSTANTIATE_TEST_SUITE_P(Formats, BlockScalesRtlOf, testing::ValuesIn(block_formats()),
                         [](const auto& format) { return name(format.param); });

TEST_P(BlockScalesRtlOf, AllPairsOfScales) {
  const auto rtl = make_dot_rtl(Datapath::narrow, 4);
  for (std::uint32_t a = 0; a < 256; ++a)
    for (std::uint32_t b = 0; b < 256; ++b) {
      const DotParameters p = parameters_of(GetParam(), 4, 0);
      DotCase c = random_case(p, seed() * 0x10000 + a * 256 + b);
      c.scale_a = a;
      c.scale_b = b;
      ASSERT_EQ((*rtl)(c), golden(c)) << std::hex << to_string(c);
    }
}

class RandomDotRtl : public testing::TestWithParam<std::tuple<Format, int>> {};
INSTANTIATE_TEST_SUITE_P(
    Formats, RandomDotRtl,
    testing::Combine(testing::ValuesIn(all_formats()), testing::Values(1, 4, 8, 16)),
    [](const auto& pair) {
      return name(std::get<0>(pair.param)) + "_" + std::to_string(std::get<1>(pair.param));
    });

TEST_P(RandomDotRtl, EqualsGolden) {
  const auto [format, length] = GetParam();
  const auto rtl = make_dot_rtl(datapath_of(format), length);
  const std::uint64_t cases = length == 1 ? 400'000 : 1'000'000 / static_cast<unsigned>(length);
  for (std::uint64_t i = 0; i < effort(cases); ++i) {
    const std::uint64_t word = mix(seed() * 0x10000000 + i);
    const DotCase c = random_case(parameters_of(format, length, word), word);
    ASSERT_EQ((*rtl)(c), golden(c)) << std::hex << to_string(c) << " " << replay() << " case " << i;
  }
}

class ElementsRtlOf : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Lengths, ElementsRtlOf, testing::Values(1, 4));

TEST_P(ElementsRtlOf, EqualsGoldenInEveryFormat) {
  const int length = GetParam();
  const auto rtl = make_elements_rtl(length);
  for (std::uint64_t i = 0; i < effort(180'000U); ++i) {
    const std::uint64_t word = mix(seed() * 0x20000000 + i);
    // The case seeks out the trouble of one format, and is one for all others too.
    const auto chosen = static_cast<Format>(i % format_names.size());
    DotParameters p{chosen, length, default_align_bits(chosen, length), false};
    DotCase c = random_case(p, word);
    const auto results = (*rtl)(c);
    for (const Format format : all_formats()) {
      c.parameters.format = format;
      c.parameters.align_bits = default_align_bits(format, length);
      ASSERT_EQ(results[static_cast<std::size_t>(format)], golden(c))
          << std::hex << to_string(c) << " " << replay() << " case " << i;
    }
  }
}

TEST(AccumulateFoldRtl, FloatEqualsGolden) {
  const auto rtl = make_fold_rtl(false);
  const DotParameters p;
  const auto specials = special_codes(Format::fp32);
  for (const std::uint32_t x : specials)
    for (const std::uint32_t y : specials)
      ASSERT_EQ((*rtl)(x, y, false), accumulate_fold(p, x, y)) << std::hex << x << " + " << y;
  for (std::uint64_t i = 0; i < effort(1'000'000U); ++i) {
    const std::uint64_t word = mix(seed() * 0x30000000 + i);
    const auto x = static_cast<std::uint32_t>(word);
    auto y = static_cast<std::uint32_t>(word >> 32);
    if (i % 3 == 0) y = (x + ((y % 61) << 23) - (30U << 23)) ^ (y & 0x807FFFFF);
    if (i % 3 == 1) y = (x ^ 0x80000000) + y % 5 - 2;
    ASSERT_EQ((*rtl)(x, y, false), accumulate_fold(p, x, y))
        << std::hex << x << " + " << y << " " << replay();
  }
}

TEST(AccumulateFoldRtl, IntegerEqualsGolden) {
  const auto rtl = make_fold_rtl(true);
  for (std::uint64_t i = 0; i < effort(200'000U); ++i) {
    const std::uint64_t word = mix(seed() * 0x40000000 + i);
    const DotParameters p{Format::int8, 1, 0, i % 2 == 0};
    const auto x = static_cast<std::uint32_t>(word);
    auto y = static_cast<std::uint32_t>(word >> 32);
    if (i % 4 < 2) y = 0x7FFFFFFF - x + y % 5 - 2;  // at the edge of overflow
    ASSERT_EQ((*rtl)(x, y, p.saturate), accumulate_fold(p, x, y))
        << std::hex << x << " + " << y << " " << replay();
  }
}

void clock(Vassertion_canary& canary, bool fail) {
  canary.fail_i = fail;
  for (const int level : {0, 1}) {
    canary.clk_i = static_cast<CData>(level);
    canary.eval();
  }
}

TEST(AssertionCanary, SingsOnlyWhenProvoked) {
  VerilatedContext context;
  Vassertion_canary canary(&context);
  clock(canary, false);
  // Verilator reports on standard output and then aborts; the exit is what can be matched here.
  EXPECT_EXIT(clock(canary, true), testing::KilledBySignal(SIGABRT), "");
}

}  // namespace
}  // namespace headroom
