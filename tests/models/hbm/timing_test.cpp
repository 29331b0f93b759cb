// Every parameter of Timing, alone: a device whose other distances are as short as they can be, a
// scenario of requests in which this one binds, and the distance of the two commands that it holds
// apart. Commands are issued as soon as they may be, so that "exactly the parameter" says: not a
// cycle before, and at that cycle.
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "models/hbm/controller.h"
#include "tests/support/hbm_device.h"

namespace headroom::hbm {
namespace {

Device quick_device() {
  Device d = hbm3_device();
  d.organisation.stack_ids = 2, d.organisation.pseudo_channels = 1;
  Timing& t = d.timing;
  t.tck_ps = 1000, t.burst = 2;
  t.trcd_rd = t.trcd_wr = t.trp = t.tras = 1, t.trc = 2;
  t.tcl = 4, t.tcwl = 3, t.tccd_s = t.tccd_l = 2;
  t.tccd_r = 2;
  t.trrd_s = t.trrd_l = t.tfaw = t.twr = t.twtr_s = t.twtr_l = t.trtp = t.trtw = 1;
  t.trefi = 1000000, t.trfc = 1;
  t.trefipb = 1000000, t.trfcpb = 1, t.trrefd = 1;
  return d;
}

// A burst of a bank at a cycle; banks of the 32 counted through, four to a group, 16 to a stack id.
struct Burst {
  Cycle at;
  int bank, row;
  bool write;
  int column = 0;
};

std::vector<Command> commands_of(const Device& device, const std::vector<Burst>& bursts,
                                 Cycle until = 5000, Refresh refresh = Refresh::per_bank) {
  Policy policy;
  policy.refresh = refresh;
  policy.postponed_all_bank = policy.postponed_per_bank = 0;
  Controller controller(device, policy, 0, 0);
  std::uint32_t number = 0;
  for (const Burst& burst : bursts) {
    Part part;
    part.arrival = burst.at, part.request = number++;
    part.row = burst.row, part.column = static_cast<std::uint16_t>(burst.column);
    part.bank = static_cast<std::uint8_t>(burst.bank), part.write = burst.write;
    controller.arrive(0, part);
  }
  std::vector<Completion> done;
  std::vector<Command> log;
  controller.advance(until, done, &log);
  EXPECT_TRUE(controller.idle());
  return log;
}

// Cycles from the n-th `from` to the m-th `to` after it.
Cycle distance(const std::vector<Command>& log, CommandKind from, int n, CommandKind to, int m) {
  std::int64_t start = -1;
  for (const Command& command : log) {
    if (start < 0) {
      if (command.kind == from && n-- == 0) start = command.time_ps;
    } else if (command.kind == to && m-- == 0) {
      return (command.time_ps - start) / 1000;
    }
  }
  ADD_FAILURE() << "no such commands";
  return -1;
}

struct Case {
  std::string name;
  std::function<void(Timing&, Cycles)> set;
  std::vector<Burst> bursts;
  CommandKind from;
  int n;
  CommandKind to;
  int m;
  Cycle beside = 0;  // added by other parameters
};

std::ostream& operator<<(std::ostream& stream, const Case& c) { return stream << c.name; }

constexpr auto act = CommandKind::act, rd = CommandKind::rd, wr = CommandKind::wr,
               pre = CommandKind::pre;
constexpr bool load = false, store = true;
constexpr Cycle written = 3 + 2;  // tCWL and burst of the quick device

const std::vector<Case>& cases() {
  static const std::vector<Case> list{
      {"tRCDRD", [](Timing& t, Cycles v) { t.trcd_rd = v; }, {{0, 0, 0, load}}, act, 0, rd, 0},
      {"tRCDWR", [](Timing& t, Cycles v) { t.trcd_wr = v; }, {{0, 0, 0, store}}, act, 0, wr, 0},
      {"tRP",
       [](Timing& t, Cycles v) { t.trp = v; },
       {{0, 0, 0, load}, {0, 0, 1, load}},
       pre,
       0,
       act,
       0},
      {"tRAS",
       [](Timing& t, Cycles v) { t.tras = v; },
       {{0, 0, 0, load}, {0, 0, 1, load}},
       act,
       0,
       pre,
       0},
      {"tRC",
       [](Timing& t, Cycles v) { t.trc = v; },
       {{0, 0, 0, load}, {0, 0, 1, load}},
       act,
       0,
       act,
       0},
      {"tRTP",
       [](Timing& t, Cycles v) { t.trtp = v; },
       {{0, 0, 0, load}, {0, 0, 1, load}},
       rd,
       0,
       pre,
       0},
      {"tWR",
       [](Timing& t, Cycles v) { t.twr = v; },
       {{0, 0, 0, store}, {0, 0, 1, store}},
       wr,
       0,
       pre,
       0,
       written},
      {"tCCDS",
       [](Timing& t, Cycles v) { t.tccd_s = v; },
       {{0, 0, 0, load}, {0, 4, 0, load}},
       rd,
       0,
       rd,
       0},
      {"tCCDL",
       [](Timing& t, Cycles v) { t.tccd_l = v; },
       {{0, 0, 0, load}, {0, 1, 0, load}},
       rd,
       0,
       rd,
       0},
      {"tCCDR",
       [](Timing& t, Cycles v) { t.tccd_r = v; },
       {{0, 0, 0, load}, {0, 16, 0, load}},
       rd,
       0,
       rd,
       0},
      {"tCCDSOfStores",
       [](Timing& t, Cycles v) { t.tccd_s = v; },
       {{0, 0, 0, store}, {0, 4, 0, store}},
       wr,
       0,
       wr,
       0},
      {"tCCDLOfOneRow",
       [](Timing& t, Cycles v) { t.tccd_l = v; },
       {{0, 0, 0, store, 0}, {0, 0, 0, store, 1}},
       wr,
       0,
       wr,
       0},
      {"tRRDS",
       [](Timing& t, Cycles v) { t.trrd_s = v; },
       {{0, 0, 0, load}, {0, 4, 0, load}},
       act,
       0,
       act,
       0},
      {"tRRDL",
       [](Timing& t, Cycles v) { t.trrd_l = v; },
       {{0, 0, 0, load}, {0, 1, 0, load}},
       act,
       0,
       act,
       0},
      {"tFAW",
       [](Timing& t, Cycles v) { t.tfaw = v; },
       {{0, 0, 0, load}, {0, 4, 0, load}, {0, 8, 0, load}, {0, 12, 0, load}, {0, 1, 0, load}},
       act,
       0,
       act,
       3},
      {"tWTRS",
       [](Timing& t, Cycles v) { t.twtr_s = v; },
       {{0, 0, 0, store}, {3, 4, 0, load}},
       wr,
       0,
       rd,
       0,
       written},
      {"tWTRL",
       [](Timing& t, Cycles v) { t.twtr_l = v; },
       {{0, 0, 0, store}, {3, 1, 0, load}},
       wr,
       0,
       rd,
       0,
       written},
      {"tRTW",
       [](Timing& t, Cycles v) { t.trtw = v; },
       {{0, 0, 0, load}, {0, 4, 0, store}},
       rd,
       0,
       wr,
       0},
  };
  return list;
}

class TimingTest : public testing::TestWithParam<Case> {};

TEST_P(TimingTest, HoldsItsCommandsApartByExactlyThat) {
  const Case& c = GetParam();
  for (const Cycles value : {29, 30, 53}) {
    Device device = quick_device();
    c.set(device.timing, value);
    const auto log = commands_of(device, c.bursts);
    EXPECT_EQ(distance(log, c.from, c.n, c.to, c.m), static_cast<Cycle>(value) + c.beside);
  }
}

std::string name_of(const testing::TestParamInfo<Case>& each) { return each.param.name; }

INSTANTIATE_TEST_SUITE_P(Each, TimingTest, testing::ValuesIn(cases()), name_of);

TEST(Timing, AFourthActivateIsFreeAndAnotherStackIdHasAWindowOfItsOwn) {
  Device device = quick_device();
  device.timing.tfaw = 50;
  const auto log = commands_of(
      device,
      {{0, 0, 0, load}, {0, 4, 0, load}, {0, 8, 0, load}, {0, 12, 0, load}, {0, 16, 0, load}});
  EXPECT_EQ(distance(log, act, 0, act, 2), 3);
  EXPECT_EQ(distance(log, act, 0, act, 3), 4);
}

TEST(Timing, RefreshesHoldBackTheirBanks) {
  for (const Cycles value : {31, 47}) {
    Device device = quick_device();
    device.timing.trefi = 100, device.timing.trfc = value;
    // The request arrives with the refresh under way.
    auto log = commands_of(device, {{103, 5, 0, load}}, 190, Refresh::all_bank);
    EXPECT_EQ(distance(log, CommandKind::refab, 0, act, 0), static_cast<Cycle>(value));
    device = quick_device();
    device.timing.trefipb = 100, device.timing.trfcpb = value;
    log = commands_of(device, {{103, 0, 0, load}}, 190);
    ASSERT_EQ(log.front().kind, CommandKind::refpb);
    ASSERT_EQ(log.front().bank_group, 0) << "the idle banks in order";
    EXPECT_EQ(distance(log, CommandKind::refpb, 0, act, 0), static_cast<Cycle>(value));
    device.timing.trfcpb = 1, device.timing.trrefd = value;
    log = commands_of(device, {{103, 1, 0, load}}, 190);
    EXPECT_EQ(distance(log, CommandKind::refpb, 0, act, 0), static_cast<Cycle>(value));
    log = commands_of(device, {}, 190);
    EXPECT_EQ(
        distance(log, CommandKind::refpb, 0, CommandKind::refpb, 0), static_cast<Cycle>(value))
        << "two stack ids are due at once";
  }
}

// tCL, tCWL and the burst are seen in when data has moved.
TEST(Timing, DataFollowsItsCommand) {
  for (const Cycles value : {17, 40}) {
    Device device = quick_device();
    device.timing.tcl = value, device.timing.tcwl = value + 3, device.timing.burst = 4;
    for (const bool write : {false, true}) {
      Controller controller(device, Policy{}, 0, 0);
      Part part;
      part.arrival = 7, part.write = write;
      controller.arrive(0, part);
      std::vector<Completion> done;
      controller.advance(1000, done);
      const Cycle latency = static_cast<Cycle>(write ? value + 3 : value) + 4;
      EXPECT_EQ(controller.end_of_data(), 7 + 1 + latency);
      ASSERT_EQ(done.size(), 1U);
      EXPECT_EQ(done[0].at, 7 + (write ? static_cast<Cycle>(value) + 4 : 1 + latency));
    }
  }
}

}  // namespace
}  // namespace headroom::hbm
