#include "models/hbm/refresh.h"

#include <limits>

namespace headroom::hbm {

std::uint64_t RefreshQueue::least_loaded(
    const BankQueue& queue, const Indexed<Cycle, max_banks>& last_use) const {
  int best = -1, fewest = std::numeric_limits<int>::max();
  for (std::uint64_t left = banks_ & ~refreshed_; left != 0; left &= left - 1) {
    const int bank = __builtin_ctzll(left);
    const int waiting = queue.waiting(bank);
    if (waiting < fewest || (waiting == fewest && last_use[bank] > last_use[best]))
      best = bank, fewest = waiting;
  }
  return std::uint64_t{1} << best;
}

void RefreshQueue::choose(
    std::uint64_t busy, const BankQueue& queue, const Indexed<Cycle, max_banks>& last_use) {
  if (owed_ == 0 || forced_) return;
  const bool late = owed_ > limit_;
  if (per_bank_) {
    // An idle bank that has been chosen stays so until a request comes for it.
    if (target_ != 0 && (target_ & busy) == 0) {
      forced_ = late;
      return;
    }
    target_ = late || (banks_ & ~refreshed_ & ~busy) != 0 ? least_loaded(queue, last_use) : 0;
  } else {
    target_ = late || (banks_ & busy) == 0 ? banks_ : 0;
  }
  forced_ = late && target_ != 0;
}

void RefreshQueue::done() {
  refreshed_ |= target_;
  if (refreshed_ == banks_) refreshed_ = 0;
  target_ = 0;
  forced_ = false;
  --owed_;
}

}  // namespace headroom::hbm
