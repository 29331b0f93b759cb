// bf16_mac.sv and fp32_add.sv against the CPU's fmaf and addition, bit for bit; and the assertion
// canary.
#include <gtest/gtest.h>
#include <verilated.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "Vassertion_canary.h"
#include "Vbf16_mac.h"
#include "Vfp32_add.h"
#include "models/base/random.h"
#include "models/numerics/bf16.h"
#include "models/numerics/fp32.h"

namespace headroom {
namespace {

// Zeros, subnormals, the ends of the normal range, around one, infinities, NaN; both signs.
std::vector<std::uint32_t> fp32_specials() {
  std::vector<std::uint32_t> result;
  for (const std::uint32_t bits :
       {0x00000000U, 0x00000001U, 0x00000002U, 0x007FFFFFU, 0x00800000U, 0x00800001U,
        0x00FFFFFFU, 0x01000000U, 0x0C000000U, 0x33800000U, 0x3F7FFFFFU, 0x3F800000U,
        0x3F800001U, 0x3F810000U, 0x3FFFFFFFU, 0x4B800000U, 0x7F000000U, 0x7F7F0000U,
        0x7F7FFFFFU, 0x7F800000U, 0x7F800001U, 0x7FC00000U, 0x7FFFFFFFU}) {
    result.push_back(bits);
    result.push_back(bits | 0x80000000U);
  }
  return result;
}

std::vector<std::uint16_t> bf16_specials() {
  std::vector<std::uint16_t> result;
  for (const std::uint32_t bits : fp32_specials())
    result.push_back(static_cast<std::uint16_t>(bits >> 16));
  for (const int code :
       {0x0001, 0x0002, 0x0040, 0x007E, 0x007F, 0x8001, 0x807F, 0x1F80, 0x2000, 0x9F81})
    result.push_back(static_cast<std::uint16_t>(code));
  return result;
}

class MacRtl {
 public:
  std::uint32_t operator()(std::uint16_t a, std::uint16_t b, std::uint32_t accumulator) {
    model_.a_i = a;
    model_.b_i = b;
    model_.acc_i = accumulator;
    model_.eval();
    return model_.result_o;
  }

 private:
  VerilatedContext context_;
  Vbf16_mac model_{&context_};
};

class AddRtl {
 public:
  std::uint32_t operator()(std::uint32_t x, std::uint32_t y) {
    model_.x_i = x;
    model_.y_i = y;
    model_.eval();
    return model_.sum_o;
  }

 private:
  VerilatedContext context_;
  Vfp32_add model_{&context_};
};

std::uint64_t seed() {
  const char* text = std::getenv("HEADROOM_SEED");
  return text ? std::strtoull(text, nullptr, 0) : 1;
}

TEST(ArithmeticRtl, MacOnAllSpecials) {
  MacRtl mac;
  for (const std::uint16_t a : bf16_specials())
    for (const std::uint16_t b : bf16_specials())
      for (const std::uint32_t c : fp32_specials())
        ASSERT_EQ(mac(a, b, c), bf16::multiply_add(a, b, c))
            << std::hex << a << " * " << b << " + " << c;
}

TEST(ArithmeticRtl, MacOnRandomCodes) {
  MacRtl mac;
  for (std::uint64_t i = 0; i < 10'000'000; ++i) {
    const std::uint64_t word = mix(seed() * 0x10000000 + i);
    const auto a = static_cast<std::uint16_t>(word), b = static_cast<std::uint16_t>(word >> 16);
    auto c = static_cast<std::uint32_t>(word >> 32);
    // A third of the sums: the accumulator near the product's negative, where cancellation and ties
    // are.
    if (i % 3 == 0)
      c = (bf16::multiply_add(a, b, 0) ^ 0x80000000U) + static_cast<std::uint32_t>(mix(word) % 5) -
          2;
    // Another third: exponents so close that every alignment occurs.
    if (i % 3 == 1)
      c = (bf16::multiply_add(a, b, 0) + ((c % 61) << 23) - (30U << 23)) ^ (c & 0x807FFFFF);
    ASSERT_EQ(mac(a, b, c), bf16::multiply_add(a, b, c))
        << std::hex << a << " * " << b << " + " << c << " seed " << seed() << " case " << std::dec
        << i;
  }
}

TEST(ArithmeticRtl, MacNearTheSmallestNumbers) {
  MacRtl mac;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    const std::uint64_t word = mix(~seed() * 0x10000000 + i);
    // Exponents whose product lies around 2^-149, and an accumulator that is small or subnormal.
    const std::uint64_t exponent = (word >> 40) % 128;
    const auto a = static_cast<std::uint16_t>((word & 0x807F) | (exponent << 7));
    const auto b = static_cast<std::uint16_t>(
        ((word >> 16) & 0x807F) | ((127 - exponent + (word >> 47) % 8) << 7));
    const auto c = static_cast<std::uint32_t>(
        ((word >> 8) & 0x803FFFFF) >> ((word >> 56) % 24 & ~1U));
    ASSERT_EQ(mac(a, b, c), bf16::multiply_add(a, b, c))
        << std::hex << a << " * " << b << " + " << c << " seed " << seed() << " case " << std::dec
        << i;
  }
}

TEST(ArithmeticRtl, AddOnSpecialsAndRandomCodes) {
  AddRtl add;
  for (const std::uint32_t x : fp32_specials())
    for (const std::uint32_t y : fp32_specials())
      ASSERT_EQ(add(x, y), fp32::add(x, y)) << std::hex << x << " + " << y;
  for (std::uint64_t i = 0; i < 2'000'000; ++i) {
    const std::uint64_t word = mix(seed() * 0x20000000 + i);
    const auto x = static_cast<std::uint32_t>(word);
    auto y = static_cast<std::uint32_t>(word >> 32);
    if (i % 2 == 0) y = (x + ((y % 61) << 23) - (30U << 23)) ^ (y & 0x807FFFFF);
    ASSERT_EQ(add(x, y), fp32::add(x, y)) << std::hex << x << " + " << y << " seed " << seed();
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
