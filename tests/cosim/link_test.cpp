// golden, cycle and rtl of the link on random messages, with random stalls at both ends and bit
// errors on both wires: every flit once, in order, intact, in the same cycle. HEADROOM_SEED and
// HEADROOM_CASE replay one case.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "models/base/unavailable_fidelity.h"
#include "models/link/analytic.h"
#include "models/link/core.h"
#include "models/link/cosim.h"
#include "tests/support/seed.h"

namespace headroom::link {
namespace {

struct Sums {
  std::int64_t packets = 0, resent = 0, lost = 0;
};

Sums check_cases(cosim::Options options, std::uint64_t count) {
  options.seed = seed();
  const char* only = std::getenv("HEADROOM_CASE");
  const std::uint64_t first = only ? std::strtoull(only, nullptr, 0) : 0;
  Sums sums;
  for (std::uint64_t i = first; i < (only ? first + 1 : count); ++i) {
    SCOPED_TRACE(std::to_string(options.flit_bits) + " bits, " + replay() +
                 " HEADROOM_CASE=" + std::to_string(i));
    const cosim::Outcome outcome = cosim::run(cosim::draw(options, i));
    EXPECT_EQ(outcome.rtl.flits, outcome.expected);
    EXPECT_EQ(outcome.rtl.deliveries, outcome.deliveries);
    EXPECT_EQ(outcome.rtl.cycles, outcome.cycle_cycles);
    if (testing::Test::HasFailure()) break;
    sums.packets += outcome.packets;
    sums.resent += outcome.resent;
    sums.lost += outcome.lost;
  }
  return sums;
}

class LinkCosim : public testing::TestWithParam<int> {};

TEST_P(LinkCosim, StallsAndBitErrors) {
  const Sums sums = check_cases({GetParam(), 1, cosim::StallKind::random, true}, 150);
  EXPECT_GT(sums.resent, sums.packets / 20) << "errors that nobody meets prove nothing";
  EXPECT_GT(sums.lost, 100);
}

TEST_P(LinkCosim, BitErrorsOnly) { check_cases({GetParam(), 1, cosim::StallKind::none, true}, 75); }

TEST_P(LinkCosim, StallsOnly) {
  const Sums sums = check_cases({GetParam(), 1, cosim::StallKind::random, false}, 75);
  EXPECT_EQ(sums.lost, 0);
}

TEST_P(LinkCosim, Undisturbed) {
  const Sums sums = check_cases({GetParam(), 1, cosim::StallKind::none, false}, 75);
  EXPECT_EQ(sums.resent, 0) << "no timeout fires on a link that works";
}

INSTANTIATE_TEST_SUITE_P(FlitBits, LinkCosim, testing::Values(64, 128, 256));

// The picture of docs/blocks/link.md; tests/models/link holds cycle and analytic to the same.
TEST(LinkCosim, HandDrawn) {
  Parameters parameters;
  parameters.max_payload = 4;
  const auto deliveries = [&](std::vector<std::int64_t> messages) {
    return run_rtl(parameters, {std::move(messages), 1}).deliveries;
  };
  EXPECT_EQ(deliveries({1}), (std::vector<Cycles>{6}));
  EXPECT_EQ(deliveries({3}), (std::vector<Cycles>{10, 11, 12}));
  EXPECT_EQ(deliveries({4, 2}), (std::vector<Cycles>{12, 13, 14, 15, 16, 17}));
}

TEST(LinkCosim, VariantThatWasNotBuilt) {
  const auto message = [](const Parameters& parameters) {
    try {
      static_cast<void>(rtl_variant(parameters));
    } catch (const UnavailableFidelity& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  Parameters parameters;
  EXPECT_EQ(message(parameters), "no error");
  parameters.flit_bits = 192;
  EXPECT_EQ(
      message(parameters),
      "link rtl is built for flits of 64 bits (packets of up to 8 flits, 8 packets to replay, "
      "buffer of 32 flits), 128 bits (packets of up to 16 flits, 16 packets to replay, buffer "
      "of 128 flits), 256 bits (packets of up to 16 flits, 32 packets to replay, buffer of "
      "256 flits), wires of up to 255 cycles; found 192 bits (packets of up to 16 flits, 16 "
      "packets to replay, buffer of 64 flits), wires of 1 and 1");
  parameters.flit_bits = 128;
  parameters.buffer_flits = 129;
  EXPECT_NE(message(parameters), "no error");
}

// Header flits on the wire of the RTL are what the golden model says, CRC and all: a receiver that
// is given the golden header of other data rejects it, so it is enough that a wrong CRC is one.
TEST(LinkCosim, NothingPassesAWireThatCorruptsEveryWord) {
  Parameters parameters;
  const WireErrors errors(1, 0.9, parameters.flit_bits);
  EXPECT_THROW(static_cast<void>(run_rtl(parameters, {{4}, 1}, {}, errors, 20'000)), Stalled);
}

// An input that is withdrawn before it is taken is the source's fault, and the assertions say so.
TEST(LinkCosim, WithdrawnFlitFiresAnAssertion) {
  const auto misbehave = [] {
    Parameters parameters;
    parameters.replay_packets = 1;
    const auto pins = RtlPins::make(128, 1);
    pins->reset(parameters);
    const std::uint64_t flit[2] = {};
    RtlPins::Inputs inputs;
    inputs.in_valid = inputs.in_last = true;
    inputs.in_data = flit;
    for (int cycle = 0; cycle < 4; ++cycle) {
      (void)pins->settle(inputs);
      pins->clock();
      inputs.in_valid = cycle != 1;  // offered and not ready in cycle 1, withdrawn in cycle 2
    }
  };
  EXPECT_EXIT(misbehave(), testing::KilledBySignal(SIGABRT), "");
}

}  // namespace
}  // namespace headroom::link
