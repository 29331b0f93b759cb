#include <fmt/format.h>

#include "models/hbm/checker.h"

namespace headroom::hbm {
namespace {

std::string place(const Command& command) {
  std::string text = fmt::format(
      "{} to stack {}, channel {}, pseudo-channel {}, stack id {}",
      command_names[static_cast<std::size_t>(command.kind)], command.stack, command.channel,
      command.pseudo_channel, command.stack_id);
  if (command.bank_group != unused) text += fmt::format(", bank group {}", command.bank_group);
  if (command.bank != unused) text += fmt::format(", bank {}", command.bank);
  if (command.row != unused) text += fmt::format(", row {}", command.row);
  if (command.column != unused) text += fmt::format(", column {}", command.column);
  return text + fmt::format(" at {} ps", command.time_ps);
}

std::string complaint(const Violation& v) {
  if (v.rule == "fields")
    return "found a field that is missing, unused by the command or outside of the device";
  if (v.rule == "clock") return fmt::format("found {} ps after a clock; expected a clock", v.found);
  if (v.rule == "bank closed") return "found no open row";
  if (v.rule == "bank open") return "found an open row";
  if (v.rule == "other row") return "found another row open";
  if (v.rule == "tREFI" || v.rule == "tREFIpb")
    return fmt::format("found {} refreshes by then; expected at least {}", v.found, v.required);
  return fmt::format("found {} clocks; expected at least {}", v.found, v.required);
}

}  // namespace

std::string Violation::text() const {
  std::string text = fmt::format("{}: {}: {}", rule, place(command), complaint(*this));
  if (earlier) text += fmt::format(" after {}", place(*earlier));
  return text;
}

}  // namespace headroom::hbm
