// The link cycle by cycle: pictures drawn by hand, stalls, credits, retries, deadlock.
#include "models/link/core.h"

#include <gtest/gtest.h>

#include "models/link/analytic.h"
#include "tests/support/seed.h"

namespace headroom::link {
namespace {

Parameters small(int max_payload = 4) {
  Parameters parameters;
  parameters.max_payload = max_payload;
  return parameters;
}

Core ran(const Parameters& parameters, Traffic traffic, const Stalling& stalls = {},
         const WireErrors& errors = {}) {
  Core core(parameters, std::move(traffic), stalls, errors);
  while (!core.done()) core.advance();
  return core;
}

// The picture of docs/blocks/link.md; tests/cosim holds rtl to the same.
TEST(LinkCore, HandDrawn) {
  EXPECT_EQ(ran(small(), {{1}, 1}).deliveries(), (std::vector<Cycles>{6}));
  EXPECT_EQ(ran(small(), {{3}, 1}).deliveries(), (std::vector<Cycles>{10, 11, 12}));
  EXPECT_EQ(ran(small(), {{4, 2}, 1}).deliveries(), (std::vector<Cycles>{12, 13, 14, 15, 16, 17}));
  EXPECT_EQ(ran(small(), {{4, 2}, 1}).cycles(), 18U);
}

TEST(LinkCore, AWireOfTenCyclesIsTenCyclesOfLatency) {
  Parameters far = small();
  far.forward_delay = 11;
  EXPECT_EQ(ran(far, {{3}, 1}).deliveries(), (std::vector<Cycles>{20, 21, 22}));
}

// Two packets of 4 flits with a buffer of 4: the second header waits for the last credit of the
// first, 3L + 3 + D + B cycles after its first flit was taken, of use one cycle later.
TEST(LinkCore, CreditsHoldASecondPacketBack) {
  Parameters tight = small();
  tight.buffer_flits = 4;
  const auto deliveries = ran(tight, {{8}, 1}).deliveries();
  EXPECT_EQ(deliveries[3], 15U);
  // Header in cycle 3 * 4 + 4 + 2 = 18; delivered as the first packet's, whose header was in 5.
  EXPECT_EQ(deliveries[4], 18U + 7);
}

// One slot to replay: the second packet is taken when the first is acknowledged, 2L + 4 + D + B
// cycles after that was taken.
TEST(LinkCore, ReplayBufferHoldsASecondPacketBack) {
  Parameters tight = small();
  tight.replay_packets = 1;
  const auto deliveries = ran(tight, {{8}, 1}).deliveries();
  EXPECT_EQ(deliveries[4], 2U * 4 + 4 + 2 + 12);
}

TEST(LinkCore, ALostPacketComesOneRoundTripLater) {
  // Search a seed by which exactly the first packet is hit, on the forward wire.
  const Parameters parameters = small();
  for (std::uint64_t number = 0;; ++number) {
    ASSERT_LT(number, 10'000U);
    WireErrors errors;
    errors.forward = BitErrors(number, 1e-4, 130);
    bool only_payload = false;
    for (Cycles cycle = 0; cycle < 60; ++cycle)
      if (errors.forward.at(cycle).any) only_payload = cycle >= 6 && cycle <= 9 && !only_payload;
    Cycles hits = 0;
    for (Cycles cycle = 0; cycle < 60; ++cycle) hits += errors.forward.at(cycle).any;
    if (hits != 1 || !only_payload) continue;
    bool sync = false;
    for (Cycles cycle = 6; cycle <= 9; ++cycle) sync = sync || errors.forward.at(cycle).sync != 0;
    if (sync) continue;
    const Core core = ran(parameters, {{4}, 1}, {}, errors);
    // Header in 5, verdict in 11, request on the wire in 12, known in 14, header again in 14.
    EXPECT_EQ(core.deliveries().front(), 14U + 7);
    EXPECT_EQ(core.transmitter().packets_resent(), 1);
    EXPECT_EQ(core.receiver().packets_lost(), 1);
    break;
  }
}

TEST(LinkCore, StallsDelayAndNothingElse) {
  SCOPED_TRACE(replay());
  for (std::uint64_t i = 0; i < 30; ++i) {
    const Stalling stalls{{seed() + i, 30, 3}, {seed() + i + 100, 50, 5}};
    const Traffic traffic{{17, 4, 1, 30}, i};
    const Core stalled = ran(small(), traffic, stalls), free = ran(small(), traffic);
    EXPECT_EQ(stalled.deliveries().size(), 52U);
    EXPECT_GT(stalled.deliveries().back(), free.deliveries().back());
    for (std::size_t flit = 0; flit < 52; ++flit) {
      EXPECT_TRUE(stalls.sink.open(stalled.deliveries()[flit]));
      EXPECT_GE(stalled.deliveries()[flit], free.deliveries()[flit]);
      EXPECT_TRUE(flit == 0 || stalled.deliveries()[flit] > stalled.deliveries()[flit - 1]);
    }
    EXPECT_EQ(stalled.transmitter().packets_resent(), 0);
  }
}

// Cycles of a long message: averages over seeds, where errors make any single one a matter of luck.
double time_of(const Parameters& parameters, double rate) {
  double sum = 0;
  for (std::uint64_t i = 0; i < 4; ++i)
    sum += static_cast<double>(
        ran(parameters, {{4000}, i}, {}, WireErrors(seed() + i, rate, parameters.flit_bits))
            .cycles());
  return sum;
}

TEST(LinkCore, MoreErrorsAreNeverFaster) {
  SCOPED_TRACE(replay());
  double before = 0;
  for (const double rate : {0.0, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3}) {
    const double time = time_of(small(8), rate);
    EXPECT_GE(time, before * 0.999) << rate;
    before = time;
  }
  EXPECT_GT(before, 2 * time_of(small(8), 0)) << "at 1e-3 most packets are lost";
}

TEST(LinkCore, MoreBufferAndMoreReplayAreNeverSlower) {
  Parameters parameters = small(8);
  parameters.forward_delay = parameters.backward_delay = 40;
  Cycles before = ~Cycles{0};
  for (int buffer = 8; buffer <= 160; buffer += 4) {
    parameters.buffer_flits = buffer;
    const Cycles time = ran(parameters, {{800}, 1}).cycles();
    EXPECT_LE(time, before) << buffer;
    before = time;
  }
  before = ~Cycles{0};
  for (int packets = 1; packets <= 20; ++packets) {
    parameters.replay_packets = packets;
    const Cycles time = ran(parameters, {{800}, 1}).cycles();
    EXPECT_LE(time, before) << packets;
    before = time;
  }
  EXPECT_EQ(before, ran(small(8), {{800}, 1}).cycles() + 39) << "only the way is left";
}

TEST(LinkCore, ConservesFlitsUnderErrorsAndStalls) {
  SCOPED_TRACE(replay());
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Traffic traffic{{5, 64, 1, 1, 33, 200}, i};
    const Core core = ran(
        small(7), traffic, {{seed() + i, 25, 2}, {seed() - i, 25, 7}},
        WireErrors(seed() + i, 5e-4, 128));
    EXPECT_EQ(core.deliveries().size(), 304U);
    EXPECT_EQ(core.transmitter().packets_sent(), packets(small(7), traffic))
        << "each packet has one first time, all others are replays";
    EXPECT_GT(core.transmitter().packets_resent(), 0);
  }
}

TEST(LinkCore, SequenceNumbersWrap) {
  const Core core = ran(small(1), {{1000}, 1}, {}, WireErrors(seed(), 2e-4, 128));
  EXPECT_EQ(core.deliveries().size(), 1000U);
  EXPECT_GT(core.transmitter().packets_resent(), 0);
}

std::string stalled_message(
    const Parameters& parameters, const Stalling& stalls, const WireErrors& errors = {}) {
  Core core(parameters, {{100}, 1}, stalls, errors, 5000);
  try {
    while (!core.done()) core.advance();
  } catch (const Stalled& error) {
    return error.what();
  }
  return "no error";
}

TEST(LinkCore, DeadlockNamesWhoWaitsForWhom) {
  Parameters parameters = small();
  parameters.buffer_flits = 10;
  EXPECT_EQ(
      stalled_message(parameters, {{}, {1, 100, 1}}),
      "link stands still: nothing has moved for 5000 cycles, 0 of 100 flits delivered; the source "
      "waits for the transmitter's replay buffer (16 of 16 packets held); the transmitter waits "
      "for credits of the receiver (it has 2 of 10, its next packet needs 4); the receiver waits "
      "for the sink, which takes none of the 8 flits in its buffer");
  EXPECT_EQ(stalled_message(parameters, {{1, 100, 1}, {}}),
            "link stands still: nothing has moved for 5000 cycles, 0 of 100 flits delivered; the "
            "transmitter waits for the source, which offers no flit");
  // Nothing comes back: the transmitter repeats itself for ever.
  WireErrors errors;
  errors.backward = BitErrors(1, 0.5, 66);
  const std::string message = stalled_message(parameters, {}, errors);
  EXPECT_NE(message.find("8 of 100 flits delivered"), std::string::npos) << message;
  EXPECT_NE(message.find("the transmitter waits for the acknowledgement of 2 packets, sent again"),
            std::string::npos)
      << message;
}

}  // namespace
}  // namespace headroom::link
