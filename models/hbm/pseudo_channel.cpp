#include "models/hbm/pseudo_channel.h"

#include <algorithm>

namespace headroom::hbm {
namespace {

constexpr std::uint64_t bit(int bank) { return std::uint64_t{1} << bank; }
constexpr std::int32_t closed = -1;
constexpr std::uint64_t nothing = ~std::uint64_t{0};  // no rank

}  // namespace

PseudoChannel::PseudoChannel(const Organisation& o, const Ticks& ticks, const Policy& policy)
    : ticks_(ticks),
      policy_(policy),
      stack_ids_(o.stack_ids),
      banks_per_group_(o.banks_per_group),
      banks_(o.banks()) {
  for (int bank = 0; bank < banks_ * stack_ids_; ++bank) {
    group_of_[bank] = static_cast<std::uint8_t>(bank / banks_per_group_);
    stack_id_of_[bank] = static_cast<std::uint8_t>(bank / banks_);
  }
  open_row_.fill(closed);
  for (auto& window : window_) window.at.fill(-ticks_.faw);
  const bool per_bank = policy.refresh == Refresh::per_bank;
  const Cycle interval = per_bank ? ticks.refipb : ticks.refi;
  for (int s = 0; s < stack_ids_; ++s) stack_banks_[s] = banks_of(s);
  for (int s = 0; s < stack_ids_; ++s)
    refresh_.emplace_back(policy, banks_of(s), interval, interval);
  update_wake();
}

std::uint64_t PseudoChannel::banks_of(int stack_id) const {
  const std::uint64_t all = banks_ == 64 ? ~std::uint64_t{0} : bit(banks_) - 1;
  return all << stack_id * banks_;
}

// Earliest first, then oldest, in one number: distance, order of arrival, bank. Taking the least of
// them needs no branch.
std::uint64_t PseudoChannel::rank(Cycle distance, std::int64_t order, int bank) {
  constexpr Cycle far = (Cycle{1} << 20) - 1;  // beyond every distance of a device
  return static_cast<std::uint64_t>(std::min(distance, far)) << 44 |
         (static_cast<std::uint64_t>(order) << 6 & ((std::uint64_t{1} << 44) - 1)) |
         static_cast<std::uint64_t>(bank);
}

Cycle PseudoChannel::column_at(Direction d, int bank) const {
  return std::max({bank_[bank].column_at[d], group_column_at_[d][group_of_[bank]],
                   stack_column_at_[d][stack_id_of_[bank]]});
}

Cycle PseudoChannel::act_at(int bank) const {
  return std::max({bank_[bank].act_at, window_[stack_id_of_[bank]].next_at, act_at_});
}

Cycle PseudoChannel::row_at(int bank) const {
  return (open_ & bit(bank)) != 0 ? bank_[bank].pre_at : act_at(bank);
}

void PseudoChannel::find_column(Cycle now) {
  column_dirty_ = false;
  column_.at = never;
  if (now >= check_waits_at_) check_waits(now);
  const Direction d = direction_;
  const std::uint64_t ready = queue_.hits[d] & ~held_ & ~starved_;
  if (ready == 0) return;
  std::uint64_t best = nothing;
  for (int s = 0; s < stack_ids_; ++s) {
    const Cycle floor = std::max(now, stack_column_at_[d][s]);
    for (std::uint64_t left = ready & stack_banks_[s]; left != 0; left &= left - 1) {
      const int bank = __builtin_ctzll(left);
      const Cycle at = std::max(
          floor, std::max(bank_[bank].column_at[d], group_column_at_[d][group_of_[bank]]));
      best = std::min(best, rank(at - now, queue_.hit_order(d, bank), bank));
    }
  }
  column_.bank = static_cast<int>(best & 63);
  if (urgent_)
    if (const int oldest = queue_.oldest_hit(d, ready); column_at(d, oldest) - now <= ticks_.ccd_l)
      column_.bank = oldest;
  column_.at = std::max(now, column_at(d, column_.bank));
}

// The requests that have waited too long are looked for now and then; while there are any, always.
// The oldest goes before what would delay it: what is ready so much earlier that it does not may
// still pass, or a few old requests would idle the bus and make all the others old.
void PseudoChannel::check_waits(Cycle now) {
  const Cycle since = now - policy_.starvation_cap;
  const Direction d = direction_;
  std::uint64_t starved = 0;
  urgent_ = false;
  for (std::uint64_t left = queue_.work[d] & ~held_; left != 0; left &= left - 1) {
    const int bank = __builtin_ctzll(left);
    if (queue_.head(d, bank).entered > since) continue;
    urgent_ = true;
    starved |= bit(bank) & queue_.passed[d];
  }
  check_waits_at_ = urgent_ ? now : now + policy_.starvation_cap / 16 + 1;
  if (starved != starved_) row_dirty_ = true;
  starved_ = starved;
}

void PseudoChannel::offer_row(Cycle at, CommandKind kind, int bank, bool refresh) {
  if (at < row_.at) row_ = {at, kind, bank, refresh};
}

void PseudoChannel::find_row(Cycle now) {
  row_dirty_ = false;
  const Direction d = direction_;
  const std::uint64_t work = queue_.work[d] & ~held_;
  const std::uint64_t to_open = work & ~open_;
  const std::uint64_t to_close = work & open_ & (~queue_.hits[d] | starved_);
  std::uint64_t best = nothing;
  for (int s = 0; s < stack_ids_; ++s) {
    const Cycle floor = std::max({now, window_[s].next_at, act_at_});
    for (std::uint64_t left = to_open & stack_banks_[s]; left != 0; left &= left - 1) {
      const int bank = __builtin_ctzll(left);
      const Cycle at = std::max(floor, bank_[bank].act_at);
      best = std::min(best, rank(at - now, queue_.head_order(d, bank), bank));
    }
  }
  for (std::uint64_t left = to_close; left != 0; left &= left - 1) {
    const int bank = __builtin_ctzll(left);
    const Cycle at = std::max(now, bank_[bank].pre_at);
    best = std::min(best, rank(at - now, queue_.head_order(d, bank), bank));
  }
  row_ = {};
  if (best != nothing) {
    int bank = static_cast<int>(best & 63);
    if (urgent_)
      if (const int oldest = queue_.oldest_head(d, to_open | to_close);
          row_at(oldest) - now <= ticks_.rrd_l)
        bank = oldest;
    const CommandKind kind = (open_ & bit(bank)) != 0 ? CommandKind::pre : CommandKind::act;
    row_ = {std::max(now, row_at(bank)), kind, bank, false};
  }
  if (refresh_owed_) offer_refreshes(now);
}

void PseudoChannel::offer_refreshes(Cycle now) {
  const std::uint64_t busy = queue_.work[reading] | queue_.work[writing];
  refresh_owed_ = false;
  for (int s = 0; s < stack_ids_; ++s) {
    RefreshQueue& refresh = refresh_[static_cast<std::size_t>(s)];
    refresh.choose(busy, queue_, last_use_);
    refresh_owed_ = refresh_owed_ || refresh.owed();
    const std::uint64_t target = refresh.target();
    if (target == 0) continue;
    if (refresh.forced() && (held_ & target) != target) {
      held_ |= target;
      column_dirty_ = true;  // perhaps of a bank that is held now
      if ((bit(std::max(row_.bank, 0)) & target) != 0) return find_row(now);
    }
    const int first = __builtin_ctzll(target);
    const std::uint64_t open = target & open_;
    Cycle at = now;
    if (open != 0) {
      for (std::uint64_t left = open; left != 0; left &= left - 1)
        at = std::max(at, bank_[__builtin_ctzll(left)].pre_at);
      const bool one = (open & (open - 1)) == 0;
      offer_row(at, one ? CommandKind::pre : CommandKind::prea, one ? __builtin_ctzll(open) : first,
                true);
    } else if (policy_.refresh == Refresh::per_bank) {
      // On the bus of rows a REFpb is as an ACT (tRRD).
      at = std::max({at, bank_[first].act_at, refresh_at_, act_at_});
      offer_row(at, CommandKind::refpb, first, true);
    } else {
      for (std::uint64_t left = target; left != 0; left &= left - 1)
        at = std::max(at, bank_[__builtin_ctzll(left)].act_at);
      offer_row(at, CommandKind::refab, first, true);
    }
  }
}

PseudoChannel::Issued PseudoChannel::issue_column(Cycle at, std::vector<Completion>& done) {
  const int bank = column_.bank, group = group_of_[bank], stack = stack_id_of_[bank];
  const Direction d = direction_;
  BankQueue::Entry& entry = queue_.hit(d, bank);
  Part& part = entry.part;
  for (int s = 0; s < stack_ids_; ++s) {
    Cycle& same = stack_column_at_[d][s];
    same = std::max(same, at + (s == stack ? ticks_.ccd_s : ticks_.ccd_r));
    Cycle& other = stack_column_at_[1 - d][s];
    other = std::max(other, at + (d == reading ? ticks_.rd_to_wr : ticks_.wr_to_rd_s));
  }
  group_column_at_[d][group] = at + ticks_.ccd_l;
  if (d == writing) group_column_at_[reading][group] = at + ticks_.wr_to_rd_l;
  bank_[bank].pre_at = std::max(bank_[bank].pre_at, at + ticks_.to_pre[d]);
  last_use_[bank] = at;
  end_of_data_ = at + ticks_.to_data[d] + ticks_.burst;
  column_dirty_ = true;
  Issued issued{d == reading ? CommandKind::rd : CommandKind::wr, bank, unused, part.column};
  ++(d == reading ? statistics_.reads : statistics_.writes);
  if (row_.bank == bank || (held_ & bit(bank)) != 0) row_dirty_ = true;
  ++part.column;
  if (--part.bursts > 0) return issued;

  if (d == reading) done.push_back({end_of_data_, part.request});
  if (policy_.page == Page::closed && !queue_.has_next_hit(d, bank)) {
    issued.kind = d == reading ? CommandKind::rda : CommandKind::wra;
    queue_.remove_hit(d, bank);
    close_bank(bank, bank_[bank].pre_at);
    row_dirty_ = true;
  } else {
    queue_.remove_hit(d, bank);
    if ((queue_.hits[d] & bit(bank)) == 0) row_dirty_ = true;
  }
  update_direction();
  update_wake();
  return issued;
}

void PseudoChannel::close_bank(int bank, Cycle at) {
  Bank& b = bank_[bank];
  b.act_at = std::max(b.act_at, at + ticks_.rp);
  open_row_[bank] = closed;
  open_ &= ~bit(bank);
  starved_ &= ~bit(bank);
  queue_.row_changed(bank, closed);
}

void PseudoChannel::activated(int bank, Cycle at) {
  Bank& b = bank_[bank];
  const int stack = stack_id_of_[bank];
  b.column_at = {at + ticks_.rcd[reading], at + ticks_.rcd[writing]};
  b.pre_at = at + ticks_.ras;
  b.act_at = at + ticks_.rc;
  act_at_ = std::max(act_at_, at + ticks_.rrd_s);
  const int first = bank - bank % banks_per_group_;
  for (int other = first; other < first + banks_per_group_; ++other)
    bank_[other].act_at = std::max(bank_[other].act_at, at + ticks_.rrd_l);
  Window& window = window_[stack];
  window.at[window.oldest] = at;
  window.oldest = (window.oldest + 1) % 4;
  window.next_at = window.at[window.oldest] + ticks_.faw;
}

void PseudoChannel::refreshed(const Candidate& command, Cycle at) {
  RefreshQueue& refresh = refresh_[stack_id_of_[command.bank]];
  const std::uint64_t target = refresh.target();
  const bool per_bank = command.kind == CommandKind::refpb;
  for (std::uint64_t left = target; left != 0; left &= left - 1)
    bank_[__builtin_ctzll(left)].act_at = at + (per_bank ? ticks_.rfcpb : ticks_.rfc);
  if (per_bank) {
    refresh_at_ = at + ticks_.rrefd;
    act_at_ = std::max(act_at_, at + ticks_.rrefd);
  }
  ++(per_bank ? statistics_.refreshes_bank : statistics_.refreshes_all);
  held_ &= ~target;
  refresh.done();
  refresh_owed_ = true;  // perhaps; the next search says
  column_dirty_ = true;
}

PseudoChannel::Issued PseudoChannel::issue_row(Cycle at) {
  const Candidate command = row_;
  const int bank = command.bank;
  row_dirty_ = true;
  Issued issued{command.kind, bank, unused, unused};
  switch (command.kind) {
    case CommandKind::act: {
      BankQueue::Entry& entry = queue_.head(direction_, bank);
      statistics_.row_misses += entry.row_was_opened ? 0 : 1;
      entry.row_was_opened = true;
      issued.row = open_row_[bank] = entry.part.row;
      open_ |= bit(bank);
      activated(bank, at);
      queue_.row_changed(bank, entry.part.row);
      ++statistics_.activates;
      if (!column_dirty_) {
        const Cycle column = std::max(at, column_at(direction_, bank));
        if (column < column_.at) column_.at = column, column_.bank = bank;
      }
      break;
    }
    case CommandKind::pre:
      close_bank(bank, at);
      if (column_.bank == bank) column_dirty_ = true;
      ++statistics_.precharges;
      break;
    case CommandKind::prea:
      for (std::uint64_t left = banks_of(stack_id_of_[bank]) & open_; left != 0; left &= left - 1)
        close_bank(__builtin_ctzll(left), at);
      column_dirty_ = true;
      ++statistics_.precharges;
      break;
    default: refreshed(command, at);
  }
  return issued;
}

}  // namespace headroom::hbm
