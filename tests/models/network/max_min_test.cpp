// Max-min fairness: cases by hand, and its certificate on random networks: no link is overfull, and
// every flow crosses a full link on which none is faster.
#include "models/network/max_min.h"

#include <gtest/gtest.h>

#include <random>

#include "models/network/flow_simulator.h"
#include "tests/support/seed.h"

namespace headroom::network {
namespace {

TEST(MaxMin, AFlowThatIsSlowElsewhereLeavesRoom) {
  MaxMin rates({10, 4});
  const auto both = rates.add({{0, 1}, {1, 1}}), first = rates.add({{0, 1}}),
             second = rates.add({{1, 1}});
  for (const auto flow : {both, first, second}) rates.activate(flow);
  rates.settle();
  EXPECT_DOUBLE_EQ(rates.rate(both), 2);
  EXPECT_DOUBLE_EQ(rates.rate(second), 2);
  EXPECT_DOUBLE_EQ(rates.rate(first), 8);
}

TEST(MaxMin, SharesAndCounts) {
  MaxMin rates({12});
  // Two flows of which half crosses the link, and two equal ones that cross it whole: 3 r = 12.
  const auto half = rates.add({{0, 0.5}}, 2), whole = rates.add({{0, 1}}, 2);
  rates.activate(half);
  rates.activate(whole);
  rates.settle();
  EXPECT_DOUBLE_EQ(rates.rate(half), 4);
  EXPECT_DOUBLE_EQ(rates.rate(whole), 4);
}

struct Flow {
  std::vector<LinkUse> uses;
  bool active = false;
};

void check(const MaxMin& rates, const std::vector<Flow>& flows,
           const std::vector<double>& capacity) {
  std::vector<double> used(capacity.size()), fastest(capacity.size());
  for (std::size_t f = 0; f < flows.size(); ++f)
    for (const LinkUse& use : flows[f].uses) {
      if (!flows[f].active) continue;
      const auto link = static_cast<std::size_t>(use.link);
      const double rate = rates.rate(static_cast<std::int32_t>(f));
      used[link] += rate * use.share;
      fastest[link] = std::max(fastest[link], rate);
    }
  for (std::size_t l = 0; l < capacity.size(); ++l)
    ASSERT_LE(used[l], capacity[l] * (1 + 1e-9)) << replay();
  for (std::size_t f = 0; f < flows.size(); ++f) {
    if (!flows[f].active) continue;
    bool bottleneck = false;
    for (const LinkUse& use : flows[f].uses) {
      const auto link = static_cast<std::size_t>(use.link);
      bottleneck = bottleneck ||
                   (used[link] >= capacity[link] * (1 - 1e-9) &&
                    rates.rate(static_cast<std::int32_t>(f)) >= fastest[link] * (1 - 1e-9));
    }
    ASSERT_TRUE(bottleneck) << "flow " << f << ", " << replay();
  }
}

TEST(MaxMin, CertificateHoldsWhileFlowsComeAndGo) {
  std::mt19937_64 random(seed());
  const auto below = [&](std::uint64_t n) { return random() % n; };
  for (int round = 0; round < 60; ++round) {
    std::vector<double> capacity(2 + below(12));
    for (double& c : capacity) c = 1 + static_cast<double>(below(100));
    MaxMin rates(capacity);
    std::vector<Flow> flows(1 + below(40));
    for (Flow& flow : flows) {
      for (std::size_t l = 0; l < capacity.size(); ++l)
        if (below(3) == 0)
          flow.uses.push_back({static_cast<std::int32_t>(l), below(2) == 0 ? 1.0 : 0.25});
      if (flow.uses.empty()) flow.uses.push_back({0, 1});
      rates.add(flow.uses);
    }
    for (int change = 0; change < 40; ++change) {
      const std::size_t f = below(flows.size());
      flows[f].active = !flows[f].active;
      if (flows[f].active)
        rates.activate(static_cast<std::int32_t>(f));
      else
        rates.finish(static_cast<std::int32_t>(f));
      rates.settle();
      check(rates, flows, capacity);
    }
  }
}

std::string transfer_name(std::int32_t id) { return "transfer " + std::to_string(id); }

TEST(FlowSimulator, WhatEndsEarlyLeavesItsRate) {
  FlowSimulator simulator({10});
  const auto small = simulator.add({{0, 1}}, 10, 0), large = simulator.add({{0, 1}}, 30, 1);
  // Both at 5 until 2 s; the large one has 20 left, at 10: 4 s, and one second of latency.
  EXPECT_DOUBLE_EQ(simulator.run(transfer_name), 5);
  EXPECT_DOUBLE_EQ(simulator.arrived_at(small), 2);
  EXPECT_DOUBLE_EQ(simulator.arrived_at(large), 5);
  EXPECT_DOUBLE_EQ(simulator.last_sent_at(), 4);
  EXPECT_DOUBLE_EQ(simulator.link_bytes()[0], 40);
}

TEST(FlowSimulator, WaitsForDataOrForTheSender) {
  FlowSimulator simulator({10, 10});
  const auto first = simulator.add({{0, 1}}, 10, 0.5);
  const auto data = simulator.add({{1, 1}}, 10, 0), sender = simulator.add({{1, 1}}, 10, 0);
  simulator.after_arrival(data, first);
  simulator.after_sent(sender, first);
  simulator.run(transfer_name);
  // From 1 s alone, from 1.5 s beside the other, until 2.5 s; the other has 5 left then.
  EXPECT_DOUBLE_EQ(simulator.arrived_at(sender), 2.5);
  EXPECT_DOUBLE_EQ(simulator.arrived_at(data), 3);
}

TEST(FlowSimulator, ACircleIsNamed) {
  FlowSimulator simulator({10});
  const auto a = simulator.add({{0, 1}}, 1, 0), b = simulator.add({{0, 1}}, 1, 0),
             c = simulator.add({{0, 1}}, 1, 0);
  simulator.after_arrival(a, b);
  simulator.after_arrival(b, a);
  simulator.after_sent(c, b);
  try {
    simulator.run(transfer_name);
    FAIL() << "a circle came to an end";
  } catch (const Stalled& error) {
    EXPECT_STREQ(
        error.what(),
        "no progress: transfer 0 waits for transfer 1; transfer 1 waits for transfer 0; "
        "transfer 2 waits for transfer 1");
  }
}

}  // namespace
}  // namespace headroom::network
