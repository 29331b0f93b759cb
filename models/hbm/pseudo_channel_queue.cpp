// How requests enter the queues of a pseudo-channel, and which direction its data bus works in.
#include <algorithm>
#include <string>

#include "models/hbm/pseudo_channel.h"

namespace headroom::hbm {

ChannelStatistics& ChannelStatistics::operator+=(const ChannelStatistics& other) {
  activates += other.activates, reads += other.reads, writes += other.writes;
  precharges += other.precharges;
  refreshes_all += other.refreshes_all, refreshes_bank += other.refreshes_bank;
  parts += other.parts, row_misses += other.row_misses, forwarded += other.forwarded;
  turnarounds += other.turnarounds;
  return *this;
}

void PseudoChannel::arrive(const Part& part) {
  if (arrived_ - entered_ == arrivals_.size()) {
    std::vector<Part> larger(std::max<std::size_t>(64, 2 * arrivals_.size()));
    for (std::size_t i = entered_; i != arrived_; ++i)
      larger[i & (larger.size() - 1)] = arrivals_[i & (arrivals_.size() - 1)];
    arrivals_.swap(larger);
  }
  arrivals_[arrived_++ & (arrivals_.size() - 1)] = part;
  if (arrived_ - entered_ == 1) update_wake();
}

bool PseudoChannel::has_room(const Part& part) const {
  if (!part.write) return queue_.size(reading) < policy_.read_queue;
  return queue_.size(writing) < policy_.write_queue && !queue_.holds(reading, part);
}

void PseudoChannel::update_wake() {
  wake_at_ = refresh_due_;
  if (arrived_ != entered_ && has_room(next_arrival()))
    wake_at_ = std::min(wake_at_, next_arrival().arrival);
}

void PseudoChannel::wake(Cycle now, std::vector<Completion>& done) {
  if (refresh_due_ <= now) {
    refresh_due_ = never;
    for (RefreshQueue& refresh : refresh_) {
      while (refresh.due() <= now) refresh.tick();
      refresh_due_ = std::min(refresh_due_, refresh.due());
    }
    row_dirty_ = refresh_owed_ = true;
  }
  while (arrived_ != entered_ && next_arrival().arrival <= now && has_room(next_arrival())) {
    enter(next_arrival(), now, done);
    ++entered_;
  }
  update_wake();
}

void PseudoChannel::enter(const Part& part, Cycle now, std::vector<Completion>& done) {
  ++statistics_.parts;
  if (part.write) {
    done.push_back({now + ticks_.answer(), part.request});
  } else if (queue_.holds(writing, part)) {
    ++statistics_.forwarded;
    done.push_back({now + ticks_.answer(), part.request});
    return;
  }
  queue_.add(part, open_row_[part.bank], now);
  update_direction();
  if (row_.refresh || row_.bank == part.bank) row_dirty_ = true;
  if ((part.write ? writing : reading) == direction_) offer(part, now);
}

// What a new request changes: its bank may have a better candidate.
void PseudoChannel::offer(const Part& part, Cycle now) {
  const int bank = part.bank;
  const std::uint64_t bank_bit = std::uint64_t{1} << bank;
  if ((held_ & bank_bit) != 0) return;
  if (open_row_[bank] == part.row) {
    if (column_dirty_) return;
    const Cycle at = std::max(now, column_at(direction_, bank));
    if (at < column_.at) column_.at = at, column_.bank = bank;
  } else if (!row_dirty_ && (queue_.hits[direction_] & bank_bit) == 0) {
    const bool open = (open_ & bank_bit) != 0;
    offer_row(std::max(now, open ? bank_[bank].pre_at : act_at(bank)),
              open ? CommandKind::pre : CommandKind::act, bank, false);
  }
}

void PseudoChannel::update_direction() {
  const int reads = queue_.size(reading), writes = queue_.size(writing);
  Direction wanted = direction_;
  if (direction_ == reading) {
    if (writes >= policy_.write_high || (reads == 0 && writes > 0 && policy_.drain_when_idle))
      wanted = writing;
  } else if (writes == 0 ||
             (writes <= policy_.write_low && (reads > 0 || !policy_.drain_when_idle))) {
    wanted = reading;
  }
  if (wanted == direction_) return;
  direction_ = wanted;
  starved_ = 0, urgent_ = false;
  check_waits_at_ = 0;
  column_dirty_ = row_dirty_ = true;
  statistics_.turnarounds += wanted == writing ? 1 : 0;
}

std::string PseudoChannel::waits() const {
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  const int reads = queue_.size(reading), writes = queue_.size(writing);
  if (arrived_ != entered_) {
    const Part& next = next_arrival();
    add(std::to_string(arrived_ - entered_) + " requests wait to enter, the first of them a " +
        (next.write ? "store that waits for room in the write queue (" + std::to_string(writes) +
                          " of " + std::to_string(policy_.write_queue) + " entries taken)"
                    : "load that waits for room in the read queue (" + std::to_string(reads) +
                          " of " + std::to_string(policy_.read_queue) + " entries taken)"));
  }
  if (writes > 0 && direction_ == reading)
    add(std::to_string(writes) + " stores in the write queue wait for " +
        std::to_string(policy_.write_high) + " to be there (write_high), or for " +
        (policy_.drain_when_idle ? "the loads to end" : "ever: drain_when_idle is false"));
  if (reads > 0)
    add(std::to_string(reads) + " loads in the read queue wait for " +
        (direction_ == writing ? "the stores before them" : "their banks"));
  return text;
}

}  // namespace headroom::hbm
