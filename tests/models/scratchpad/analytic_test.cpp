// The closed form of the scratchpad against the cycle core, and its parts against counting by hand.
#include "models/scratchpad/analytic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "models/scratchpad/contention.h"
#include "models/scratchpad/core.h"
#include "tests/models/scratchpad/hand_drawn.h"

namespace headroom::scratchpad {
namespace {

struct Counted {
  double cycles, conflicts;
};

Counted count(const Parameters& parameters, const Traffic& traffic) {
  const Requests requests = requests_of(parameters, traffic);
  Core core(parameters, requests, open_edges(parameters), traffic.lockstep);
  while (!core.done()) core.advance();
  return {static_cast<double>(core.cycles()),
          static_cast<double>(core.refused()) / static_cast<double>(core.offered())};
}

std::string text(const Parameters& p, const Traffic& t) {
  return std::to_string(p.ports) + " ports, " + std::to_string(p.banks) + " banks, stride " +
         std::to_string(t.stride) + ", offset " + std::to_string(t.offset) + ", requests " +
         std::to_string(t.requests) + ", hot " + std::to_string(t.hot_percent) + " %, writes " +
         std::to_string(t.write_percent) + " %, lock-step " + std::to_string(t.lockstep) +
         ", 1R1W " + std::to_string(p.one_read_one_write) + ", " +
         std::string(to_string(p.arbitration)) + ", " + std::string(to_string(p.interleave)) +
         ", " + std::string(to_string(t.pattern));
}

Traffic strided(std::int64_t stride, std::int64_t offset, std::int64_t requests) {
  Traffic traffic;
  traffic.pattern = Pattern::strided;
  traffic.stride = stride;
  traffic.offset = offset;
  traffic.requests = requests;
  return traffic;
}

TEST(ScratchpadAnalytic, StridesByHand) {
  const Parameters p = small(2, 4);
  // The two ports meet in cycle 0 only: 3 requests, 1 late, 1 of latency.
  EXPECT_EQ(expect(p, strided(1, 0, 3)).cycles, 5);
  // All in bank 0: 6 requests one after another.
  Expectation e = expect(p, strided(4, 0, 3));
  EXPECT_EQ(e.cycles, 7);
  EXPECT_EQ(e.slowdown, 2);
  EXPECT_EQ(e.requests_per_cycle, 1);
  EXPECT_EQ(e.conflict_probability, 0.5);
  // Stride 2 leaves two banks to each class; neighbours 1 apart never meet.
  EXPECT_EQ(expect(p, strided(2, 1, 10)).cycles, 11);
  // A vector of 32 lanes of stride 2 on 32 banks: two each; the same word twice conflicts too.
  Parameters warp = small(32, 32);
  Traffic t = strided(32, 2, 1);
  t.lockstep = true;
  e = expect(warp, t);
  EXPECT_EQ(e.slowdown, 2);
  EXPECT_TRUE(e.exact);
  EXPECT_NEAR(e.conflict_probability, 1 / 3.0, 1e-12);
  t.offset = 33;
  EXPECT_EQ(expect(warp, t).slowdown, 1);
  t.offset = 32;
  EXPECT_EQ(expect(warp, t).slowdown, 32);
}

TEST(ScratchpadAnalytic, StridesEqualCycle) {
  int exact = 0, all = 0;
  for (const Arbitration arbitration : {Arbitration::round_robin, Arbitration::age})
    for (const int ports : {1, 2, 3, 5, 8, 13})
      for (const int banks : {1, 2, 4, 8, 16})
        for (const std::int64_t stride : {0, 1, 2, 3, 4, 6, 8, 16, -5, 1000})
          for (const std::int64_t offset : {0, 1, 2, 3, 4, 8, -7})
            for (const std::int64_t requests : {1, 2, 7, 100}) {
              Parameters p = small(ports, banks);
              p.arbitration = arbitration;
              const Traffic t = strided(stride, offset, requests);
              const Expectation e = expect(p, t);
              const double cycles = count(p, t).cycles;
              ++all;
              exact += e.exact;
              if (e.exact) {
                ASSERT_EQ(e.cycles, cycles) << text(p, t);
              } else if (requests == 100) {
                ASSERT_NEAR(e.cycles, cycles, 0.05 * cycles) << text(p, t);
              }
            }
  EXPECT_GT(exact, all / 2);
}

TEST(ScratchpadAnalytic, LockstepStridesEqualCycle) {
  for (const Interleave interleave : {Interleave::low_order, Interleave::xor_hashed})
    for (const bool one_read_one_write : {false, true})
      for (const int ports : {1, 2, 5, 8, 16})
        for (const int banks : {1, 2, 8, 16})
          for (const std::int64_t stride : {0, 1, 2, 3, 8, 64, -5})
            for (const std::int64_t offset : {0, 1, 2, 8, 16, -3}) {
              Parameters p = small(ports, banks);
              p.interleave = interleave;
              p.one_read_one_write = one_read_one_write;
              Traffic t = strided(stride, offset, 300);
              t.lockstep = true;
              for (const int writes : {0, 100}) {
                t.write_percent = writes;
                const Counted counted = count(p, t);
                const Expectation e = expect(p, t);
                ASSERT_TRUE(e.exact);
                ASSERT_EQ(e.cycles, counted.cycles) << text(p, t);
                ASSERT_NEAR(e.conflict_probability, counted.conflicts, 1e-9) << text(p, t);
              }
              t.write_percent = 40;
              const double cycles = count(p, t).cycles;
              ASSERT_NEAR(expect(p, t).cycles, cycles, 0.05 * cycles) << text(p, t);
            }
}

TEST(ScratchpadAnalytic, RandomTrafficWithinFivePercent) {
  double worst = 0;
  for (const bool lockstep : {false, true})
    for (const bool one_read_one_write : {false, true})
      for (const int ports : {1, 2, 3, 8, 16})
        for (const int banks : {1, 2, 8, 32})
          for (const int hot : {0, 10, 30, 50, 100})
            for (const int writes : {0, 20, 50, 100}) {
              if (!one_read_one_write && writes % 50 != 0) continue;
              Parameters p = small(ports, banks);
              p.words_per_bank = 64;
              p.one_read_one_write = one_read_one_write;
              Traffic t;
              t.pattern = hot == 0 ? Pattern::random : Pattern::hot_bank;
              t.requests = 4000;
              t.hot_percent = hot;
              t.write_percent = writes;
              t.lockstep = lockstep;
              const Counted counted = count(p, t);
              const Expectation e = expect(p, t);
              const double error = std::abs(e.cycles / counted.cycles - 1);
              ASSERT_LE(error, 0.05) << text(p, t);
              ASSERT_NEAR(e.conflict_probability, counted.conflicts, 0.03) << text(p, t);
              worst = std::max(worst, error);
            }
  RecordProperty("worst_percent", std::to_string(100 * worst));
}

// Arbitration and hashing change nothing in what random traffic may expect.
TEST(ScratchpadAnalytic, ChanceDoesNotSeeArbitrationOrHash) {
  for (const int ports : {3, 8})
    for (const Interleave interleave : {Interleave::low_order, Interleave::xor_hashed})
      for (const Arbitration arbitration : {Arbitration::round_robin, Arbitration::age}) {
        Parameters p = small(ports, 8);
        p.interleave = interleave;
        p.arbitration = arbitration;
        p.read_latency = 2;
        Traffic t;
        t.requests = 4000;
        const Counted counted = count(p, t);
        EXPECT_NEAR(expect(p, t).cycles, counted.cycles, 0.02 * counted.cycles) << text(p, t);
      }
}

TEST(ScratchpadContention, MostInABankByEnumeration) {
  // Every way in which 5 balls fall on banks of shares 1/2, 1/4, 1/4.
  const double share[] = {0.5, 0.25, 0.25};
  double expected = 0;
  for (int code = 0; code < 243; ++code) {
    int in[] = {0, 0, 0};
    double probability = 1;
    for (int ball = 0, rest = code; ball < 5; ++ball, rest /= 3) {
      ++in[rest % 3];
      probability *= share[rest % 3];
    }
    expected += probability * std::max({in[0], in[1], in[2]});
  }
  EXPECT_NEAR(expected_most({{0.5, 1}, {0.25, 2}}, 5), expected, 1e-12);
  EXPECT_NEAR(expected_most({{0.5, 2}}, 2), 1.5, 1e-12);
}

TEST(ScratchpadContention, RatesThatAreKnown) {
  // Two ports: 2 - 1 / banks. Rau's closed form from three on. One bank: one a cycle.
  EXPECT_NEAR(steady_rate({{0.125, 8}}, 2), 2 - 1 / 8.0, 1e-12);
  const double c = 8 + 16 - 0.5;
  EXPECT_NEAR(steady_rate({{1 / 16.0, 16}}, 8), c - std::sqrt(c * c - 2 * 8 * 16), 1e-9);
  EXPECT_EQ(steady_rate({{1, 1}}, 7), 1);
  // Never more than what the busiest bank lets through.
  EXPECT_LE(steady_rate({{0.5, 1}, {0.5 / 31, 31}}, 16), 2);
  EXPECT_GT(steady_rate({{0.5, 1}, {0.5 / 31, 31}}, 16), 1.9);
}

TEST(ScratchpadAnalytic, SaysWhereThereIsNoClosedForm) {
  const auto complaint = [](const Parameters& p, const Traffic& t) -> std::string {
    try {
      (void)expect(p, t);
    } catch (const UnavailableFidelity& error) {
      return error.what();
    }
    return "";
  };
  Parameters p = small(2, 4);
  p.read_latency = 2;
  p.outstanding_reads = 2;
  EXPECT_EQ(complaint(p, strided(1, 1, 1)),
            "scratchpad analytic needs 3 outstanding reads at read latency 2; found 2");
  p = small(2, 4);
  p.interleave = Interleave::xor_hashed;
  EXPECT_EQ(complaint(p, strided(1, 1, 1)),
            "scratchpad analytic needs low_order banks of one port, or ports in lock-step, for "
            "strides; found xor_hashed");
  p = small(2, 4);
  p.one_read_one_write = true;
  Traffic t = strided(1, 1, 1);
  t.write_percent = 50;
  EXPECT_EQ(complaint(p, t),
            "scratchpad analytic needs low_order banks of one port, or ports in lock-step, for "
            "strides; found reads and writes mixed over 1R1W banks");
  t.write_percent = 100;
  EXPECT_EQ(complaint(p, t), "");
}

}  // namespace
}  // namespace headroom::scratchpad
