// golden, cycle and rtl of the scratchpad on random traffic with and without stalls: words bit for
// bit, the cycle of every grant and response. HEADROOM_SEED and HEADROOM_CASE replay one case.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "models/scratchpad/cosim.h"
#include "models/scratchpad/rtl_pins.h"
#include "tests/models/scratchpad/hand_drawn.h"
#include "tests/support/seed.h"

namespace headroom::scratchpad {
namespace {

void check_cases(const RtlPins::Variant& variant, Pattern pattern, std::uint64_t count) {
  const char* only = std::getenv("HEADROOM_CASE");
  const std::uint64_t first = only != nullptr ? std::strtoull(only, nullptr, 0) : 0;
  for (const Arbitration arbitration : {Arbitration::round_robin, Arbitration::age})
    for (const int latency : {1, 2})
      for (const bool stalls : {true, false}) {
        cosim::Options options;
        options.parameters = *rtl_variant(variant.ports, variant.banks);
        options.parameters.arbitration = arbitration;
        options.parameters.read_latency = latency;
        options.pattern = pattern;
        options.seed = seed();
        options.stalls = stalls;
        for (std::uint64_t i = first; i < (only != nullptr ? first + 1 : count); ++i) {
          SCOPED_TRACE(
              replay() + " HEADROOM_CASE=" + std::to_string(i) + ": " +
              std::to_string(variant.ports) + "x" + std::to_string(variant.banks) + " " +
              std::string(to_string(pattern)) + " " + std::string(to_string(arbitration)) +
              " latency " + std::to_string(latency) + " stalls " + std::to_string(stalls));
          const cosim::Outcome outcome = cosim::run(cosim::draw(options, i));
          ASSERT_EQ(outcome.value_mismatches, 0);
          ASSERT_EQ(outcome.cycle_mismatches, 0);
          ASSERT_EQ(outcome.cycle_error, 0U);
          ASSERT_EQ(outcome.cycle_cycles, outcome.rtl.cycles);
        }
      }
}

void check_pattern(Pattern pattern, std::uint64_t count) {
  for (const RtlPins::Variant& variant : RtlPins::built()) {
    check_cases(variant, pattern, count);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(ScratchpadCosim, Random) { check_pattern(Pattern::random, 12); }
TEST(ScratchpadCosim, Strided) { check_pattern(Pattern::strided, 12); }
TEST(ScratchpadCosim, HotBank) { check_pattern(Pattern::hot_bank, 12); }

// The pictures of docs/blocks/scratchpad.md; tests/models holds cycle to the same.
TEST(ScratchpadCosim, HandDrawn) {
  for (const HandDrawn& one : hand_drawn()) {
    SCOPED_TRACE(one.name);
    const RtlRun run = run_rtl(one.parameters, one.requests, open_edges(one.parameters), false, 7);
    EXPECT_EQ(run.timeline.granted, one.granted);
    EXPECT_EQ(run.timeline.responded, one.responded);
    EXPECT_EQ(run.cycles, one.cycles);
    EXPECT_EQ(run.values, golden::replay(one.parameters, one.requests, one.granted, 7));
  }
}

// The words do not depend on what memory and registers held before: every one is written first.
TEST(ScratchpadCosim, NothingDependsOnPowerUp) {
  const Parameters p = *rtl_variant(2, 4);
  Requests requests(2);
  for (std::int64_t address = 0; address < p.words(); ++address)
    requests[0].push_back(read(address));
  const RtlRun a = run_rtl(p, requests, open_edges(p), false, 11);
  const golden::Memory memory(p, 11);
  for (std::int64_t address = 0; address < p.words(); ++address)
    EXPECT_EQ(a.values[0][static_cast<std::size_t>(address)], memory.read(address));
}

// A comparison that cannot fail proves nothing: another seed's words differ from golden.
TEST(ScratchpadCosim, OtherContentsWouldBeSeen) {
  const Parameters p = *rtl_variant(2, 4);
  const Requests requests{{read(0), read(1)}, {}};
  const RtlRun run = run_rtl(p, requests, open_edges(p), false, 1);
  EXPECT_NE(run.values, golden::replay(p, requests, run.timeline.granted, 2));
}

// An exact closed form is compared where nothing stalls; too few outstanding reads are a stall.
TEST(ScratchpadCosim, ComparesAnalyticOnlyWhereItHolds) {
  cosim::Case one{*rtl_variant(2, 4), {}, 0, 0, 1};
  one.traffic.pattern = Pattern::strided;
  one.traffic.requests = 40;
  cosim::Outcome outcome = cosim::run(one);
  EXPECT_TRUE(outcome.agrees());
  EXPECT_TRUE(outcome.analytic_compared);
  EXPECT_EQ(outcome.analytic_cycles, outcome.rtl.cycles);
  one.parameters.outstanding_reads = 1;
  outcome = cosim::run(one);
  EXPECT_TRUE(outcome.agrees());
  EXPECT_FALSE(outcome.analytic_compared);
  EXPECT_LT(outcome.analytic_cycles, outcome.rtl.cycles);
}

// A neighbour that breaks the handshake is caught by an assertion.
TEST(ScratchpadCosim, WithdrawnRequestFiresAnAssertion) {
  const auto misbehave = [](std::uint64_t second_valid, std::int64_t second_address) {
    const auto pins = RtlPins::make(small(2, 4), 1);
    pins->reset(small(2, 4));
    pins->drive(0, read(0));
    pins->drive(1, read(4));  // the same bank: has to wait
    (void)pins->settle(0b11, 0b11);
    pins->clock();
    pins->drive(1, read(second_address));
    for (int cycle = 0; cycle < 2; ++cycle) {
      (void)pins->settle(second_valid, 0b11);
      pins->clock();
    }
  };
  misbehave(0b10, 4);
  EXPECT_EXIT(misbehave(0b00, 4), testing::KilledBySignal(SIGABRT), "");
  EXPECT_EXIT(misbehave(0b10, 5), testing::KilledBySignal(SIGABRT), "");
}

TEST(ScratchpadCosim, AddressBeyondTheLastWordFiresAnAssertion) {
  const auto misbehave = [](std::int64_t address) {  // 14 words need 4 bits
    const auto pins = RtlPins::make(small(3, 2), 1);
    pins->reset(small(3, 2));
    pins->drive(0, read(address));
    (void)pins->settle(1, 1);
    pins->clock();
  };
  misbehave(13);
  EXPECT_EXIT(misbehave(14), testing::KilledBySignal(SIGABRT), "");
}

}  // namespace
}  // namespace headroom::scratchpad
