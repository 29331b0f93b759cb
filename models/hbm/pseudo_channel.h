// A pseudo-channel as its controller sees it: banks, their timing, the requests that wait, and the
// next command that each of the two command buses could carry.
//
// No clock ticks: each distance of Timing is kept as the earliest cycle of the command that it
// holds back, and the best candidate of a bus is found again only when something changed. The
// caller issues candidates in order of time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/hbm/bank_queue.h"
#include "models/hbm/command.h"
#include "models/hbm/indexed.h"
#include "models/hbm/policy.h"
#include "models/hbm/refresh.h"
#include "models/hbm/ticks.h"

namespace headroom::hbm {

inline constexpr Cycle never = INT64_MAX / 64;

// `request` has its last data, or its acknowledgement, at `at`.
struct Completion {
  Cycle at = 0;
  std::uint32_t request = 0;
};

struct Candidate {
  Cycle at = never;
  CommandKind kind = CommandKind::act;
  int bank = -1;         // PREA and REFab: the first of the stack id
  bool refresh = false;  // serves a refresh
};

struct ChannelStatistics {
  std::uint64_t activates = 0, reads = 0, writes = 0, precharges = 0;  // commands; PRE and PREA
  std::uint64_t refreshes_all = 0, refreshes_bank = 0;
  std::uint64_t parts = 0, row_misses = 0, forwarded = 0;  // of parts of requests
  std::uint64_t turnarounds = 0;                           // reads to writes

  [[nodiscard]] std::uint64_t commands() const {
    return activates + reads + writes + precharges + refreshes_all + refreshes_bank;
  }
  ChannelStatistics& operator+=(const ChannelStatistics& other);
};

class PseudoChannel {
 public:
  PseudoChannel(const Organisation& organisation, const Ticks& ticks, const Policy& policy);

  // Arrivals in order of time. It waits outside of the queues while there is no room, or while a
  // write would overtake a read of the same bursts.
  void arrive(const Part& part);
  // When something other than a command happens next: an arrival enters its queue, a refresh falls
  // due.
  [[nodiscard]] Cycle wake_at() const { return wake_at_; }
  void wake(Cycle now, std::vector<Completion>& done);

  // The best next command of each bus, not before `now`; issued at `at` >= its time.
  [[nodiscard]] const Candidate& column(Cycle now) {
    if (column_dirty_) find_column(now);
    return column_;
  }
  [[nodiscard]] const Candidate& row(Cycle now) {
    if (row_dirty_) find_row(now);
    return row_;
  }
  // What has gone out; the column of RD and WR, the row of ACT, else `unused`.
  struct Issued {
    CommandKind kind = CommandKind::act;
    int bank = -1;
    std::int32_t row = unused, column = unused;
  };
  Issued issue_column(Cycle at, std::vector<Completion>& done);
  Issued issue_row(Cycle at);

  [[nodiscard]] bool idle() const {
    return arrived_ == entered_ && queue_.size(reading) + queue_.size(writing) == 0;
  }
  [[nodiscard]] Cycle end_of_data() const { return end_of_data_; }
  [[nodiscard]] const ChannelStatistics& statistics() const { return statistics_; }
  // What each waits for, for a person.
  [[nodiscard]] std::string waits() const;

 private:
  [[nodiscard]] static std::uint64_t rank(Cycle distance, std::int64_t order, int bank);
  void find_column(Cycle now);
  void check_waits(Cycle now);
  void find_row(Cycle now);
  void offer_refreshes(Cycle now);
  void offer_row(Cycle at, CommandKind kind, int bank, bool refresh);
  void enter(const Part& part, Cycle now, std::vector<Completion>& done);
  void offer(const Part& part, Cycle now);
  [[nodiscard]] const Part& next_arrival() const {
    return arrivals_[entered_ & (arrivals_.size() - 1)];
  }
  [[nodiscard]] bool has_room(const Part& part) const;
  void update_direction();
  void update_wake();
  void close_bank(int bank, Cycle at);
  [[nodiscard]] Cycle act_at(int bank) const;
  [[nodiscard]] Cycle row_at(int bank) const;  // PRE of an open bank, ACT of a closed one
  [[nodiscard]] Cycle column_at(Direction d, int bank) const;
  [[nodiscard]] std::uint64_t banks_of(int stack_id) const;
  void activated(int bank, Cycle at);
  void refreshed(const Candidate& command, Cycle at);

  const Ticks ticks_;
  const Policy policy_;
  int stack_ids_, banks_per_group_, banks_;
  Indexed<std::uint8_t, max_banks> group_of_{}, stack_id_of_{};  // groups counted through

  Indexed<std::uint64_t, max_banks> stack_banks_{};

  // Earliest cycles: of the bank (ACT: of its group too), of its group, of its stack id, of the
  // pseudo-channel.
  struct Bank {
    Cycle act_at = 0, pre_at = 0;
    Indexed<Cycle, 2> column_at{};
  };
  Indexed<Bank, max_banks> bank_;
  Indexed<std::int32_t, max_banks> open_row_{};
  Indexed<Cycle, max_banks> last_use_{};
  Indexed<Indexed<Cycle, max_banks>, 2> group_column_at_{}, stack_column_at_{};
  struct Window {  // of the last four ACTs
    Indexed<Cycle, 4> at{};
    int oldest = 0;
    Cycle next_at = 0;
  };
  Indexed<Window, max_banks> window_;
  Cycle act_at_ = 0, refresh_at_ = 0;

  BankQueue queue_;
  std::vector<Part> arrivals_;  // a ring: counts of all that came and of those that entered
  std::size_t arrived_ = 0, entered_ = 0;
  Direction direction_ = reading;
  std::uint64_t open_ = 0, held_ = 0, starved_ = 0;  // banks: open, held for a refresh
  std::vector<RefreshQueue> refresh_;                // per stack id
  Candidate column_, row_;                           // best of each bus
  bool column_dirty_ = true, row_dirty_ = true, urgent_ = false, refresh_owed_ = false;
  Cycle check_waits_at_ = 0, refresh_due_ = 0, wake_at_ = 0, end_of_data_ = 0;
  ChannelStatistics statistics_;
};

}  // namespace headroom::hbm
