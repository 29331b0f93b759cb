#include "models/hbm/controller.h"

#include <algorithm>
#include <stdexcept>

namespace headroom::hbm {

void check(const Policy& p) {
  const auto expect = [](bool holds, const std::string& complaint) {
    if (!holds) throw std::invalid_argument(complaint);
  };
  expect(p.read_queue > 0 && p.write_queue > 0 && p.read_queue + p.write_queue <= max_entries,
         "queues: found " + std::to_string(p.read_queue) + " and " + std::to_string(p.write_queue) +
             " entries; expected at least one each, at most " + std::to_string(max_entries) +
             " together");
  expect(p.write_low >= 0 && p.write_low < p.write_high,
         "watermarks of the write queue: found " + std::to_string(p.write_low) + " and " +
             std::to_string(p.write_high) + "; expected the low one below the high one");
  expect(p.starvation_cap > 0, "starvation_cap: expected a positive number of cycles");
  expect(p.postponed_per_bank >= 0 && p.postponed_all_bank >= 0 && p.postponed_per_bank <= 7 &&
             p.postponed_all_bank <= 7,
         "postponed refreshes: expected 0 to 7 (JESD235 and JESD238 allow 8 with the one due)");
}

Controller::Controller(const Device& device, const Policy& policy, int stack, int channel)
    : organisation_(device.organisation),
      tck_ps_(device.timing.tck_ps),
      stack_(stack),
      channel_(channel) {
  check(policy);
  const int banks = organisation_.banks() * organisation_.stack_ids;
  if (banks < 1 || banks > max_banks)
    throw std::invalid_argument(
        "banks of a pseudo-channel: found " + std::to_string(banks) + "; expected 1 to " +
        std::to_string(max_banks));
  if (organisation_.pseudo_channels < 1 || organisation_.pseudo_channels > 4)
    throw std::invalid_argument(
        "pseudo-channels of a channel: found " + std::to_string(organisation_.pseudo_channels) +
        "; expected 1 to 4");
  const Ticks ticks(device);
  for (int i = 0; i < organisation_.pseudo_channels; ++i)
    pseudo_channels_.emplace_back(organisation_, ticks, policy);
}

void Controller::arrive(int pseudo_channel, const Part& part) {
  pseudo_channels_[static_cast<std::size_t>(pseudo_channel)].arrive(part);
  next_event_ = std::min(next_event_, part.arrival);
}

// Each thing that could happen next is one number, its cycle above a code of what it is: the least
// is next. In one cycle arrivals come before column commands and these before row commands; of
// pseudo-channels that could use a bus the one that has not used it last goes first.
void Controller::advance(Cycle until, std::vector<Completion>& done, std::vector<Command>* log) {
  constexpr Cycle slots = 4, codes = 3 * slots, column = slots, row = 2 * slots;
  const Cycle count = static_cast<Cycle>(pseudo_channels_.size());
  while (true) {
    Cycle best = never;
    for (Cycle i = 0; i < count; ++i) {
      PseudoChannel& p = pseudo_channels_[static_cast<std::size_t>(i)];
      const Cycle turn = i <= last_ ? i - last_ + count - 1 : i - last_ - 1;
      const Cycle column_at = std::max(p.column(now_).at, column_bus_at_);
      const Cycle row_at = std::max(p.row(now_).at, row_bus_at_);
      best = std::min({best, std::max(p.wake_at(), now_) * codes + turn,
                       column_at * codes + column + turn, row_at * codes + row + turn});
    }
    next_event_ = best / codes;
    if (next_event_ >= until) return;
    now_ = next_event_;
    const Cycle code = best - now_ * codes, turn = code % slots;
    const Cycle who = turn + last_ + 1 >= count ? turn + last_ + 1 - count : turn + last_ + 1;
    PseudoChannel& p = pseudo_channels_[static_cast<std::size_t>(who)];
    if (code < column) {
      p.wake(now_, done);
      continue;
    }
    PseudoChannel::Issued issued;
    if (code < row) {
      column_bus_at_ = now_ + 1;
      issued = p.issue_column(now_, done);
    } else {
      row_bus_at_ = now_ + 1;
      issued = p.issue_row(now_);
    }
    last_ = who;
    if (log != nullptr) record(*log, now_, static_cast<std::size_t>(who), issued);
  }
}

void Controller::record(std::vector<Command>& log, Cycle at, std::size_t pseudo_channel,
                        const PseudoChannel::Issued& issued) const {
  Command command;
  command.time_ps = at * tck_ps_;
  command.kind = issued.kind;
  command.stack = stack_, command.channel = channel_;
  command.pseudo_channel = static_cast<std::int32_t>(pseudo_channel);
  const int banks = organisation_.banks();
  command.stack_id = issued.bank / banks;
  if (issued.kind != CommandKind::prea && issued.kind != CommandKind::refab) {
    command.bank_group = issued.bank % banks / organisation_.banks_per_group;
    command.bank = issued.bank % organisation_.banks_per_group;
  }
  command.row = issued.row;
  command.column = issued.column;
  log.push_back(command);
}

bool Controller::idle() const {
  return std::all_of(pseudo_channels_.begin(), pseudo_channels_.end(), [](const PseudoChannel& p) {
    return p.idle();
  });
}

Cycle Controller::end_of_data() const {
  Cycle end = 0;
  for (const PseudoChannel& p : pseudo_channels_) end = std::max(end, p.end_of_data());
  return end;
}

ChannelStatistics Controller::statistics() const {
  ChannelStatistics sum;
  for (const PseudoChannel& p : pseudo_channels_) sum += p.statistics();
  return sum;
}

std::string Controller::waits() const {
  std::string text;
  for (std::size_t i = 0; i < pseudo_channels_.size(); ++i)
    if (const std::string waits = pseudo_channels_[i].waits(); !waits.empty())
      text += "\n  stack " + std::to_string(stack_) + ", channel " + std::to_string(channel_) +
              ", pseudo-channel " + std::to_string(i) + ": " + waits;
  return text;
}

}  // namespace headroom::hbm
