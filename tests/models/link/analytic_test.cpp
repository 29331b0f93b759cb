// The closed form against the cycle model, which answers to the RTL.
#include "models/link/analytic.h"

#include <gtest/gtest.h>

#include "models/link/core.h"
#include "tests/support/seed.h"

namespace headroom::link {
namespace {

Cycles cycle_time(const Parameters& parameters, const Traffic& traffic,
                  const WireErrors& errors = {}) {
  Core core(parameters, traffic, {}, errors);
  while (!core.done()) core.advance();
  return core.cycles();
}

class Draw {
 public:
  explicit Draw(std::uint64_t number) : seed_(mix(seed() + number)) {}
  std::int64_t operator()(std::int64_t low, std::int64_t high) {
    seed_ = mix(seed_);
    return low + static_cast<std::int64_t>(seed_ % static_cast<std::uint64_t>(high - low + 1));
  }

 private:
  std::uint64_t seed_;
};

TEST(LinkAnalytic, HandComputed) {
  Parameters parameters;
  parameters.max_payload = 4;
  EXPECT_EQ(analytic_cycles(parameters, {{1}, 1}), 7U);
  EXPECT_EQ(analytic_cycles(parameters, {{3}, 1}), 13U);
  EXPECT_EQ(analytic_cycles(parameters, {{4, 2}, 1}), 18U);
  const Steady full = steady(parameters, 4, 0);
  EXPECT_DOUBLE_EQ(full.packet_cycles, 5);
  EXPECT_EQ(full.bound, "wire");
  // A buffer of 4: one packet in 2 * 4 + 1 + 1 + 3 cycles.
  parameters.buffer_flits = 4;
  EXPECT_DOUBLE_EQ(steady(parameters, 4, 0).packet_cycles, 13);
  EXPECT_EQ(steady(parameters, 4, 0).bound, "credits");
  // One slot: one packet in 2 * 4 + 1 + 1 + 4 cycles.
  parameters.replay_packets = 1;
  EXPECT_DOUBLE_EQ(steady(parameters, 4, 0).packet_cycles, 14);
  EXPECT_EQ(steady(parameters, 4, 0).bound, "replay buffer");
}

TEST(LinkAnalytic, ExactForOneMessageThatTheWireBinds) {
  SCOPED_TRACE(replay());
  for (std::uint64_t i = 0; i < 300; ++i) {
    Draw draw(i);
    Parameters parameters;
    parameters.max_payload = static_cast<int>(draw(1, 40));
    parameters.forward_delay = static_cast<Cycles>(draw(1, 30));
    parameters.backward_delay = static_cast<Cycles>(draw(1, 30));
    parameters.buffer_flits = 2000;
    parameters.replay_packets = 64;
    parameters.timeout = 2000;
    const Traffic traffic{{draw(1, 500)}, i};
    ASSERT_EQ(analytic_cycles(parameters, traffic), cycle_time(parameters, traffic))
        << i << ": " << traffic.flits() << " flits in packets of " << parameters.max_payload;
  }
}

TEST(LinkAnalytic, WithinFivePercentWhereCreditsOrReplayBufferBind) {
  SCOPED_TRACE(replay());
  int bound = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    Draw draw(1000 + i);
    Parameters parameters;
    parameters.max_payload = static_cast<int>(draw(1, 20));
    parameters.forward_delay = static_cast<Cycles>(draw(1, 60));
    parameters.backward_delay = static_cast<Cycles>(draw(1, 60));
    parameters.control_spacing = static_cast<Cycles>(draw(0, 1) == 0 ? 1 : draw(1, 12));
    parameters.buffer_flits = static_cast<int>(
        draw(parameters.max_payload, 8 * parameters.max_payload));
    parameters.replay_packets = static_cast<int>(draw(1, 12));
    const Traffic traffic{{parameters.max_payload * draw(150, 250)}, i};
    const auto analytic = static_cast<double>(analytic_cycles(parameters, traffic));
    const auto cycle = static_cast<double>(cycle_time(parameters, traffic));
    bound += steady(parameters, parameters.max_payload, 0).bound != "wire";
    // Words backward that must keep their distance fall in step with the packets, early or late;
    // the closed form takes the mean.
    EXPECT_NEAR(analytic, cycle, (parameters.control_spacing == 1 ? 0.05 : 0.25) * cycle)
        << i << ": packets of " << parameters.max_payload << ", buffer " << parameters.buffer_flits
        << ", replay " << parameters.replay_packets << ", delays " << parameters.forward_delay
        << " and " << parameters.backward_delay << ", spacing " << parameters.control_spacing;
  }
  EXPECT_GT(bound, 200);
}

TEST(LinkAnalytic, WithinFivePercentUnderBitErrors) {
  SCOPED_TRACE(replay());
  for (const Cycles delay : {1, 10, 40})
    for (const int payload : {4, 16})
      for (const double rate : {1e-7, 1e-6, 1e-5, 3e-5, 1e-4}) {
        Parameters parameters;
        parameters.max_payload = payload;
        parameters.forward_delay = parameters.backward_delay = delay;
        parameters.buffer_flits = 1024;
        parameters.replay_packets = 64;
        parameters.timeout = 3 * parameters.round_trip(payload);
        const Traffic traffic{{20'000}, 1};
        double cycle = 0;
        for (std::uint64_t i = 0; i < 4; ++i)
          cycle += static_cast<double>(
                       cycle_time(parameters, traffic, WireErrors(seed() + i, rate, 128))) /
                   4;
        EXPECT_NEAR(
            static_cast<double>(analytic_cycles(parameters, traffic, rate)), cycle, 0.05 * cycle)
            << "delay " << delay << ", packets of " << payload << ", rate " << rate;
      }
}

// Payload over flits on the wire, L / (L + 1) of full packets, falls to a half for single flits.
TEST(LinkAnalytic, EffectiveBandwidthFollowsThePayload) {
  Parameters parameters;
  parameters.timeout = 2000;
  parameters.buffer_flits = 1000;
  parameters.replay_packets = 64;
  double before = 0;
  for (const std::int64_t size : {1, 2, 4, 8, 16}) {
    const Traffic traffic{
        std::vector<std::int64_t>(static_cast<std::size_t>(8000 / size), size), 1};
    const double share = 8000 / static_cast<double>(cycle_time(parameters, traffic));
    const double expected = static_cast<double>(size) / static_cast<double>(size + 1);
    EXPECT_NEAR(share, expected, 0.01 * expected) << size;
    EXPECT_NEAR(
        8000 / static_cast<double>(analytic_cycles(parameters, traffic)), share, 0.01 * share)
        << size;
    EXPECT_GT(share, before);
    before = share;
  }
}

}  // namespace
}  // namespace headroom::link
