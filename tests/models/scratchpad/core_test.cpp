// The cycle core of the scratchpad: hand-drawn cases, and what the contract says of any traffic.
#include "models/scratchpad/core.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

#include "models/scratchpad/bank_map.h"
#include "tests/models/scratchpad/hand_drawn.h"
#include "tests/support/seed.h"

namespace headroom::scratchpad {
namespace {

struct Ran {
  Timeline timeline;
  Cycles cycles;
  std::uint64_t offered, refused;
};

Ran run(const Parameters& parameters, const Requests& requests, const Edges& edges,
        bool lockstep = false) {
  Ran result{Timeline(), 0, 0, 0};
  Core core(parameters, requests, edges, lockstep, &result.timeline);
  while (!core.done()) core.advance();
  result.cycles = core.cycles();
  result.offered = core.offered();
  result.refused = core.refused();
  return result;
}

Cycles cycles(const Parameters& parameters, const Traffic& traffic) {
  return run(parameters, requests_of(parameters, traffic), open_edges(parameters), traffic.lockstep)
      .cycles;
}

TEST(ScratchpadCore, HandDrawn) {
  for (const HandDrawn& one : hand_drawn()) {
    SCOPED_TRACE(one.name);
    const Ran result = run(one.parameters, one.requests, open_edges(one.parameters));
    EXPECT_EQ(result.timeline.granted, one.granted);
    EXPECT_EQ(result.timeline.responded, one.responded);
    EXPECT_EQ(result.cycles, one.cycles);
  }
}

// A random ragged configuration and its traffic.
struct Drawn {
  Parameters parameters;
  Traffic traffic;
  std::string text;
};

Drawn draw(std::uint64_t number) {
  const std::uint64_t word = mix(mix(seed()) + number);
  const auto pick = [word](std::uint64_t salt, int most) {
    return static_cast<int>(mix(word + salt) % static_cast<std::uint64_t>(most)) + 1;
  };
  Drawn drawn;
  Parameters& p = drawn.parameters;
  p.banks = 1 << (pick(0, 6) - 1);
  p.ports = pick(1, 17);
  p.words_per_bank = pick(2, 40);
  p.interleave = static_cast<Interleave>(pick(3, 2) - 1);
  p.arbitration = static_cast<Arbitration>(pick(4, 2) - 1);
  p.read_latency = pick(5, 2);
  p.one_read_one_write = pick(6, 2) == 1;
  p.outstanding_reads = pick(7, 6);
  Traffic& t = drawn.traffic;
  t.pattern = static_cast<Pattern>(pick(8, 3) - 1);
  t.requests = pick(9, 120);
  t.stride = pick(10, 41) - 21;
  t.offset = pick(11, 41) - 21;
  t.hot_percent = pick(12, 101) - 1;
  t.write_percent = pick(13, 101) - 1;
  t.lockstep = pick(14, 3) == 1;
  t.seed = word;
  drawn.text = replay() + ", case " + std::to_string(number);
  return drawn;
}

int bank_port(const Parameters& p, const Request& request) {
  return 2 * bank_of(p, request.address) + (p.one_read_one_write && request.write ? 1 : 0);
}

void check_contract(const Parameters& p, const Requests& requests, const Timeline& timeline) {
  std::map<std::pair<int, Cycles>, int> grants;  // of a bank port in a cycle
  for (std::size_t port = 0; port < requests.size(); ++port) {
    const auto& granted = timeline.granted[port];
    const auto& responded = timeline.responded[port];
    ASSERT_EQ(granted.size(), requests[port].size());
    std::size_t reads = 0;
    for (std::size_t i = 0; i < granted.size(); ++i) {
      if (i > 0) {
        ASSERT_LT(granted[i - 1], granted[i]);
      }
      ASSERT_EQ(++(grants[{bank_port(p, requests[port][i]), granted[i]}]), 1);
      if (requests[port][i].write) continue;
      ASSERT_LT(reads, responded.size());
      ASSERT_GE(responded[reads], granted[i] + static_cast<Cycles>(p.read_latency));
      if (reads > 0) {
        ASSERT_LT(responded[reads - 1], responded[reads]);
      }
      // As many before it as may be outstanding are out of the way before its grant.
      const auto most = static_cast<std::size_t>(p.outstanding_reads);
      if (reads >= most) {
        ASSERT_GT(granted[i], responded[reads - most]);
      }
      ++reads;
    }
    ASSERT_EQ(responded.size(), reads);
  }
}

TEST(ScratchpadCore, KeepsTheContractUnderRandomStalls) {
  for (std::uint64_t number = 0; number < 400; ++number) {
    const Drawn one = draw(number);
    SCOPED_TRACE(one.text);
    std::deque<RandomEdge> owner;
    Edges edges;
    for (int p = 0; p < one.parameters.ports; ++p) {
      const auto salt = static_cast<std::uint64_t>(p);
      edges.requests.push_back(&owner.emplace_back(one.traffic.seed + salt, 30, 3));
      edges.responses.push_back(&owner.emplace_back(one.traffic.seed + 100 + salt, 40, 5));
    }
    const Requests requests = requests_of(one.parameters, one.traffic);
    const Ran result = run(one.parameters, requests, edges, one.traffic.lockstep);
    check_contract(one.parameters, requests, result.timeline);
    if (HasFatalFailure()) return;
  }
}

struct Grant {
  Cycles since, at;
  std::size_t port;
};

// Nothing stalls and reads are never held up, so each request was on offer from the cycle behind
// the port's grant before it; a bank port with a request never idles; no port is served twice while
// another waits; under age none is served before one that came earlier.
TEST(ScratchpadCore, IsFairAndNeverIdle) {
  for (std::uint64_t number = 0; number < 400; ++number) {
    Drawn one = draw(number);
    one.traffic.lockstep = false;
    one.parameters.outstanding_reads = 3;
    SCOPED_TRACE(one.text);
    const Requests requests = requests_of(one.parameters, one.traffic);
    const Timeline timeline = run(one.parameters, requests, open_edges(one.parameters)).timeline;
    std::map<int, std::vector<Grant>> of_bank_port;
    for (std::size_t p = 0; p < requests.size(); ++p)
      for (std::size_t i = 0; i < requests[p].size(); ++i)
        of_bank_port[bank_port(one.parameters, requests[p][i])].push_back(
            {i == 0 ? 0 : timeline.granted[p][i - 1] + 1, timeline.granted[p][i], p});
    for (auto& [which, grants] : of_bank_port) {
      std::sort(grants.begin(), grants.end(), [](const Grant& a, const Grant& b) {
        return a.at < b.at;
      });
      for (std::size_t i = 0; i < grants.size(); ++i) {
        const Grant& waiting = grants[i];
        ASSERT_LT(waiting.at - waiting.since, requests.size());
        std::vector<int> served(requests.size(), 0);
        Cycles busy = waiting.at;
        for (std::size_t j = i; j-- > 0 && grants[j].at >= waiting.since;) {
          ASSERT_EQ(++served[grants[j].port], 1);
          ASSERT_EQ(grants[j].at, --busy);
          if (one.parameters.arbitration == Arbitration::age) {
            ASSERT_LE(grants[j].since, waiting.since);
          }
        }
        ASSERT_EQ(busy, waiting.since);
      }
    }
  }
}

TEST(ScratchpadCore, CountsConflicts) {
  // Two ports, one bank, 3 requests each: each cycle but the last refuses one.
  Parameters parameters = small(2, 4);
  Traffic traffic;
  traffic.pattern = Pattern::strided;
  traffic.stride = 4;
  traffic.offset = 0;
  traffic.requests = 3;
  const Ran result = run(parameters, requests_of(parameters, traffic), open_edges(parameters));
  EXPECT_EQ(result.offered, 11U);
  EXPECT_EQ(result.refused, 5U);
}

TEST(ScratchpadCore, LockstepWaitsForTheSlowest) {
  // Vectors of words 0, 0 and then 1, 2: two cycles and one.
  const Requests requests{{read(0), read(1)}, {read(0), read(2)}};
  const Parameters parameters = small(2, 4);
  const Timeline timeline = run(parameters, requests, open_edges(parameters), true).timeline;
  EXPECT_EQ(timeline.granted, (std::vector<std::vector<Cycles>>{{0, 2}, {1, 2}}));
}

// More of anything that requests compete for does not slow them down; what chance decides within
// 2 %.
TEST(ScratchpadCore, MoreIsNotSlower) {
  for (const Arbitration arbitration : {Arbitration::round_robin, Arbitration::age})
    for (const Pattern pattern : {Pattern::random, Pattern::hot_bank})
      for (const bool lockstep : {false, true})
        for (const int ports : {2, 3, 8}) {
          Parameters p = small(ports, 4);
          p.arbitration = arbitration;
          Traffic t;
          t.pattern = pattern;
          t.requests = 2000;
          t.write_percent = 30;
          t.lockstep = lockstep;
          t.hot_percent = 20;
          const auto base = static_cast<double>(cycles(p, t));
          const auto never_slower = [&](auto change) {
            Parameters more = p;
            change(more);
            EXPECT_LE(static_cast<double>(cycles(more, t)), 1.02 * base)
                << ports << " ports, " << to_string(arbitration) << ", " << to_string(pattern)
                << ", lock-step " << lockstep;
          };
          never_slower([](Parameters& more) { more.banks = 8; });
          never_slower([](Parameters& more) { more.banks = 64; });
          never_slower([](Parameters& more) { more.one_read_one_write = true; });
          never_slower([](Parameters& more) { more.outstanding_reads = 8; });
          Parameters slow = p;
          slow.read_latency = 2;
          EXPECT_GE(static_cast<double>(cycles(slow, t)), base);
          slow = p;
          slow.outstanding_reads = 1;
          EXPECT_GE(static_cast<double>(cycles(slow, t)), base);
          // A port more brings its own work: the whole takes no less time.
          slow = p;
          slow.ports = ports + 1;
          EXPECT_GE(1.02 * static_cast<double>(cycles(slow, t)), base);
        }
}

TEST(ScratchpadCore, RefusesWhatIsNoWord) {
  const Parameters parameters = small(2, 4);
  const auto complaint = [&](const Requests& requests) -> std::string {
    try {
      const Core core(parameters, requests, open_edges(parameters));
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(complaint({{read(64)}, {}}), "scratchpad: found address 64; expected 0 to 63");
  EXPECT_EQ(complaint({{read(-1)}, {}}), "scratchpad: found address -1; expected 0 to 63");
  EXPECT_EQ(complaint({{read(63)}}), "scratchpad: found requests of 1 ports; expected those of 2");
}

}  // namespace
}  // namespace headroom::scratchpad
