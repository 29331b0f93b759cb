// One DRAM command on a command bus, as `headroom memory --commands` writes it and --check-commands
// reads it: a line of CSV. Fields that a command does not use are blank there and `unused` here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace headroom::hbm {

enum class CommandKind : std::uint8_t { act, rd, wr, rda, wra, pre, prea, refab, refpb };

inline constexpr std::array<std::string_view, 9> command_names{
    "ACT", "RD", "WR", "RDA", "WRA", "PRE", "PREA", "REFab", "REFpb"};

inline constexpr std::string_view command_csv_header =
    "time_ps,stack,channel,pseudo_channel,stack_id,bank_group,bank,command,row,column";

inline constexpr std::int32_t unused = -1;

// bank counts within its bank group. ACT uses row; RD, WR, RDA, WRA use column (in bursts); PREA
// and REFab use neither bank group nor bank.
struct Command {
  std::int64_t time_ps = 0;
  CommandKind kind = CommandKind::act;
  std::int32_t stack = 0, channel = 0, pseudo_channel = 0, stack_id = 0;
  std::int32_t bank_group = unused, bank = unused, row = unused, column = unused;
};

// ACT, PRE, PREA, REFab and REFpb travel on a channel's row bus; the others on its column bus.
[[nodiscard]] constexpr bool on_column_bus(CommandKind kind) {
  return kind == CommandKind::rd || kind == CommandKind::wr || kind == CommandKind::rda ||
         kind == CommandKind::wra;
}

}  // namespace headroom::hbm
