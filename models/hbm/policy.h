// What a memory controller decides for itself: queues, pages, refreshes, who goes first. Plain
// data; cycles are of the device's tck.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace headroom::hbm {

using Cycle = std::int64_t;  // a point in time or a distance, in tck

enum class Page : std::uint8_t {
  open,    // a row stays open until another is wanted or a refresh closes it
  closed,  // the last column command of a row closes it (RDA, WRA)
};
inline constexpr std::array<std::string_view, 2> page_names{"open", "closed"};

enum class Refresh : std::uint8_t { all_bank, per_bank };
inline constexpr std::array<std::string_view, 2> refresh_names{"all_bank", "per_bank"};

// Of one pseudo-channel. check() says what does not fit.
struct Policy {
  Page page = Page::open;
  Refresh refresh = Refresh::per_bank;
  int read_queue = 64, write_queue = 64;  // entries; together at most 250
  // Writes wait in their queue. They are drained from `write_high` entries on down to `write_low`,
  // so that the bus turns around once for many; and also, unless drain_when_idle is false, while no
  // read waits.
  int write_high = 48, write_low = 16;
  bool drain_when_idle = true;
  // First come first served, but row hits and ready banks first, until a request has waited this
  // long: nobody passes it in its bank any more, and among ready banks it is first.
  Cycle starvation_cap = 2000;
  // Refreshes wait for an idle bank, but never more than this many at once. JESD235 and JESD238
  // allow 8. Of all-bank refreshes at most one: a loaded memory is never idle.
  int postponed_per_bank = 7, postponed_all_bank = 1;
};

}  // namespace headroom::hbm
