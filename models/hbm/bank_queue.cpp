#include "models/hbm/bank_queue.h"

namespace headroom::hbm {
namespace {

constexpr std::uint64_t bit(int bank) { return std::uint64_t{1} << bank; }

}  // namespace

BankQueue::BankQueue() {
  for (int i = 0; i < max_entries; ++i) free_[i] = static_cast<std::uint8_t>(max_entries - 1 - i);
  for (auto* lists : {&head_, &tail_, &hit_})
    for (auto& list : *lists) list.fill(no_entry);
}

int BankQueue::oldest(const Indexed<std::int64_t, max_banks>& orders, std::uint64_t banks) {
  int best = __builtin_ctzll(banks);
  for (; banks != 0; banks &= banks - 1)
    if (const int bank = __builtin_ctzll(banks); orders[bank] < orders[best]) best = bank;
  return best;
}

void BankQueue::set_hit(Direction d, int bank, std::uint8_t entry) {
  hit_[d][bank] = entry;
  if (entry == no_entry) {
    hits[d] &= ~bit(bank);
    passed[d] &= ~bit(bank);
    return;
  }
  hits[d] |= bit(bank);
  hit_order_[d][bank] = entries_[entry].order;
  if (entry == head_[d][bank])
    passed[d] &= ~bit(bank);
  else
    passed[d] |= bit(bank);
}

void BankQueue::add(const Part& part, std::int32_t open_row, Cycle now) {
  const Direction d = part.write ? writing : reading;
  const int bank = part.bank;
  const std::uint8_t index = free_[--free_count_];
  Entry& entry = entries_[index];
  entry.part = part;
  entry.block = part.column;
  entry.row_was_opened = false;
  entry.entered = now;
  entry.order = arrivals_++;
  entry.next = no_entry;
  entry.previous = tail_[d][bank];
  if (entry.previous == no_entry) {
    head_[d][bank] = index;
    head_order_[d][bank] = entry.order;
    work[d] |= bit(bank);
  } else {
    entries_[entry.previous].next = index;
  }
  tail_[d][bank] = index;
  ++count_[bank];
  ++size_[d];
  if (part.row == open_row && hit_[d][bank] == no_entry) set_hit(d, bank, index);
}

void BankQueue::row_changed(int bank, std::int32_t open_row) {
  for (const Direction d : {reading, writing})
    set_hit(d, bank, open_row < 0 ? no_entry : next_in_row(head_[d][bank], open_row));
}

bool BankQueue::has_next_hit(Direction d, int bank) const {
  const Entry& entry = entries_[hit_[d][bank]];
  return next_in_row(entry.next, entry.part.row) != no_entry;
}

void BankQueue::remove_hit(Direction d, int bank) {
  const std::uint8_t index = hit_[d][bank];
  Entry& entry = entries_[index];
  if (entry.previous == no_entry) {
    head_[d][bank] = entry.next;
    if (entry.next != no_entry) head_order_[d][bank] = entries_[entry.next].order;
  } else {
    entries_[entry.previous].next = entry.next;
  }
  if (entry.next == no_entry)
    tail_[d][bank] = entry.previous;
  else
    entries_[entry.next].previous = entry.previous;
  if (head_[d][bank] == no_entry) work[d] &= ~bit(bank);
  set_hit(d, bank, next_in_row(entry.next, entry.part.row));
  free_[free_count_++] = index;
  --count_[bank];
  --size_[d];
}

bool BankQueue::holds(Direction d, const Part& part) const {
  for (std::uint8_t i = head_[d][part.bank]; i != no_entry; i = entries_[i].next)
    if (entries_[i].part.row == part.row && entries_[i].block == part.column) return true;
  return false;
}

}  // namespace headroom::hbm
