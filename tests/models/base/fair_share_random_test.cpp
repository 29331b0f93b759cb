// Random arrivals with random caps against a second solution of the same fluid: the water level
// found by bisection.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <vector>

#include "models/base/fair_share.h"
#include "tests/support/seed.h"

namespace headroom {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Flow {
  double start = 0, amount = 0, cap = infinity;
};

// min(cap, level) each, where the level is the highest that the rate allows.
std::vector<double> water_level(double rate, const std::vector<double>& caps) {
  const auto at = [&](double level) {
    std::vector<double> rates = caps;
    for (double& allowed : rates) allowed = std::min(allowed, level);
    return rates;
  };
  double low = 0, high = rate;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    const std::vector<double> rates = at(middle);
    (std::accumulate(rates.begin(), rates.end(), 0.0) <= rate ? low : high) = middle;
  }
  return at(low);
}

// When each flow ends.
std::vector<double> reference_ends(double rate, const std::vector<Flow>& flows) {
  std::vector<double> ends(flows.size(), infinity), left;
  for (const Flow& flow : flows) left.push_back(flow.amount);
  double now = 0;
  for (std::size_t done = 0; done < flows.size();) {
    std::vector<std::size_t> active;
    std::vector<double> caps;
    double next = infinity;
    for (std::size_t i = 0; i < flows.size(); ++i) {
      if (flows[i].start > now) next = std::min(next, flows[i].start);
      if (flows[i].start > now || ends[i] < infinity) continue;
      active.push_back(i);
      caps.push_back(flows[i].cap);
    }
    const std::vector<double> rates = water_level(rate, caps);
    for (std::size_t i = 0; i < active.size(); ++i)
      next = std::min(next, now + left[active[i]] / rates[i]);
    for (std::size_t i = 0; i < active.size(); ++i) {
      left[active[i]] -= rates[i] * (next - now);
      if (left[active[i]] > 1e-9 * flows[active[i]].amount) continue;
      ends[active[i]] = next;
      ++done;
    }
    now = next;
  }
  return ends;
}

// Flows in order of arrival; a fifth of them come at the same moment as the one before.
std::vector<Flow> random_flows(std::mt19937_64& random, bool caps) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<Flow> flows(1 + random() % 12);
  double start = 0;
  for (Flow& flow : flows) {
    if (uniform(random) > 0.2) start += uniform(random);
    flow = {start, 0.01 + 10 * uniform(random), infinity};
    if (caps && uniform(random) < 0.5) flow.cap = 0.1 + 5 * uniform(random);
  }
  return flows;
}

std::vector<double> ends(FairShare& share, const std::vector<Flow>& flows) {
  std::vector<double> result(flows.size(), infinity);
  const auto finish_until = [&](double time) {
    while (share.next_completion() <= time) {
      const double now = share.next_completion();
      for (const FairShare::FlowId id : share.advance(now)) result[id] = now;
    }
  };
  for (const Flow& flow : flows) {
    finish_until(flow.start);
    for (const FairShare::FlowId id : share.advance(flow.start)) result[id] = flow.start;
    share.add(flow.start, flow.amount, flow.cap);
  }
  finish_until(std::numeric_limits<double>::max());
  return result;
}

TEST(FairShareRandom, EndsAreThoseOfTheWaterLevel) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  for (int i = 0; i < 300; ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    const std::vector<Flow> flows = random_flows(random, true);
    FairShare share(4);
    const std::vector<double> actual = ends(share, flows), expected = reference_ends(4, flows);
    double amount = 0;
    for (std::size_t flow = 0; flow < flows.size(); ++flow) {
      ASSERT_NEAR(actual[flow], expected[flow], 1e-7) << "flow " << flow;
      amount += flows[flow].amount;
    }
    ASSERT_NEAR(share.delivered(), amount, 1e-9 * amount);
    ASSERT_LE(share.delivered(), 4 * share.busy_seconds() * (1 + 1e-9));
    ASSERT_EQ(share.flows(), 0U);
  }
}

TEST(FairShareRandom, WithoutCapsTheRateIsNeverIdleWhileBusy) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed() + 1);
  for (int i = 0; i < 300; ++i) {
    FairShare share(3);
    const std::vector<Flow> flows = random_flows(random, false);
    const std::vector<double> finished = ends(share, flows);
    ASSERT_NEAR(share.delivered(), 3 * share.busy_seconds(), 1e-9 * share.delivered());
    // Of flows that started together the smaller ends no later.
    for (std::size_t a = 0; a < flows.size(); ++a)
      for (std::size_t b = 0; b < flows.size(); ++b) {
        if (flows[a].start != flows[b].start || flows[a].amount > flows[b].amount) continue;
        ASSERT_LE(finished[a], finished[b] + 1e-9);
      }
  }
}

TEST(FairShareRandom, RatesAreMaxMinFair) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed() + 2);
  std::uniform_real_distribution<double> uniform(0.1, 4);
  for (int i = 0; i < 300; ++i) {
    constexpr double rate = 6, seconds = 3;
    std::vector<double> caps(1 + random() % 10);
    for (double& cap : caps) cap = random() % 3 == 0 ? infinity : uniform(random);
    const std::vector<double> rates = water_level(rate, caps);
    // A flow below its cap cannot gain without a flow of at most its own rate losing: nothing is
    // left over, and none has more.
    const double used = std::accumulate(rates.begin(), rates.end(), 0.0);
    for (std::size_t flow = 0; flow < caps.size(); ++flow) {
      if (rates[flow] >= caps[flow] - 1e-9) continue;
      ASSERT_NEAR(used, rate, 1e-9);
      ASSERT_NEAR(rates[flow], *std::max_element(rates.begin(), rates.end()), 1e-9);
    }
    // FairShare's rates are these: amounts of `seconds` at them all end together.
    FairShare share(rate);
    for (std::size_t flow = 0; flow < caps.size(); ++flow)
      share.add(0, rates[flow] * seconds, caps[flow]);
    ASSERT_NEAR(share.next_completion(), seconds, 1e-9);
    share.advance(seconds * (1 - 1e-9));
    ASSERT_EQ(share.flows(), caps.size());
    share.advance(seconds * (1 + 1e-9));
    ASSERT_EQ(share.flows(), 0U);
  }
}

}  // namespace
}  // namespace headroom
