#include "models/hbm/pseudo_channel.h"

#include <algorithm>
#include <limits>

namespace headroom::hbm {
namespace {

constexpr std::uint64_t bit(int bank) { return std::uint64_t{1} << bank; }
constexpr std::int32_t closed = -1;

}  // namespace

PseudoChannel::PseudoChannel(const Organisation& o, const Ticks& ticks, const Policy& policy)
    : ticks_(ticks),
      policy_(policy),
      stack_ids_(o.stack_ids),
      groups_(o.bank_groups),
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
  for (int s = 0; s < stack_ids_; ++s)
    refresh_.emplace_back(policy, banks_of(s), interval, interval);
  update_wake();
}

std::uint64_t PseudoChannel::banks_of(int stack_id) const {
  const std::uint64_t all = banks_ == 64 ? ~std::uint64_t{0} : bit(banks_) - 1;
  return all << stack_id * banks_;
}

Cycle PseudoChannel::column_at(Direction d, int bank) const {
  return std::max({bank_[bank].column_at[d], group_column_at_[d][group_of_[bank]],
                   stack_column_at_[d][stack_id_of_[bank]]});
}

Cycle PseudoChannel::act_at(int bank) const {
  return std::max({bank_[bank].act_at, group_act_at_[group_of_[bank]],
                   window_[stack_id_of_[bank]].next_at, act_at_});
}

// Earliest first, then oldest: one comparison of distance and order of arrival.
void PseudoChannel::find_column(Cycle now) {
  column_dirty_ = false;
  column_.at = never;
  const Direction d = direction_;
  std::uint64_t starved = 0;
  for (std::uint64_t left = queue_.passed[d] & ~held_; left != 0; left &= left - 1) {
    const int bank = __builtin_ctzll(left);
    if (now - queue_.head(d, bank).entered > policy_.starvation_cap) starved |= bit(bank);
  }
  if (starved != starved_) starved_ = starved, row_dirty_ = true;
  Cycle best_at = never, oldest_at = never;
  std::int64_t best_order = std::numeric_limits<std::int64_t>::max(), oldest_order = best_order;
  int best = -1, oldest = -1;
  for (std::uint64_t left = queue_.hits[d] & ~held_ & ~starved; left != 0; left &= left - 1) {
    const int bank = __builtin_ctzll(left);
    const Cycle at = std::max(now, column_at(d, bank));
    const std::int64_t order = queue_.hit_order(d, bank);
    if (at < best_at || (at == best_at && order < best_order))
      best_at = at, best_order = order, best = bank;
    if (order < oldest_order) oldest_at = at, oldest_order = order, oldest = bank;
  }
  if (best < 0) return;
  if (oldest != best &&
      now - queue_.hit(d, oldest).entered > policy_.starvation_cap)
    best = oldest, best_at = oldest_at;
  column_.at = best_at;
  column_.bank = best;
}

void PseudoChannel::offer_row(Cycle at, CommandKind kind, int bank, bool refresh) {
  if (at < row_.at) row_ = {at, kind, bank, refresh};
}

void PseudoChannel::find_row(Cycle now) {
  row_dirty_ = false;
  const Direction d = direction_;
  const std::uint64_t work = queue_.work[d] & ~held_;
  Cycle best_at = never, oldest_at = never;
  std::int64_t best_order = std::numeric_limits<std::int64_t>::max(), oldest_order = best_order;
  int best = -1, oldest = -1;
  const auto consider = [&](int bank, Cycle at) {
    const std::int64_t order = queue_.head_order(d, bank);
    if (at < best_at || (at == best_at && order < best_order))
      best_at = at, best_order = order, best = bank;
    if (order < oldest_order) oldest_at = at, oldest_order = order, oldest = bank;
  };
  for (std::uint64_t left = work & ~open_; left != 0; left &= left - 1) {
    const int bank = __builtin_ctzll(left);
    consider(bank, std::max(now, act_at(bank)));
  }
  for (std::uint64_t left = work & open_ & (~queue_.hits[d] | starved_); left != 0;
       left &= left - 1) {
    const int bank = __builtin_ctzll(left);
    consider(bank, std::max(now, bank_[bank].pre_at));
  }
  row_ = {};
  if (best >= 0) {
    if (oldest != best && now - queue_.head(d, oldest).entered > policy_.starvation_cap)
      best = oldest, best_at = oldest_at;
    row_ = {best_at, (open_ & bit(best)) != 0 ? CommandKind::pre : CommandKind::act, best, false};
  }
  offer_refreshes(now);
}

void PseudoChannel::offer_refreshes(Cycle now) {
  const std::uint64_t busy = queue_.work[reading] | queue_.work[writing];
  for (int s = 0; s < stack_ids_; ++s) {
    RefreshQueue& refresh = refresh_[static_cast<std::size_t>(s)];
    refresh.choose(busy, queue_, last_use_);
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
      offer_row(at, one ? CommandKind::pre : CommandKind::prea,
                one ? __builtin_ctzll(open) : first, true);
    } else if (policy_.refresh == Refresh::per_bank) {
      // On the bus of rows a REFpb is as an ACT (tRRD).
      at = std::max({at, bank_[first].act_at, refresh_at_, act_at_,
                     group_act_at_[group_of_[first]]});
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
  group_act_at_[group_of_[bank]] = at + ticks_.rrd_l;
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
