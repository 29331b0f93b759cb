// Each rule of the checker: a sequence that is legal, and the same with its last command one clock
// earlier, which violates that rule and no other.
#include "models/hbm/checker.h"

#include <gtest/gtest.h>

#include "tests/models/hbm/commands.h"

namespace headroom::hbm {
namespace {

using Rules = std::vector<std::string>;

constexpr auto act = CommandKind::act, rd = CommandKind::rd, wr = CommandKind::wr,
               rda = CommandKind::rda, wra = CommandKind::wra, pre = CommandKind::pre,
               prea = CommandKind::prea, refab = CommandKind::refab, refpb = CommandKind::refpb;

// Of stack id 0, bank group 0: `own`; `same_group`, `other_group`, `other_stack_id` beside it.
constexpr BankName own{0, 0, 0}, same_group{0, 0, 1}, other_group{0, 1, 0}, other_stack_id{1, 0, 0};
constexpr BankName other_pseudo_channel{0, 0, 0, 1}, other_channel{0, 0, 0, 0, 1};

struct Probe {
  std::string name, rule;
  std::vector<Command> commands;  // the last at the first legal clock
  Device device = small_device();
};

void PrintTo(const Probe& probe, std::ostream* out) { *out << probe.name; }

class EachRule : public ::testing::TestWithParam<Probe> {};

TEST_P(EachRule, HoldsFromItsClockOnAndNotBefore) {
  std::vector<Command> commands = GetParam().commands;
  EXPECT_EQ(violated(GetParam().device, commands), Rules{});
  commands.back().time_ps -= tck_ps;
  EXPECT_EQ(violated(GetParam().device, commands), Rules{GetParam().rule});
}

INSTANTIATE_TEST_SUITE_P(
    Bank, EachRule,
    ::testing::Values(
        Probe{"act_rd", "tRCD_RD", {at(0, act), at(11, rd)}},
        Probe{"act_rda", "tRCD_RD", {at(0, act), at(11, rda)}},
        Probe{"act_wr", "tRCD_WR", {at(0, act), at(9, wr)}},
        Probe{"act_wra", "tRCD_WR", {at(0, act), at(9, wra)}},
        Probe{"act_pre", "tRAS", {at(0, act), at(31, pre)}},
        Probe{"act_prea", "tRAS", {at(0, act), at(31, prea)}},
        Probe{"act_act", "tRC", {at(0, act), at(31, pre), at(50, act)}},
        Probe{"pre_act", "tRP", {at(0, act), at(40, pre), at(53, act)}},
        Probe{"prea_act", "tRP", {at(0, act), at(40, prea), at(53, act)}},
        Probe{"pre_again", "tRP", {at(0, act), at(40, pre), at(45, pre), at(58, act)}},
        Probe{"rd_pre", "tRTP", {at(0, act), at(30, rd), at(39, pre)}},
        Probe{"wr_pre", "tWR", {at(0, act), at(20, wr), at(46, pre)}},
        Probe{"rda_act", "tRP after RDA", {at(0, act), at(40, rda), at(62, act)}},
        Probe{"wra_act", "tRP after WRA", {at(0, act), at(20, wra), at(59, act)}},
        // The precharge of an early RDA waits for tRAS: 31 + 13. Without tRC, which hides it.
        Probe{"early_rda_act",
              "tRP after RDA",
              {at(0, act), at(11, rda), at(44, act)},
              [] {
                Device device = small_device();
                device.timing.trc = 1;
                return device;
              }()}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(Column, EachRule,
                         ::testing::
                             Values(
                                 Probe{"rd_rd_groups",
                                       "tCCD_S",
                                       {at(0, act), at(5, act, other_group), at(30, rd),
                                        at(34, rd, other_group)}},
                                 Probe{"wr_wr_groups",
                                       "tCCD_S",
                                       {at(0, act), at(5, act, other_group), at(30, wr),
                                        at(34, wra, other_group)}},
                                 Probe{
                                     "rd_rd_bank", "tCCD_L", {at(0, act), at(30, rd), at(36, rda)}},
                                 Probe{
                                     "wr_wr_bank", "tCCD_L", {at(0, act), at(30, wr), at(36, wr)}},
                                 Probe{"rd_rd_group",
                                       "tCCD_L",
                                       {at(0, act), at(8, act, same_group), at(30, rda),
                                        at(36, rd, same_group)}},
                                 Probe{"rd_rd_stack_ids",
                                       "tCCD_R",
                                       {at(0, act), at(5, act, other_stack_id), at(30, rd),
                                        at(35, rd, other_stack_id)}},
                                 Probe{"wr_wr_stack_ids",
                                       "tCCD_R",
                                       {at(0, act), at(5, act, other_stack_id), at(30, wr),
                                        at(35, wr, other_stack_id)}},
                                 Probe{"stack_ids_alike",
                                       "tCCD_S",
                                       {at(0, act), at(5, act, other_group),
                                        at(10, act, other_stack_id), at(30, rd),
                                        at(34, rd, other_stack_id), at(38, rd, other_group)},
                                       [] {
                                         Device device = small_device();
                                         device.timing.tccd_r.reset();
                                         device.timing.tccd_l = 4;
                                         return device;
                                       }()},
                                 Probe{"rd_wr", "tRTW", {at(0, act), at(30, rd), at(45, wr)}},
                                 Probe{
                                     "rd_wr_stack_ids",
                                     "tRTW",
                                     {at(0, act), at(5, act, other_stack_id),
                                      at(30, rd), at(45, wr, other_stack_id)}},
                                 Probe{
                                     "wr_rd_bank", "tWTR_L", {at(0, act), at(30, wr), at(49, rd)}},
                                 Probe{"wr_rd_group",
                                       "tWTR_L",
                                       {at(0, act), at(8, act, same_group), at(30, wr),
                                        at(49, rd, same_group)}},
                                 Probe{
                                     "wr_rd_groups",
                                     "tWTR_S",
                                     {at(0, act),
                                      at(5, act, other_group), at(30, wr), at(42, rd, other_group)}},
                                 Probe{
                                     "wr_rd_stack_ids",
                                     "tWTR_S",
                                     {at(0, act), at(5, act, other_stack_id),
                                      at(30, wr), at(42, rd, other_stack_id)}},
                                 Probe{"data_bus",
                                       "data bus",
                                       {at(0, act), at(30, rd), at(37, wr)},
                                       [] {
                                         Device device = small_device();
                                         device.timing.trtw = 1;
                                         return device;
                                       }()}),
                         [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Activate, EachRule,
    ::testing::Values(
        Probe{"groups", "tRRD_S", {at(0, act), at(5, act, other_group)}},
        Probe{"group", "tRRD_L", {at(0, act), at(8, act, same_group)}},
        Probe{"stack_ids", "tRRD_S", {at(0, act), at(5, act, other_stack_id)}},
        Probe{"fifth",
              "tFAW",
              {at(0, act), at(8, act, {0, 1, 0}), at(16, act, {0, 0, 1}), at(24, act, {0, 1, 1}),
               at(40, act, {0, 0, 2})}},
        Probe{"sixth",
              "tFAW",
              {at(0, act), at(8, act, {0, 1, 0}), at(16, act, {0, 0, 1}), at(24, act, {0, 1, 1}),
               at(45, act, {0, 0, 2}), at(51, act, {0, 1, 2})},
              [] {
                Device device = small_device();
                device.timing.tfaw = 43;
                return device;
              }()}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Refresh, EachRule,
    ::testing::Values(
        Probe{"refab_act", "tRFC", {at(0, refab), at(200, act)}},
        Probe{"refab_refab", "tRFC", {at(0, refab), at(200, refab)}},
        Probe{"refab_refpb", "tRFC", {at(0, refab), at(200, refpb)}},
        Probe{"refab_pre", "tRFC", {at(0, refab), at(200, pre)}},
        Probe{"refab_prea", "tRFC", {at(0, refab), at(200, prea)}},
        Probe{"refpb_act", "tRFCpb", {at(0, refpb), at(90, act)}},
        Probe{"refpb_refpb", "tRFCpb", {at(0, refpb), at(90, refpb)}},
        Probe{"refpb_pre", "tRFCpb", {at(0, refpb), at(90, pre)}},
        Probe{"refpb_refab", "tRFCpb", {at(0, refpb), at(90, refab)}},
        Probe{"refpb_other_refpb", "tRREFD", {at(0, refpb), at(7, refpb, same_group)}},
        Probe{"refpb_other_act", "tRREFD", {at(0, refpb), at(7, act, other_group)}},
        Probe{"refpb_between_act",
              "tRREFD",
              {at(0, refpb), at(88, refpb, same_group), at(95, act, own)}},
        Probe{"pre_refab", "tRP", {at(0, act), at(40, pre), at(53, refab)}},
        Probe{"act_refab", "tRC", {at(0, act), at(31, pre), at(50, refab)}},
        Probe{"rda_refpb", "tRP after RDA", {at(0, act), at(40, rda), at(62, refpb)}},
        Probe{"wra_refab", "tRP after WRA", {at(0, act), at(20, wra), at(59, refab)}},
        Probe{"act_refpb_groups", "tRRD_S", {at(0, act), at(5, refpb, other_group)}},
        Probe{"act_refpb_group", "tRRD_L", {at(0, act), at(8, refpb, same_group)}}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Bus, EachRule,
    ::testing::Values(
        Probe{"row", "row bus", {at(10, act), at(11, act, other_pseudo_channel)}},
        Probe{"row_refresh", "row bus", {at(10, act), at(11, refab, other_pseudo_channel)}},
        Probe{"column",
              "column bus",
              {at(0, act), at(1, act, other_pseudo_channel), at(30, rd),
               at(31, wr, other_pseudo_channel)}}),
    [](const auto& test) { return test.param.name; });

TEST(CommandChecker, WhatIsApartDoesNotDisturb) {
  EXPECT_EQ(violated(small_device(), {at(0, act), at(0, act, other_channel)}), Rules{});
  EXPECT_EQ(violated(small_device(), {at(0, act), at(11, rd), at(11, act, other_pseudo_channel)}),
            Rules{})
      << "row and column bus";
  EXPECT_EQ(
      violated(small_device(),
               {at(0, refab), at(1, act, other_pseudo_channel), at(6, refpb, other_stack_id)}),
      Rules{});
  EXPECT_EQ(violated(small_device(), {at(0, act), at(8, act, {0, 1, 0}), at(16, act, {0, 0, 1}),
                                      at(24, act, {0, 1, 1}), at(29, act, other_stack_id)}),
            Rules{})
      << "tFAW is of one stack id";
}

// A write's data may lie before those of an earlier read, as long as they do not overlap.
TEST(CommandChecker, DataOfAnEarlierReadMayComeLater) {
  Device device = small_device();
  device.timing.trtw = 1;
  EXPECT_EQ(violated(device, {at(0, act), at(30, rd), at(33, wr)}), Rules{});
  EXPECT_EQ(violated(device, {at(0, act), at(30, rd), at(34, wr)}), Rules{"data bus"});
  // Between two reads' data, 42 to 44 and 48 to 50: the earlier of them is not the last command.
  EXPECT_EQ(violated(device, {at(0, act), at(30, rd), at(36, rd), at(37, wr)}), Rules{});
  EXPECT_EQ(violated(device, {at(0, act), at(30, rd), at(36, rd), at(40, wr)}), Rules{"data bus"});
}

TEST(CommandChecker, BanksMustBeInTheStateThatACommandNeeds) {
  const Device device = small_device();
  EXPECT_EQ(violated(device, {at(0, act), at(60, act)}), Rules{"bank open"});
  EXPECT_EQ(violated(device, {at(0, rd)}), Rules{"bank closed"});
  EXPECT_EQ(violated(device, {at(0, act), at(40, pre), at(60, wr)}), Rules{"bank closed"});
  EXPECT_EQ(violated(device, {at(0, act), at(40, rda), at(60, rd)}), Rules{"bank closed"});
  EXPECT_EQ(violated(device, {at(0, act), at(20, rd, same_group)}), Rules{"bank closed"});
  EXPECT_EQ(violated(device, {at(0, act), at(60, refab)}), Rules{"bank open"});
  EXPECT_EQ(violated(device, {at(0, act), at(60, refpb)}), Rules{"bank open"});
  EXPECT_EQ(violated(device, {at(0, act), at(60, refpb, same_group)}), Rules{});
  EXPECT_EQ(violated(device, {at(0, pre), at(1, prea), at(2, act)}), Rules{})
      << "precharge of a closed bank";

  std::vector<Command> other_row{at(0, act), at(11, rd)};
  other_row[1].row = 5;
  EXPECT_EQ(violated(device, other_row), Rules{}) << "the open row may be named";
  other_row[1].row = 6;
  EXPECT_EQ(violated(device, other_row), Rules{"other row"});
}

TEST(CommandChecker, PrechargeAllClosesTheBanksOfItsStackId) {
  const std::vector<Command> open{at(0, act), at(8, act, same_group), at(16, act, other_stack_id)};
  std::vector<Command> commands = open;
  commands.push_back(at(60, prea));
  commands.push_back(at(80, refab));
  EXPECT_EQ(violated(small_device(), commands), Rules{});
  commands.push_back(at(81, rd, other_stack_id));
  EXPECT_EQ(violated(small_device(), commands), Rules{}) << "still open";
  commands = open;
  commands.push_back(at(38, prea));
  EXPECT_EQ(violated(small_device(), commands), Rules{"tRAS"}) << "the second bank's";
}

TEST(CommandChecker, TimesAndFieldsMustMakeSense) {
  const Device device = small_device();
  std::vector<Command> commands{at(0, act), at(20, rd)};
  commands[1].time_ps += 1;
  EXPECT_EQ(violated(device, commands), Rules{"clock"});
  EXPECT_EQ(violated(device, {at(20, act), at(19, act, other_channel)}), Rules{"order"});

  const auto with = [&](Command command, std::int32_t Command::*field, std::int32_t value) {
    command.*field = value;
    return violated(device, {command});
  };
  const Rules fields{"fields"};
  EXPECT_EQ(with(at(0, act), &Command::stack, 1), fields);
  EXPECT_EQ(with(at(0, act), &Command::channel, 2), fields);
  EXPECT_EQ(with(at(0, act), &Command::pseudo_channel, -1), fields);
  EXPECT_EQ(with(at(0, act), &Command::stack_id, 2), fields);
  EXPECT_EQ(with(at(0, act), &Command::bank_group, unused), fields);
  EXPECT_EQ(with(at(0, act), &Command::bank, 4), fields);
  EXPECT_EQ(with(at(0, act), &Command::row, 64), fields);
  EXPECT_EQ(with(at(0, act), &Command::row, unused), fields);
  EXPECT_EQ(with(at(0, act), &Command::column, 0), fields);
  EXPECT_EQ(with(at(0, rd), &Command::column, 8), fields);
  EXPECT_EQ(with(at(0, refab), &Command::bank, 0), fields);
  EXPECT_EQ(with(at(0, pre), &Command::row, 5), fields);
}

Device one_rank() {
  Device device = small_device();
  Organisation& o = device.organisation;
  o.channels = o.pseudo_channels = o.stack_ids = 1;
  return device;
}

TEST(CommandChecker, AtMostEightRefreshesArePostponed) {
  const auto all_bank = [](const std::vector<Command>& commands) {
    return violated(one_rank(), commands, RefreshRule::all_bank);
  };
  EXPECT_EQ(all_bank({at(9000, refab)}), Rules{});
  EXPECT_EQ(all_bank({at(9001, refab)}), (Rules{"tREFI"}));
  EXPECT_EQ(all_bank({at(9000, pre)}), Rules{}) << "until the last command";
  EXPECT_EQ(all_bank({at(9001, pre)}), Rules{"tREFI"});
  EXPECT_EQ(violated(one_rank(), {at(90000, pre)}, RefreshRule::none), Rules{});
}

TEST(CommandChecker, RefreshKeepsItsAverage) {
  const auto every = [](std::int64_t interval, int count) {
    std::vector<Command> commands;
    for (int i = 1; i <= count; ++i) commands.push_back(at(i * interval, refab));
    return violated(one_rank(), commands, RefreshRule::all_bank);
  };
  EXPECT_EQ(every(1000, 5000), Rules{});
  // Each comes 10 late: the 801st is more than 8 x 1000 behind.
  EXPECT_EQ(every(1010, 800), Rules{});
  EXPECT_EQ(every(1010, 801), Rules{"tREFI"});
  EXPECT_GT(every(1010, 2000).size(), 100u);
}

TEST(CommandChecker, RefreshesAheadOfTimeSaveEightAtMost) {
  std::vector<Command> commands;
  for (int i = 0; i < 30; ++i) commands.push_back(at(i * 200, refab));
  // Thirty by 5800, of which 5 + 8 count: the fourteenth falls due at 14,000, at the latest 22,000.
  commands.push_back(at(22'000, refab));
  EXPECT_EQ(violated(one_rank(), commands, RefreshRule::all_bank), Rules{});
  commands.back() = at(22'001, refab);
  EXPECT_EQ(violated(one_rank(), commands, RefreshRule::all_bank), Rules{"tREFI"});
}

TEST(CommandChecker, EveryBankKeepsItsAverage) {
  const auto rounds = [](std::int64_t interval, int count, int banks) {
    std::vector<Command> commands;
    for (int i = 0; i < count * banks; ++i)
      commands.push_back(at((i + 1) * interval, refpb, {0, i % banks / 4, i % banks % 4}));
    return violated(one_rank(), commands, RefreshRule::per_bank);
  };
  EXPECT_EQ(rounds(125, 1000, 8), Rules{}) << "8 banks, each every 1000";
  EXPECT_GT(rounds(130, 1000, 8).size(), 0u);
  const Rules one_forgotten = rounds(125, 20, 7);
  EXPECT_EQ(one_forgotten, Rules{"tREFIpb"}) << "reported at the end";
  // An all-bank refresh counts for every bank.
  EXPECT_EQ(violated(one_rank(), {at(9000, refab), at(9300, pre)}, RefreshRule::per_bank), Rules{});
}

TEST(CommandChecker, DevicesWithoutPerBankRefresh) {
  Device device = one_rank();
  device.timing.trefipb.reset(), device.timing.trfcpb.reset(), device.timing.trrefd.reset();
  EXPECT_EQ(violated(device, {at(0, refpb)}), Rules{"fields"});
  EXPECT_THROW(violated(device, {}, RefreshRule::per_bank), std::invalid_argument);
}

TEST(CommandChecker, ViolationsNameBothCommandsAndTheirDistance) {
  std::vector<Violation> found;
  CommandChecker checker(small_device(), RefreshRule::all_bank, [&](const Violation& violation) {
    found.push_back(violation);
  });
  checker.check(at(0, act, {1, 1, 2, 1, 1}));
  checker.check(at(10, rd, {1, 1, 2, 1, 1}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].found, 10);
  EXPECT_EQ(found[0].required, 11);
  EXPECT_EQ(
      found[0].text(),
      "tRCD_RD: RD to stack 0, channel 1, pseudo-channel 1, stack id 1, bank group 1, bank 2, "
      "column 3 at 10000 ps: found 10 clocks; expected at least 11 after ACT to stack 0, "
      "channel 1, pseudo-channel 1, stack id 1, bank group 1, bank 2, row 5 at 0 ps");
  EXPECT_EQ(checker.commands(), 2);
  EXPECT_EQ(checker.commands(rd), 1);
  EXPECT_EQ(checker.violations(), 1);
  EXPECT_EQ(checker.by_rule().at("tRCD_RD"), 1);
  EXPECT_EQ(checker.last_ps(), 10'000);
}

}  // namespace
}  // namespace headroom::hbm
