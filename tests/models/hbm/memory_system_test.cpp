// A whole device under traffic: what it answers, what it reaches, and that its commands are legal.
#include "models/hbm/memory_system.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/hbm/checker.h"
#include "models/hbm/measure.h"
#include "models/hbm/traffic.h"
#include "tests/support/hbm_device.h"
#include "tests/support/seed.h"

namespace headroom::hbm {
namespace {

struct Scenario {
  Device device = hbm3_device();
  Mapping mapping;
  Policy policy;
  TrafficSpec traffic;
  std::uint64_t requests = 40'000;
  std::uint32_t outstanding = 2048;
};

Measurement run(const Scenario& s,
                const std::function<void(const std::vector<Command>&)>& commands = nullptr) {
  MemorySystem memory(s.device, s.mapping, s.policy);
  Traffic traffic(s.traffic, memory.address_map().capacity());
  return measure(memory, traffic, {s.requests, s.outstanding, commands});
}

double efficiency(const Scenario& s) {
  const Measurement m = run(s);
  return m.bytes() /
         (static_cast<double>(m.cycles) * static_cast<double>(s.device.timing.tck_ps) * 1e-12) /
         s.device.organisation.peak().si();
}

// One stack id, 32-byte interleave, refresh of all banks: as the peers were measured.
Scenario as_the_peers(Pattern pattern, double read_share = 1) {
  Scenario s;
  s.device.organisation.stack_ids = 1;
  s.mapping.interleave = 32;
  s.policy.refresh = Refresh::all_bank;
  s.traffic.pattern = pattern, s.traffic.read_share = read_share;
  s.requests = pattern == Pattern::stream ? 1'000'000 : 300'000;
  return s;
}

TEST(MemorySystem, UnloadedLatencyIsTheClosedForm) {
  for (const std::int64_t interleave : {32, 64}) {
    Mapping mapping;
    mapping.interleave = interleave;
    const Device device = hbm3_device();
    const Timing& t = device.timing;
    // Two bursts: of one row, or of two pseudo-channels whose commands share a bus.
    const Cycles second = interleave == 64 ? t.tccd_l : 1;
    MemorySystem memory(device, mapping, Policy{});
    const std::vector<Traffic::Request> cold{{0x12340, false}};
    Replay first(cold);
    const Measurement closed = measure(memory, first, {1, 1, nullptr});
    EXPECT_EQ(closed.load_latency.max(), static_cast<double>(t.trcd_rd + t.tcl + t.burst + second));
    // The row is open now.
    Replay again(cold);
    const Measurement open = measure(memory, again, {1, 1, nullptr});
    EXPECT_EQ(open.load_latency.max(), static_cast<double>(t.tcl + t.burst + second));
  }
}

TEST(MemorySystem, EveryRequestIsAnsweredOnceAndEveryBurstMoves) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  for (int trial = 0; trial < 40; ++trial) {
    Scenario s;
    s.device.organisation.stacks = 1 + static_cast<int>(random() % 3);
    s.traffic.pattern = static_cast<Pattern>(random() % 4);
    s.traffic.read_share = static_cast<double>(random() % 5) / 4;
    s.traffic.seed = random();
    s.mapping.interleave = 32LL << random() % 3;
    s.policy.refresh = static_cast<Refresh>(random() % 2);
    s.policy.page = static_cast<Page>(random() % 2);
    s.policy.read_queue = 1 + static_cast<int>(random() % 64);
    s.policy.write_queue = 2 + static_cast<int>(random() % 62);
    s.policy.write_high = 1 + static_cast<int>(random() % s.policy.write_queue);
    s.policy.write_low = static_cast<int>(random() % s.policy.write_high);
    s.requests = 2000, s.outstanding = 1 + static_cast<std::uint32_t>(random() % 300);
    MemorySystem memory(s.device, s.mapping, s.policy);
    Traffic traffic(s.traffic, memory.address_map().capacity());
    std::map<std::uint32_t, Cycle> open;
    std::uint64_t sent = 0, stores = 0, answered = 0;
    for (Cycle now = 0; answered < s.requests || !memory.idle(); ++now) {
      while (sent < s.requests && open.size() < s.outstanding) {
        const auto request = traffic.next();
        const std::uint32_t number = memory.submit(now, request.address, request.write);
        EXPECT_TRUE(open.emplace(number, now).second) << "a number in use";
        ++sent, stores += request.write ? 1 : 0;
      }
      for (const auto& answer : memory.advance(now + 1)) {
        const auto found = open.find(answer.request);
        ASSERT_NE(found, open.end()) << "answered twice";
        EXPECT_EQ(found->second, answer.arrival);
        EXPECT_GE(answer.at - answer.arrival, memory.lookahead());
        open.erase(found);
        ++answered;
      }
      memory.check_progress();
    }
    const ChannelStatistics statistics = memory.statistics();
    EXPECT_EQ(answered, s.requests) << "trial " << trial;
    EXPECT_EQ(statistics.writes, 2 * stores) << "64 bytes are two bursts";
    const std::uint64_t forwarded = statistics.forwarded * (s.mapping.interleave == 32 ? 1U : 2U);
    EXPECT_EQ(statistics.reads + forwarded, 2 * (s.requests - stores));
  }
}

// Rules that share no code with the controller.
TEST(MemorySystem, ItsCommandsAreLegal) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  for (int trial = 0; trial < 60; ++trial) {
    Scenario s;
    s.device.organisation.stack_ids = 1 << random() % 3;
    s.traffic.pattern = static_cast<Pattern>(random() % 4);
    s.traffic.read_share = static_cast<double>(random() % 4) / 3;
    s.traffic.stride = 64 * (1 + random() % 100);
    s.traffic.contenders = 1 + static_cast<int>(random() % 4);
    s.traffic.seed = random();
    s.mapping.interleave = 32LL << random() % 4;
    s.policy.refresh = static_cast<Refresh>(random() % 2);
    s.policy.page = static_cast<Page>(random() % 2);
    s.policy.starvation_cap = 1 + static_cast<Cycle>(random() % 3000);
    s.requests = 5000;
    s.outstanding = random() % 3 == 0 ? 3 : 2048;
    CommandChecker checker(
        s.device,
        s.policy.refresh == Refresh::all_bank ? RefreshRule::all_bank : RefreshRule::per_bank,
        [&](const Violation& violation) {
          ADD_FAILURE() << "trial " << trial << ": " << violation.text();
        });
    run(s, [&](const std::vector<Command>& commands) {
      for (const Command& command : commands) checker.check(command);
    });
    checker.finish();
    EXPECT_GT(checker.commands(), 5000);
    if (HasFailure()) return;
  }
}

TEST(MemorySystem, ReachesWhatThePeersReach) {
  // peer_figures: Ramulator 2.1, HBM3 of 6.4 GT/s: 89.8 %, 29 %.
  EXPECT_NEAR(efficiency(as_the_peers(Pattern::stream)), 0.898, 0.015);
  EXPECT_NEAR(efficiency(as_the_peers(Pattern::random)), 0.295, 0.015);
  // Bounds that no controller passes: refresh; four ACTs, so four bursts, in tFAW.
  EXPECT_LT(efficiency(as_the_peers(Pattern::stream)), 1 - 350.0 / 3900);
  EXPECT_LT(efficiency(as_the_peers(Pattern::random)), 8.0 / 24 * (1 - 350.0 / 3900));
  EXPECT_GT(efficiency(as_the_peers(Pattern::stream, 0.67)), 0.51);
}

TEST(MemorySystem, RefreshOfSingleBanksWiderInterleaveAndBatchesDoBetter) {
  for (const Pattern pattern : {Pattern::stream, Pattern::random}) {
    Scenario s = as_the_peers(pattern);
    const double all_banks = efficiency(s);
    s.policy.refresh = Refresh::per_bank;
    const double per_bank = efficiency(s);
    EXPECT_GT(per_bank, all_banks * 1.02);
    s.mapping.interleave = 64;
    EXPECT_GT(efficiency(s), per_bank * (pattern == Pattern::random ? 1.5 : 0.99));
  }
  Scenario s = as_the_peers(Pattern::stream, 0.67);
  s.policy.write_high = 4, s.policy.write_low = 0;
  const double few = efficiency(s);
  s.policy.write_high = 48, s.policy.write_low = 16;
  EXPECT_GT(efficiency(s), few * 1.1) << "the bus turns around for more stores at once";
}

TEST(MemorySystem, RefreshKeepsItsAverage) {
  for (const auto refresh : {Refresh::all_bank, Refresh::per_bank})
    for (const auto pattern : {Pattern::stream, Pattern::random}) {
      Scenario s;
      s.policy.refresh = refresh;
      s.traffic.pattern = pattern;
      s.requests = 200'000;
      const Measurement m = run(s);
      const double ranks = 16 * 2 * 2;
      const double due = ranks * static_cast<double>(m.cycles) /
                         (refresh == Refresh::all_bank ? 6240 : 390);
      const double done = static_cast<double>(
          m.statistics.refreshes_all + m.statistics.refreshes_bank);
      EXPECT_LE(done, due + ranks) << "never early";
      EXPECT_GE(done, due - 9 * ranks) << "late by eight at most";
    }
}

TEST(MemorySystem, MoreStacksAreNeverSlower) {
  for (const auto pattern : {Pattern::stream, Pattern::random, Pattern::strided}) {
    Cycle before = never;
    for (const int stacks : {1, 2, 4}) {
      Scenario s;
      s.device = hbm3_device(stacks);
      s.traffic.pattern = pattern;
      s.outstanding = 2048U * static_cast<std::uint32_t>(stacks);
      const Measurement m = run(s);
      EXPECT_LE(m.cycles, before);
      before = m.cycles;
    }
  }
}

// A greedy scheduler can lose by a shorter distance (Graham's anomaly), hence one part in fifty.
TEST(MemorySystem, ShorterTimingIsNotSlower) {
  const std::vector<std::pair<const char*, Cycles Timing::*>> all{
      {"tRCDRD", &Timing::trcd_rd}, {"tRCDWR", &Timing::trcd_wr}, {"tRP", &Timing::trp},
      {"tCL", &Timing::tcl},        {"tRRDS", &Timing::trrd_s},   {"tFAW", &Timing::tfaw},
      {"tWR", &Timing::twr},        {"tWTRL", &Timing::twtr_l},   {"tRTP", &Timing::trtp},
      {"tRTW", &Timing::trtw},      {"tRFC", &Timing::trfc},      {"tCCDL", &Timing::tccd_l}};
  for (const auto pattern : {Pattern::stream, Pattern::random}) {
    Scenario s;
    s.traffic.pattern = pattern, s.traffic.read_share = 0.67;
    s.policy.refresh = Refresh::all_bank;
    const Cycle full = run(s).cycles;
    for (const auto& [name, member] : all) {
      Scenario shorter = s;
      Cycles& value = shorter.device.timing.*member;
      value = value * 3 / 4;
      EXPECT_LE(static_cast<double>(run(shorter).cycles), 1.02 * static_cast<double>(full)) << name;
    }
  }
}

TEST(MemorySystem, ALoadOfAQueuedStoreIsAnsweredFromTheQueue) {
  Policy policy;
  policy.drain_when_idle = false;  // the store stays
  MemorySystem memory(hbm3_device(), Mapping{}, policy);
  memory.submit(0, 0x1000, true);
  EXPECT_EQ(memory.advance(100).size(), 1U) << "posted";
  memory.submit(100, 0x1000, false);
  const auto answers = memory.advance(200);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].at, 100 + memory.lookahead());
  EXPECT_EQ(memory.statistics().forwarded, 1U);
  EXPECT_EQ(memory.statistics().reads, 0U);
}

TEST(MemorySystem, AStoreDoesNotOvertakeALoadOfTheSameBytes) {
  Policy policy;
  policy.write_high = 1, policy.write_low = 0;  // stores go first as soon as they may
  MemorySystem memory(hbm3_device(), Mapping{}, policy);
  memory.submit(0, 0x1000, false);
  memory.submit(0, 0x1000, true);
  std::vector<Command> log;
  memory.advance(1000, &log);
  std::vector<CommandKind> columns;
  for (const Command& command : log)
    if (on_column_bus(command.kind)) columns.push_back(command.kind);
  EXPECT_EQ(columns, (std::vector<CommandKind>{
                         CommandKind::rd, CommandKind::rd, CommandKind::wr, CommandKind::wr}));
  EXPECT_TRUE(memory.idle());
}

// Row hits keep arriving; a request to another row of the bank is not passed for ever.
TEST(MemorySystem, NoRequestStarves) {
  Policy policy;
  policy.starvation_cap = 500;
  MemorySystem memory(hbm3_device(), Mapping{}, policy);
  const AddressMap& map = memory.address_map();
  Location row = map.locate(0), other = row;
  other.row = 5;
  Cycle answered = 0;
  std::uint32_t lonely = 0;
  for (Cycle now = 0; now < 20'000 && answered == 0; now += 4) {
    row.column = static_cast<std::int32_t>(now / 2 % 32);
    const std::uint32_t number = memory.submit(now, map.address(row), false);
    if (now == 400) lonely = memory.submit(now, map.address(other), false);
    static_cast<void>(number);
    for (const auto& answer : memory.advance(now + 4))
      if (answer.request == lonely && answer.arrival == 400) answered = answer.at;
  }
  EXPECT_GT(answered, 400);
  EXPECT_LT(answered, 400 + 500 + 500 / 16 + 200);
}

TEST(MemorySystem, SaysWhoWaitsForWhomWhereNothingCanMove) {
  Policy policy;
  policy.drain_when_idle = false;
  policy.write_queue = 8, policy.write_high = 16, policy.write_low = 2;
  MemorySystem memory(hbm3_device(), Mapping{}, policy);
  TrafficSpec spec;
  spec.read_share = 0;
  Traffic traffic(spec, memory.address_map().capacity());
  try {
    measure(memory, traffic, {10'000, 1000, nullptr});
    FAIL() << "stores that are never drained";
  } catch (const NoProgress& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("HBM3: no request has moved since cycle"), std::string::npos) << text;
    EXPECT_NE(text.find("stack 0, channel 3, pseudo-channel 1: "), std::string::npos) << text;
    EXPECT_NE(text.find("a store that waits for room in the write queue (8 of 8 entries taken)"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("8 stores in the write queue wait for 16 to be there (write_high)"),
              std::string::npos)
        << text;
  }
}

TEST(MemorySystem, WhatDoesNotFitIsRefused) {
  const auto refused = [](auto change) {
    Policy policy;
    change(policy);
    EXPECT_THROW(MemorySystem(hbm3_device(), Mapping{}, policy), std::invalid_argument);
  };
  refused([](Policy& p) { p.read_queue = 0; });
  refused([](Policy& p) { p.write_queue = 250; });
  refused([](Policy& p) { p.write_low = 48; });
  refused([](Policy& p) { p.starvation_cap = 0; });
  refused([](Policy& p) { p.postponed_per_bank = 8; });
  Device device = hbm3_device();
  device.organisation.stack_ids = 8;
  EXPECT_THROW(MemorySystem(device, Mapping{}, Policy{}), std::invalid_argument);
  MemorySystem memory(hbm3_device(), Mapping{}, Policy{});
  EXPECT_THROW(memory.submit(0, memory.address_map().capacity(), false), std::out_of_range);
}

TEST(MemorySystem, TheSameRunTwiceIsTheSame) {
  Scenario s;
  s.traffic.pattern = Pattern::mixed, s.traffic.read_share = 0.5;
  std::vector<std::int64_t> times[2];
  for (auto& list : times)
    run(s, [&](const std::vector<Command>& commands) {
      for (const Command& command : commands) list.push_back(command.time_ps);
    });
  EXPECT_EQ(times[0], times[1]);
}

}  // namespace
}  // namespace headroom::hbm
