// An independent check of a stream of DRAM commands against the rules of a device. It knows
// device.h and command.h and nothing of the controller: what it accepts, the standards accept.
//
// Rules, by the names that it reports (JESD235 and JESD238 name the parameters):
//   tRCD_RD tRCD_WR tRAS tRC tRP tRTP tWR        of a bank
//   "tRP after RDA", "tRP after WRA"             the precharge that the command itself starts
//   tCCD_S tCCD_L tCCD_R tRTW tWTR_S tWTR_L      of a pseudo-channel; other stack ids: tCCD_R,
//   tWTR_S tRRD_S tRRD_L tFAW                           tRRD_S across stack ids; ACT to REFpb too
//   tRFC tRFCpb tRREFD                           after refreshes
//   "data bus"                                   bursts of a pseudo-channel that overlap
//   "row bus", "column bus"                      two commands of a channel in one tCK
//   "bank open", "bank closed", "other row"      the state that a command needs
//   tREFI, tREFIpb                               more than eight refreshes behind the average
//   "clock", "order", "fields"                   time not a multiple of tCK, time that decreases, a
//                                                field outside of the organisation, unused or
//                                                missing
// A precharge of a closed bank is legal and does nothing. Power-down, mode registers, refresh
// management and temperature are not modelled.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/hbm/command.h"
#include "models/hbm/device.h"

namespace headroom::hbm {

enum class RefreshRule : std::uint8_t {
  all_bank,  // REFab to every pseudo-channel and stack id, tREFI apart on average
  per_bank,  // every bank refreshed, tREFIpb times the number of banks apart on average
  none       // how many refreshes there are is not looked at
};

inline constexpr std::array<std::string_view, 3> refresh_rule_names{"all_bank", "per_bank", "none"};

struct Violation {
  std::string_view rule;
  Command command;
  std::optional<Command> earlier;  // that it is too near to, where there is one
  std::int64_t found = 0;          // clocks since `earlier`; of tREFI: refreshes by then
  std::int64_t required = 0;       // least that would be legal

  [[nodiscard]] std::string text() const;
};

class CommandChecker {
 public:
  // `report` is called with each violation as it is found. A device without tREFIpb has no
  // RefreshRule::per_bank: std::invalid_argument.
  CommandChecker(const Device& device, RefreshRule refresh,
                 std::function<void(const Violation&)> report);

  // Takes the next command in order of time.
  void check(const Command& command);
  // After the last command: refreshes that are missing up to then.
  void finish();

  [[nodiscard]] std::int64_t commands() const { return commands_; }
  [[nodiscard]] std::int64_t commands(CommandKind kind) const {
    return kinds_[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] std::int64_t violations() const { return violations_; }
  [[nodiscard]] const std::map<std::string_view, std::int64_t>& by_rule() const { return by_rule_; }
  // Time of the last command.
  [[nodiscard]] std::int64_t last_ps() const { return last_.command.time_ps; }

 private:
  using Clocks = std::int64_t;
  static constexpr Clocks never = INT64_MIN / 4;

  struct Seen {
    Clocks at = never;
    Command command;
  };
  struct Bank {
    bool open = false;
    std::int32_t row = unused;
    Seen act, rd, wr, pre, refpb;
    // An automatic precharge: its RDA or WRA, and how long after that an ACT may follow.
    Seen self_closing;
    Clocks self_closing_distance = 0;
    std::int64_t refreshes = 0;
  };
  struct BankGroup {
    Seen rd, wr, act;
  };
  struct Rank {  // the banks of a pseudo-channel and stack id
    Seen refab;
    std::array<Seen, 4> acts;  // ring of the last four
    std::size_t next_act = 0;
    Seen refpb, refpb_of_other;  // the last, and the last of another bank than that
    std::int64_t refreshes = 0;
  };
  struct PseudoChannel {
    Seen rd;
    std::vector<Seen> bursts;  // ring of the last column commands
    std::size_t next_burst = 0;
  };
  struct Channel {
    Seen row_bus, column_bus;
  };
  // What the fields of a command select.
  struct Place {
    Channel* channel = nullptr;
    PseudoChannel* pseudo_channel = nullptr;
    Rank* rank = nullptr;
    std::size_t rank_index = 0;
    std::size_t group_index = 0;  // of the rank's first group, or of the command's own
    Bank* bank = nullptr;         // none for PREA and REFab
  };

  [[nodiscard]] bool fields_are_right(const Command& command) const;
  [[nodiscard]] Place place_of(const Command& command);
  void report(std::string_view rule, const Seen& now, const Seen& earlier, Clocks required);
  void report(std::string_view rule, const Seen& now, std::int64_t found, std::int64_t required);
  void at_least(std::string_view rule, const Seen& now, const Seen& earlier, Clocks required) {
    if (now.at - earlier.at < required) report(rule, now, earlier, required);
  }

  void check_bus(const Seen& now, Seen& bus, std::string_view rule);
  void check_activate(const Seen& now, const Place& place);
  void check_activate_spacing(const Seen& now, const Place& place);
  void check_column(const Seen& now, const Place& place);
  void check_column_spacing(const Seen& now, const Place& place, bool reads);
  void check_data_bus(const Seen& now, PseudoChannel& pseudo_channel, bool reads);
  void check_precharge(const Seen& now, Bank& bank);
  void check_idle(const Seen& now, const Bank& bank);
  void check_all_bank_refresh(const Seen& now, const Place& place);
  void check_per_bank_refresh(const Seen& now, const Place& place);
  void count_refresh(const Seen& now, std::string_view rule, Clocks interval, std::int64_t& count);
  void check_debt(const Seen& now, std::string_view rule, Clocks interval, std::int64_t count);

  Organisation organisation_;
  Timing timing_;
  RefreshRule refresh_;
  std::function<void(const Violation&)> report_;
  Clocks trcd_rd_ = 0, trcd_wr_ = 0, trp_ = 0, tras_ = 0, trc_ = 0, tcl_ = 0, tcwl_ = 0, burst_ = 0,
         twr_ = 0, trtp_ = 0, trfc_ = 0, trfcpb_ = 0;
  std::size_t groups_ = 0, banks_ = 0;  // per rank

  std::vector<Channel> channels_;
  std::vector<PseudoChannel> pseudo_channels_;
  std::vector<Rank> ranks_;
  std::vector<BankGroup> bank_groups_;
  std::vector<Bank> bank_;

  Seen last_;
  std::int64_t commands_ = 0, violations_ = 0;
  std::array<std::int64_t, command_names.size()> kinds_{};
  std::map<std::string_view, std::int64_t> by_rule_;
};

}  // namespace headroom::hbm
