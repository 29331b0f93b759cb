#include "models/hbm/checker.h"

#include <algorithm>
#include <stdexcept>

namespace headroom::hbm {
namespace {

constexpr std::int64_t most_postponed = 8;  // refreshes (JESD235, JESD238)

std::int64_t signed_clocks(Cycles cycles) { return static_cast<std::int64_t>(cycles); }

bool is_read(CommandKind kind) { return kind == CommandKind::rd || kind == CommandKind::rda; }
bool closes_itself(CommandKind kind) {
  return kind == CommandKind::rda || kind == CommandKind::wra;
}
bool names_a_bank(CommandKind kind) {
  return kind != CommandKind::prea && kind != CommandKind::refab;
}

std::size_t index(std::int32_t field) { return static_cast<std::size_t>(field); }

}  // namespace

CommandChecker::CommandChecker(
    const Device& device, RefreshRule refresh, std::function<void(const Violation&)> report)
    : organisation_(device.organisation),
      timing_(device.timing),
      refresh_(refresh),
      report_(std::move(report)),
      trcd_rd_(signed_clocks(timing_.trcd_rd)),
      trcd_wr_(signed_clocks(timing_.trcd_wr)),
      trp_(signed_clocks(timing_.trp)),
      tras_(signed_clocks(timing_.tras)),
      trc_(signed_clocks(timing_.trc)),
      tcl_(signed_clocks(timing_.tcl)),
      tcwl_(signed_clocks(timing_.tcwl)),
      burst_(signed_clocks(timing_.burst)),
      twr_(signed_clocks(timing_.twr)),
      trtp_(signed_clocks(timing_.trtp)),
      trfc_(signed_clocks(timing_.trfc)),
      trfcpb_(signed_clocks(timing_.trfcpb.value_or(0))),
      groups_(index(organisation_.bank_groups)),
      banks_(index(organisation_.banks())) {
  if (refresh == RefreshRule::per_bank && !timing_.trefipb)
    throw std::invalid_argument("no per-bank refresh in " + device.name);
  channels_.resize(index(organisation_.stacks) * index(organisation_.channels));
  pseudo_channels_.resize(channels_.size() * index(organisation_.pseudo_channels));
  ranks_.resize(pseudo_channels_.size() * index(organisation_.stack_ids));
  bank_groups_.resize(ranks_.size() * groups_);
  bank_.resize(ranks_.size() * banks_);
  // Of commands further back no data are on the bus any more.
  const Clocks window = std::max(tcl_, tcwl_) + burst_ + 1;
  for (PseudoChannel& pseudo_channel : pseudo_channels_)
    pseudo_channel.bursts.resize(static_cast<std::size_t>(window));
}

bool CommandChecker::fields_are_right(const Command& command) const {
  const Organisation& o = organisation_;
  const auto within = [](std::int64_t value, std::int64_t count) {
    return value >= 0 && value < count;
  };
  const auto absent_or_within = [&](std::int64_t value, std::int64_t count) {
    return value == unused || within(value, count);
  };
  const bool banked = names_a_bank(command.kind);
  const bool column = on_column_bus(command.kind);
  if (!within(command.stack, o.stacks) || !within(command.channel, o.channels) ||
      !within(command.pseudo_channel, o.pseudo_channels) || !within(command.stack_id, o.stack_ids))
    return false;
  if (banked
          ? !within(command.bank_group, o.bank_groups) || !within(command.bank, o.banks_per_group)
          : command.bank_group != unused || command.bank != unused)
    return false;
  if (column ? !within(command.column, o.columns) : command.column != unused) return false;
  if (command.kind == CommandKind::act) return within(command.row, o.rows);
  return column ? absent_or_within(command.row, o.rows) : command.row == unused;
}

CommandChecker::Place CommandChecker::place_of(const Command& command) {
  const Organisation& o = organisation_;
  const std::size_t channel = index(command.stack) * index(o.channels) + index(command.channel);
  const std::size_t pseudo_channel = channel * index(o.pseudo_channels) +
                                     index(command.pseudo_channel);
  const std::size_t rank = pseudo_channel * index(o.stack_ids) + index(command.stack_id);
  Place place{
      &channels_[channel], &pseudo_channels_[pseudo_channel],
      &ranks_[rank],       rank,
      rank * groups_,      nullptr};
  if (!names_a_bank(command.kind)) return place;
  place.group_index += index(command.bank_group);
  place.bank = &bank_[place.group_index * index(o.banks_per_group) + index(command.bank)];
  return place;
}

void CommandChecker::report(
    std::string_view rule, const Seen& now, const Seen& earlier, Clocks required) {
  ++violations_;
  ++by_rule_[rule];
  report_({rule, now.command, earlier.command, now.at - earlier.at, required});
}

void CommandChecker::report(
    std::string_view rule, const Seen& now, std::int64_t found, std::int64_t required) {
  ++violations_;
  ++by_rule_[rule];
  report_({rule, now.command, std::nullopt, found, required});
}

void CommandChecker::check(const Command& command) {
  ++commands_;
  ++kinds_[static_cast<std::size_t>(command.kind)];
  const Seen now{command.time_ps / timing_.tck_ps, command};
  if (const Clocks rest = command.time_ps % timing_.tck_ps; rest != 0)
    report("clock", now, rest, 0);
  if (now.at < last_.at) report("order", now, last_, 0);
  last_ = now;
  if (!fields_are_right(command)) return report("fields", now, 0, 0);

  const Place place = place_of(command);
  if (on_column_bus(command.kind))
    check_bus(now, place.channel->column_bus, "column bus");
  else
    check_bus(now, place.channel->row_bus, "row bus");

  switch (command.kind) {
    case CommandKind::act: return check_activate(now, place);
    case CommandKind::pre:
      at_least("tRFC", now, place.rank->refab, trfc_);
      at_least("tRFCpb", now, place.bank->refpb, trfcpb_);
      return check_precharge(now, *place.bank);
    case CommandKind::prea:
      at_least("tRFC", now, place.rank->refab, trfc_);
      for (std::size_t bank = 0; bank < banks_; ++bank)
        check_precharge(now, bank_[place.rank_index * banks_ + bank]);
      return;
    case CommandKind::refab: return check_all_bank_refresh(now, place);
    case CommandKind::refpb: return check_per_bank_refresh(now, place);
    default: return check_column(now, place);
  }
}

void CommandChecker::check_bus(const Seen& now, Seen& bus, std::string_view rule) {
  at_least(rule, now, bus, 1);
  bus = now;
}

void CommandChecker::check_activate(const Seen& now, const Place& place) {
  Bank& bank = *place.bank;
  if (bank.open) report("bank open", now, bank.act, 0);
  check_idle(now, bank);
  at_least("tRFC", now, place.rank->refab, trfc_);
  check_activate_spacing(now, place);

  Rank& rank = *place.rank;
  at_least("tFAW", now, rank.acts[rank.next_act], signed_clocks(timing_.tfaw));
  rank.acts[rank.next_act] = now;
  rank.next_act = (rank.next_act + 1) % rank.acts.size();
  bank_groups_[place.group_index].act = now;
  bank.act = now;
  bank.open = true;
  bank.row = now.command.row;
}

// What an ACT or a refresh needs of the bank itself.
void CommandChecker::check_idle(const Seen& now, const Bank& bank) {
  at_least("tRC", now, bank.act, trc_);
  at_least("tRP", now, bank.pre, trp_);
  at_least(is_read(bank.self_closing.command.kind) ? "tRP after RDA" : "tRP after WRA", now,
           bank.self_closing, bank.self_closing_distance);
  at_least("tRFCpb", now, bank.refpb, trfcpb_);
}

// What an ACT or a REFpb needs of other banks of its pseudo-channel.
void CommandChecker::check_activate_spacing(const Seen& now, const Place& place) {
  const Organisation& o = organisation_;
  const std::size_t first = (place.rank_index - index(now.command.stack_id)) * groups_;
  for (std::size_t group = first; group < first + index(o.stack_ids) * groups_; ++group) {
    const bool same = group == place.group_index;
    at_least(same ? "tRRD_L" : "tRRD_S", now, bank_groups_[group].act,
             signed_clocks(same ? timing_.trrd_l : timing_.trrd_s));
  }
  if (!timing_.trrefd) return;
  const Rank& rank = *place.rank;
  const bool last_is_own = rank.refpb.at != never &&
                           rank.refpb.command.bank_group == now.command.bank_group &&
                           rank.refpb.command.bank == now.command.bank;
  at_least("tRREFD", now, last_is_own ? rank.refpb_of_other : rank.refpb,
           signed_clocks(*timing_.trrefd));
}

void CommandChecker::check_column(const Seen& now, const Place& place) {
  Bank& bank = *place.bank;
  const bool reads = is_read(now.command.kind);
  if (!bank.open)
    report("bank closed", now, bank.act, 0);
  else if (now.command.row != unused && now.command.row != bank.row)
    report("other row", now, bank.act, 0);
  at_least(reads ? "tRCD_RD" : "tRCD_WR", now, bank.act, reads ? trcd_rd_ : trcd_wr_);
  check_column_spacing(now, place, reads);
  check_data_bus(now, *place.pseudo_channel, reads);

  (reads ? bank.rd : bank.wr) = now;
  (reads ? bank_groups_[place.group_index].rd : bank_groups_[place.group_index].wr) = now;
  if (reads) place.pseudo_channel->rd = now;
  if (!closes_itself(now.command.kind)) return;
  // The precharge starts when both the column command and the row allow it.
  const Clocks after_column = reads ? trtp_ : tcwl_ + burst_ + twr_;
  bank.self_closing = now;
  bank.self_closing_distance = std::max(after_column, bank.act.at + tras_ - now.at) + trp_;
  bank.open = false;
}

void CommandChecker::check_column_spacing(const Seen& now, const Place& place, bool reads) {
  const std::size_t ranks = index(organisation_.stack_ids);
  const std::size_t first_rank = place.rank_index - index(now.command.stack_id);
  for (std::size_t rank = first_rank; rank < first_rank + ranks; ++rank)
    for (std::size_t group = rank * groups_; group < (rank + 1) * groups_; ++group) {
      const BankGroup& other = bank_groups_[group];
      const bool same_rank = rank == place.rank_index, same = group == place.group_index;
      const Seen& before = reads ? other.rd : other.wr;
      if (!same_rank && timing_.tccd_r)
        at_least("tCCD_R", now, before, signed_clocks(*timing_.tccd_r));
      else
        at_least(same ? "tCCD_L" : "tCCD_S", now, before,
                 signed_clocks(same ? timing_.tccd_l : timing_.tccd_s));
      if (reads)
        at_least(same ? "tWTR_L" : "tWTR_S", now, other.wr,
                 tcwl_ + burst_ + signed_clocks(same ? timing_.twtr_l : timing_.twtr_s));
    }
  if (!reads) at_least("tRTW", now, place.pseudo_channel->rd, signed_clocks(timing_.trtw));
}

void CommandChecker::check_data_bus(const Seen& now, PseudoChannel& pseudo_channel, bool reads) {
  std::vector<Seen>& bursts = pseudo_channel.bursts;
  const Clocks data = now.at + (reads ? tcl_ : tcwl_), latest = std::max(tcl_, tcwl_);
  std::size_t i = pseudo_channel.next_burst;
  for (std::size_t n = 0; n < bursts.size(); ++n) {
    i = (i == 0 ? bursts.size() : i) - 1;
    const Seen& other = bursts[i];
    if (other.at + latest + burst_ <= data) break;  // and all before it
    const Clocks latency = is_read(other.command.kind) ? tcl_ : tcwl_;
    const Clocks apart = data - (other.at + latency);
    if (apart < burst_ && -apart < burst_)
      report("data bus", now, other, latency + burst_ - (data - now.at));
  }
  bursts[pseudo_channel.next_burst] = now;
  pseudo_channel.next_burst = (pseudo_channel.next_burst + 1) % bursts.size();
}

void CommandChecker::check_precharge(const Seen& now, Bank& bank) {
  if (!bank.open) {
    // Nothing to close; but a precharge that still goes on counts from its last command.
    if (now.at - bank.pre.at < trp_) bank.pre = now;
    return;
  }
  at_least("tRAS", now, bank.act, tras_);
  at_least("tRTP", now, bank.rd, trtp_);
  at_least("tWR", now, bank.wr, tcwl_ + burst_ + twr_);
  bank.open = false;
  bank.pre = now;
}

void CommandChecker::check_all_bank_refresh(const Seen& now, const Place& place) {
  Rank& rank = *place.rank;
  at_least("tRFC", now, rank.refab, trfc_);
  for (std::size_t i = 0; i < banks_; ++i) {
    Bank& bank = bank_[place.rank_index * banks_ + i];
    if (bank.open) report("bank open", now, bank.act, 0);
    check_idle(now, bank);
    if (refresh_ == RefreshRule::per_bank)
      count_refresh(now, "tREFIpb", signed_clocks(*timing_.trefipb) * static_cast<Clocks>(banks_),
                    bank.refreshes);
  }
  if (refresh_ == RefreshRule::all_bank)
    count_refresh(now, "tREFI", signed_clocks(timing_.trefi), rank.refreshes);
  rank.refab = now;
}

void CommandChecker::check_per_bank_refresh(const Seen& now, const Place& place) {
  if (!timing_.trfcpb) return report("fields", now, 0, 0);  // no such command
  Bank& bank = *place.bank;
  Rank& rank = *place.rank;
  if (bank.open) report("bank open", now, bank.act, 0);
  check_idle(now, bank);
  at_least("tRFC", now, rank.refab, trfc_);
  check_activate_spacing(now, place);
  if (refresh_ == RefreshRule::per_bank)
    count_refresh(now, "tREFIpb", signed_clocks(*timing_.trefipb) * static_cast<Clocks>(banks_),
                  bank.refreshes);
  if (rank.refpb.command.bank_group != now.command.bank_group ||
      rank.refpb.command.bank != now.command.bank)
    rank.refpb_of_other = rank.refpb;
  rank.refpb = bank.refpb = now;
}

void CommandChecker::check_debt(
    const Seen& now, std::string_view rule, Clocks interval, std::int64_t count) {
  // The first falls due after one interval and may come eight later.
  if (now.at > (count + 1 + most_postponed) * interval)
    report(rule, now, count, now.at / interval - most_postponed);
}

void CommandChecker::count_refresh(
    const Seen& now, std::string_view rule, Clocks interval, std::int64_t& count) {
  check_debt(now, rule, interval, count);
  // What is done more than eight ahead of time saves none later.
  count = std::min(count + 1, now.at / interval + most_postponed);
}

void CommandChecker::finish() {
  if (commands_ == 0 || refresh_ == RefreshRule::none) return;
  const Organisation& o = organisation_;
  for (std::size_t rank = 0; rank < ranks_.size(); ++rank) {
    Seen now = last_;
    const auto stack_ids = index(o.stack_ids), pseudo_channels = index(o.pseudo_channels);
    const auto field = [](std::size_t value) { return static_cast<std::int32_t>(value); };
    now.command = {last_.command.time_ps, CommandKind::refab};
    now.command.stack_id = field(rank % stack_ids);
    now.command.pseudo_channel = field(rank / stack_ids % pseudo_channels);
    const std::size_t channel = rank / stack_ids / pseudo_channels;
    now.command.channel = field(channel % index(o.channels));
    now.command.stack = field(channel / index(o.channels));
    if (refresh_ == RefreshRule::all_bank) {
      check_debt(now, "tREFI", signed_clocks(timing_.trefi), ranks_[rank].refreshes);
      continue;
    }
    now.command.kind = CommandKind::refpb;
    for (std::size_t i = 0; i < banks_; ++i) {
      now.command.bank_group = field(i / index(o.banks_per_group));
      now.command.bank = field(i % index(o.banks_per_group));
      check_debt(now, "tREFIpb", signed_clocks(*timing_.trefipb) * static_cast<Clocks>(banks_),
                 bank_[rank * banks_ + i].refreshes);
    }
  }
}

}  // namespace headroom::hbm
