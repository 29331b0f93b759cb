// A small made-up device whose timings differ so that a test can tell them apart, and commands for
// it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/hbm/checker.h"

namespace headroom::hbm {

inline constexpr std::int64_t tck_ps = 1000;

inline Device small_device() {
  Device device;
  device.id = device.name = "small";
  Organisation& o = device.organisation;
  o.stacks = 1, o.channels = 2, o.pseudo_channels = 2, o.stack_ids = 2;
  o.bank_groups = 2, o.banks_per_group = 4, o.rows = 64, o.columns = 8;
  o.bus_bits = 32, o.burst_length = 8, o.data_rate_mt_s = 4000;
  Timing& t = device.timing;
  t.tck_ps = tck_ps;
  t.burst = 2, t.trcd_rd = 11, t.trcd_wr = 9, t.trp = 13, t.tras = 31, t.trc = 50;
  t.tcl = 12, t.tcwl = 7, t.tccd_s = 4, t.tccd_l = 6, t.tccd_r = 5;
  t.trrd_s = 5, t.trrd_l = 8, t.tfaw = 40, t.twr = 17, t.twtr_s = 3, t.twtr_l = 10;
  t.trtp = 9, t.trtw = 15, t.trefi = 1000, t.trfc = 200;
  t.trefipb = 125, t.trfcpb = 90, t.trrefd = 7;
  return device;
}

struct BankName {
  int stack_id = 0, bank_group = 0, bank = 0, pseudo_channel = 0, channel = 0;
};

inline Command at(std::int64_t clock, CommandKind kind, BankName bank = {}) {
  Command command;
  command.time_ps = clock * tck_ps;
  command.kind = kind;
  command.channel = bank.channel;
  command.pseudo_channel = bank.pseudo_channel;
  command.stack_id = bank.stack_id;
  if (kind != CommandKind::prea && kind != CommandKind::refab)
    command.bank_group = bank.bank_group, command.bank = bank.bank;
  if (kind == CommandKind::act) command.row = 5;
  if (on_column_bus(kind)) command.column = 3;
  return command;
}

// The rules that `commands` violate, in the order of the reports.
inline std::vector<std::string> violated(
    const Device& device, const std::vector<Command>& commands,
    RefreshRule refresh = RefreshRule::none) {
  std::vector<std::string> rules;
  CommandChecker checker(device, refresh, [&](const Violation& violation) {
    rules.emplace_back(violation.rule);
  });
  for (const Command& command : commands) checker.check(command);
  checker.finish();
  return rules;
}

}  // namespace headroom::hbm
