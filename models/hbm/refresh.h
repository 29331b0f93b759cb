// When a stack id of a pseudo-channel is to be refreshed, and which bank is next.
//
// Refreshes fall due at even distances and may be late by a few (Policy), never early: their
// average is kept. Per-bank refreshes take every bank once before any twice (JESD235, JESD238); the
// order is the controller's, and an idle bank that was used last will be wanted last.
#pragma once

#include <array>
#include <cstdint>

#include "models/hbm/bank_queue.h"
#include "models/hbm/indexed.h"
#include "models/hbm/policy.h"

namespace headroom::hbm {

class RefreshQueue {
 public:
  // banks: bits of the stack id's banks. The first falls due at `first`.
  RefreshQueue(const Policy& policy, std::uint64_t banks, Cycle interval, Cycle first)
      : per_bank_(policy.refresh == Refresh::per_bank),
        limit_(per_bank_ ? policy.postponed_per_bank : policy.postponed_all_bank),
        banks_(banks),
        interval_(interval),
        due_(first) {}

  [[nodiscard]] Cycle due() const { return due_; }
  void tick() { due_ += interval_, ++owed_; }

  // Which banks are to be refreshed next, if any; `busy`: banks with requests; last_use: cycles.
  void choose(std::uint64_t busy, const BankQueue& queue,
              const Indexed<Cycle, max_banks>& last_use);
  void done();

  [[nodiscard]] std::uint64_t target() const { return target_; }
  [[nodiscard]] bool owed() const { return owed_ > 0; }
  [[nodiscard]] bool forced() const { return forced_; }

 private:
  [[nodiscard]] std::uint64_t least_loaded(
      const BankQueue& queue, const Indexed<Cycle, max_banks>& last_use) const;

  bool per_bank_;
  int limit_, owed_ = 0;
  std::uint64_t banks_, refreshed_ = 0;  // refreshed_: in this round
  Cycle interval_, due_;
  std::uint64_t target_ = 0;
  bool forced_ = false;
};

}  // namespace headroom::hbm
