// The requests that wait in a pseudo-channel: per bank and direction a list in order of arrival,
// and in it the first that finds its row open. All of fixed size; indices are bytes.
#pragma once

#include <array>
#include <cstdint>

#include "models/hbm/indexed.h"
#include "models/hbm/policy.h"
#include "models/hbm/ticks.h"

namespace headroom::hbm {

inline constexpr int max_banks = 64;  // of a pseudo-channel, all stack ids
inline constexpr int max_entries = 250;
inline constexpr std::uint8_t no_entry = 255;

// A part of a request: bursts in consecutive columns of one row.
struct Part {
  Cycle arrival = 0;
  std::uint32_t request = 0;
  std::int32_t row = 0;
  std::uint16_t column = 0;
  std::uint8_t bank = 0;  // stack ids, bank groups and banks counted through
  std::uint8_t bursts = 1;
  bool write = false;
};

class BankQueue {
 public:
  struct Entry {
    Part part;                // column and bursts are what is left
    std::uint16_t block = 0;  // the column that it arrived with
    std::uint8_t previous = no_entry, next = no_entry;
    bool row_was_opened = false;  // for this entry: no row hit
    Cycle entered = 0;
    std::int64_t order = 0;  // of arrival
  };

  BankQueue();

  // Puts `part` behind the others of its bank; `open_row` is its bank's, -1 if closed.
  void add(const Part& part, std::int32_t open_row, Cycle now);
  // The bank's row has been opened or closed (-1).
  void row_changed(int bank, std::int32_t open_row);
  // The first hit of the bank leaves.
  void remove_hit(Direction direction, int bank);
  // Whether a request to the same bursts waits.
  [[nodiscard]] bool holds(Direction direction, const Part& part) const;

  [[nodiscard]] Entry& hit(Direction d, int bank) { return entries_[hit_[d][bank]]; }
  [[nodiscard]] Entry& head(Direction d, int bank) { return entries_[head_[d][bank]]; }
  [[nodiscard]] const Entry& head(Direction d, int bank) const { return entries_[head_[d][bank]]; }
  [[nodiscard]] bool has_next_hit(Direction d, int bank) const;
  // Of `banks`, the one whose first hit, or whose first request, is the oldest.
  [[nodiscard]] int oldest_hit(Direction d, std::uint64_t banks) const {
    return oldest(hit_order_[d], banks);
  }
  [[nodiscard]] int oldest_head(Direction d, std::uint64_t banks) const {
    return oldest(head_order_[d], banks);
  }
  [[nodiscard]] int waiting(int bank) const { return count_[bank]; }
  [[nodiscard]] int size(Direction d) const { return size_[d]; }
  [[nodiscard]] std::int64_t hit_order(Direction d, int bank) const { return hit_order_[d][bank]; }
  [[nodiscard]] std::int64_t head_order(Direction d, int bank) const {
    return head_order_[d][bank];
  }

  // Bit per bank: requests wait; one finds its row open; an older one than that does not.
  Indexed<std::uint64_t, 2> work{}, hits{}, passed{};

 private:
  static int oldest(const Indexed<std::int64_t, max_banks>& orders, std::uint64_t banks);
  void set_hit(Direction d, int bank, std::uint8_t entry);
  [[nodiscard]] std::uint8_t next_in_row(std::uint8_t entry, std::int32_t row) const {
    while (entry != no_entry && entries_[entry].part.row != row) entry = entries_[entry].next;
    return entry;
  }

  std::array<Entry, max_entries + 6> entries_;
  Indexed<std::uint8_t, max_entries> free_{};
  int free_count_ = max_entries;
  Indexed<Indexed<std::uint8_t, max_banks>, 2> head_{}, tail_{}, hit_{};
  Indexed<Indexed<std::int64_t, max_banks>, 2> hit_order_{}, head_order_{};
  Indexed<std::uint8_t, max_banks> count_{};
  Indexed<int, 2> size_{};
  std::int64_t arrivals_ = 0;
};

}  // namespace headroom::hbm
