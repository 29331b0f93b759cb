// The checker against a second formulation of the rules that is slow and plain: every pair of
// commands has a least distance. Random legal sequences pass; the same with one command moved are
// judged alike by both.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <set>

#include "models/hbm/checker.h"
#include "tests/models/hbm/commands.h"
#include "tests/support/seed.h"

namespace headroom::hbm {
namespace {

using Clock = std::int64_t;

Clock clock_of(const Command& command) { return command.time_ps / tck_ps; }
bool reads(const Command& c) { return c.kind == CommandKind::rd || c.kind == CommandKind::rda; }
bool writes(const Command& c) { return c.kind == CommandKind::wr || c.kind == CommandKind::wra; }
bool same_rank(const Command& a, const Command& b) {
  return a.pseudo_channel == b.pseudo_channel && a.stack_id == b.stack_id;
}
bool same_group(const Command& a, const Command& b) {
  return same_rank(a, b) && a.bank_group == b.bank_group;
}
// Of two commands, whether the second acts on the bank of the first.
bool meets(const Command& a, const Command& b) {
  const bool whole = a.bank == unused || b.bank == unused;
  return same_rank(a, b) && (whole || (a.bank_group == b.bank_group && a.bank == b.bank));
}

// The least clocks from `a` to a later `b` of the same channel; 0 where they may share a clock.
// Rows' states are not looked at, nor what needs more than two commands.
Clock least_distance(const Timing& t, const Command& a, const Command& b) {
  const auto c = [](Cycles cycles) { return static_cast<Clock>(cycles); };
  Clock least = on_column_bus(a.kind) == on_column_bus(b.kind) ? 1 : 0;
  const auto need = [&](Clock clocks) { least = std::max(least, clocks); };
  const bool same_pseudo_channel = a.pseudo_channel == b.pseudo_channel;
  const bool activates = b.kind == CommandKind::act || b.kind == CommandKind::refpb;
  const bool idles = activates || b.kind == CommandKind::refab;
  const bool closes = b.kind == CommandKind::pre || b.kind == CommandKind::prea;
  const Clock write_recovery = c(t.tcwl + t.burst + t.twr);
  if (a.kind == CommandKind::act) {
    if (activates && same_pseudo_channel) need(c(same_group(a, b) ? t.trrd_l : t.trrd_s));
    if (meets(a, b)) {
      if (idles) need(c(t.trc));
      if (closes) need(c(t.tras));
      if (reads(b)) need(c(t.trcd_rd));
      if (writes(b)) need(c(t.trcd_wr));
    }
  }
  if (reads(a) && same_pseudo_channel) {
    if (reads(b)) need(c(!same_rank(a, b) ? *t.tccd_r : same_group(a, b) ? t.tccd_l : t.tccd_s));
    if (writes(b)) need(c(t.trtw));
  }
  if (writes(a) && same_pseudo_channel) {
    if (writes(b)) need(c(!same_rank(a, b) ? *t.tccd_r : same_group(a, b) ? t.tccd_l : t.tccd_s));
    if (reads(b)) need(c(t.tcwl + t.burst + (same_group(a, b) ? t.twtr_l : t.twtr_s)));
  }
  if (!meets(a, b)) {
    if (a.kind == CommandKind::refpb && activates && same_rank(a, b)) need(c(*t.trrefd));
    return least;
  }
  if (closes && a.kind == CommandKind::rd) need(c(t.trtp));
  if (closes && a.kind == CommandKind::wr) need(write_recovery);
  if (idles && a.kind == CommandKind::rda) need(c(t.trtp + t.trp));
  if (idles && a.kind == CommandKind::wra) need(write_recovery + c(t.trp));
  if (idles && (a.kind == CommandKind::pre || a.kind == CommandKind::prea)) need(c(t.trp));
  if (a.kind == CommandKind::refab && (idles || closes)) need(c(t.trfc));
  if (a.kind == CommandKind::refpb && (idles || b.kind == CommandKind::pre)) need(c(*t.trfcpb));
  return least;
}

using Bank = std::array<int, 4>;
Bank bank_of(const Command& c) { return {c.pseudo_channel, c.stack_id, c.bank_group, c.bank}; }
bool closes_one(const Command& c) {
  return c.kind == CommandKind::pre || c.kind == CommandKind::rda || c.kind == CommandKind::wra;
}

// Whether the PREA at `past[i]` does anything to the bank of `next`: it is open, or its precharge
// still goes on.
bool takes_effect(const Timing& t, const std::vector<Command>& past, std::size_t i,
                  const Command& next) {
  for (std::size_t j = i; j-- > 0;) {
    const Command& c = past[j];
    if (!meets(c, next)) continue;
    if (c.kind == CommandKind::act) return true;
    const bool goes_on = clock_of(past[i]) - clock_of(c) < static_cast<Clock>(t.trp);
    if (c.kind == CommandKind::pre) return goes_on;
    if (c.kind == CommandKind::prea && takes_effect(t, past, j, next)) return goes_on;
    if (closes_one(c)) return false;
  }
  return false;
}

// The first clock from `from` on at which `next` keeps its distances.
Clock first_legal(const Timing& t, const std::vector<Command>& past, const Command& next,
                  Clock from) {
  std::vector<Clock> acts;
  std::set<Bank> closed;  // since the command that is looked at
  for (std::size_t i = past.size(); i-- > 0 && clock_of(past[i]) + 400 > from;) {
    const Command& c = past[i];
    // A precharge of all banks does nothing to those that are closed.
    const bool idle = (next.kind == CommandKind::prea && closed.count(bank_of(c)) != 0) ||
                      (c.kind == CommandKind::prea && meets(c, next) &&
                       next.kind != CommandKind::prea && !takes_effect(t, past, i, next));
    from = std::max(from, clock_of(c) + (idle ? 1 : least_distance(t, c, next)));
    if (closes_one(c)) closed.insert(bank_of(c));
    if (next.kind == CommandKind::act && c.kind == CommandKind::act && same_rank(c, next))
      acts.push_back(clock_of(c));
  }
  if (acts.size() >= 4) from = std::max(from, acts[3] + static_cast<Clock>(t.tfaw));
  return from;
}

// Builds sequences that open, use, close and refresh banks of both pseudo-channels at random, each
// command as early as it may be, or somewhat later.
class Sequence {
 public:
  explicit Sequence(std::uint64_t seed) : random_(seed) {
    device_.organisation.channels = 1;
    device_.timing.trc = 44;  // tRAS + tRP, so that no rule needs a third command
  }

  const Device& device() const { return device_; }

  std::vector<Command> make(std::size_t count) {
    std::vector<Command> commands;
    while (commands.size() < count) {
      Command next = candidate();
      const Clock now = commands.empty() ? 0 : clock_of(commands.back());
      next.time_ps = (first_legal(device_.timing, commands, next, now) + late()) * tck_ps;
      // An automatic precharge starts at tRAS at the earliest, which no pair of commands says.
      const bool closes_itself = next.kind == CommandKind::rda || next.kind == CommandKind::wra;
      if (closes_itself && clock_of(next) < opened_at_[bank_of(next)] + 31) continue;
      apply(next);
      commands.push_back(next);
    }
    return commands;
  }

 private:
  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  Clock late() { return pick(3) == 0 ? pick(20) : 0; }

  Command candidate() {
    const BankName bank{pick(2), pick(2), pick(4), pick(2)};
    const bool open = opened_at_.count(bank_of(at(0, CommandKind::act, bank))) != 0;
    if (!open) return at(0, pick(8) == 0 ? CommandKind::refpb : CommandKind::act, bank);
    if (pick(60) == 0) return at(0, CommandKind::prea, bank);
    constexpr std::array kinds{
        CommandKind::rd,  CommandKind::wr,  CommandKind::rd, CommandKind::wr,
        CommandKind::pre, CommandKind::rda, CommandKind::wra};
    return at(0, kinds[static_cast<std::size_t>(pick(static_cast<int>(kinds.size())))], bank);
  }

  void apply(const Command& c) {
    if (c.kind == CommandKind::act) opened_at_[bank_of(c)] = clock_of(c);
    if (closes_one(c)) opened_at_.erase(bank_of(c));
    if (c.kind != CommandKind::prea) return;
    for (auto i = opened_at_.begin(); i != opened_at_.end();)
      i = i->first[0] == c.pseudo_channel && i->first[1] == c.stack_id
              ? opened_at_.erase(i)
              : std::next(i);
  }

  Device device_ = small_device();
  std::mt19937_64 random_;
  std::map<Bank, Clock> opened_at_;
};

TEST(CommandCheckerRandom, LegalSequencesPass) {
  SCOPED_TRACE(replay());
  Sequence sequence(seed());
  const std::vector<Command> commands = sequence.make(30'000);
  EXPECT_EQ(violated(sequence.device(), commands), std::vector<std::string>{});
  std::set<CommandKind> kinds;
  for (const Command& command : commands) kinds.insert(command.kind);
  EXPECT_EQ(kinds.size(), 8u) << "all but REFab";
}

// Moves one command ahead by up to the gap before it; order of time and states of banks stay.
TEST(CommandCheckerRandom, OneCommandMovedIsJudgedAsThePairsSay) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed() + 1);
  int illegal = 0;
  constexpr int cases = 3000;
  for (int i = 0; i < cases; ++i) {
    SCOPED_TRACE("case " + std::to_string(i));
    Sequence sequence(random());
    std::vector<Command> commands = sequence.make(40);
    const std::size_t moved = 1 + random() % 39;
    const Clock before = clock_of(commands[moved - 1]), was = clock_of(commands[moved]);
    const Clock now = was -
                      static_cast<Clock>(random() % static_cast<std::uint64_t>(was - before + 1));
    commands[moved].time_ps = now * tck_ps;
    const std::vector<Command> past(
        commands.begin(), commands.begin() + static_cast<std::ptrdiff_t>(moved));
    commands.resize(moved + 1);
    // RDA and WRA that start their precharge at tRAS are legal here; what follows them is cut off.
    const bool legal = first_legal(sequence.device().timing, past, commands[moved], now) == now;
    illegal += legal ? 0 : 1;
    EXPECT_EQ(violated(sequence.device(), commands).empty(), legal);
  }
  EXPECT_GT(illegal, cases / 4);
  EXPECT_LT(illegal, cases);
}

}  // namespace
}  // namespace headroom::hbm
