#include "models/hbm/memory_system.h"

#include <algorithm>

namespace headroom::hbm {

MemorySystem::MemorySystem(const Device& device, const Mapping& mapping, const Policy& policy)
    : device_(device), map_(device.organisation, mapping) {
  const Organisation& o = device.organisation;
  for (int stack = 0; stack < o.stacks; ++stack)
    for (int channel = 0; channel < o.channels; ++channel)
      controllers_.emplace_back(device, policy, stack, channel);
  const std::int64_t part = std::min(mapping.interleave, request_bytes);
  parts_ = static_cast<int>(request_bytes / part);
  bursts_ = static_cast<int>(std::max<std::int64_t>(1, part / o.burst_bytes()));
  const Ticks ticks(device);
  lookahead_ = ticks.answer();
  patience_ = 64 * ticks.refi;
}

std::uint32_t MemorySystem::submit(Cycle at, std::uint64_t address, bool write) {
  address -= address % request_bytes;
  if (address >= map_.capacity())
    throw std::out_of_range(
        "address " + std::to_string(address) + " is beyond the device of " +
        std::to_string(map_.capacity()) + " bytes");
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(requests_.size()));
    requests_.emplace_back();
  }
  const std::uint32_t number = free_.back();
  free_.pop_back();
  requests_[number] = {at, 0, parts_, write};
  const Organisation& o = device_.organisation;
  for (int i = 0; i < parts_; ++i) {
    const Location l = map_.locate(address + static_cast<std::uint64_t>(i * map_.interleave()));
    Part part;
    part.arrival = at;
    part.request = number;
    part.row = l.row;
    part.column = static_cast<std::uint16_t>(l.column);
    part.bank = static_cast<std::uint8_t>(
        (l.stack_id * o.bank_groups + l.bank_group) * o.banks_per_group + l.bank);
    part.bursts = static_cast<std::uint8_t>(bursts_);
    part.write = write;
    const int controller = l.stack * o.channels + l.channel;
    controllers_[static_cast<std::size_t>(controller)].arrive(l.pseudo_channel, part);
  }
  return number;
}

const std::vector<MemorySystem::Answer>& MemorySystem::advance(
    Cycle until, std::vector<Command>* log) {
  done_.clear();
  answers_.clear();
  for (Controller& controller : controllers_)
    if (controller.next_event() < until) controller.advance(until, done_, log);
  now_ = std::max(now_, until);
  for (const Completion& done : done_) {
    Request& request = requests_[done.request];
    request.answer = std::max(request.answer, done.at);
    if (--request.parts > 0) continue;
    answers_.push_back({request.answer, request.arrival, done.request, request.write});
    free_.push_back(done.request);
  }
  return answers_;
}

Cycle MemorySystem::next_event() const {
  Cycle next = never;
  for (const Controller& controller : controllers_) next = std::min(next, controller.next_event());
  return next;
}

bool MemorySystem::idle() const {
  return std::all_of(controllers_.begin(), controllers_.end(), [](const Controller& c) {
    return c.idle();
  });
}

Cycle MemorySystem::end_of_data() const {
  Cycle end = 0;
  for (const Controller& controller : controllers_) end = std::max(end, controller.end_of_data());
  return end;
}

ChannelStatistics MemorySystem::statistics() const {
  ChannelStatistics sum;
  for (const Controller& controller : controllers_) sum += controller.statistics();
  return sum;
}

std::string MemorySystem::waits() const {
  std::string text;
  for (const Controller& controller : controllers_) text += controller.waits();
  return text;
}

void MemorySystem::check_progress() {
  if (now_ - moved_at_ <= patience_) return;
  const ChannelStatistics statistics = this->statistics();
  const std::uint64_t moved = statistics.reads + statistics.writes + statistics.parts;
  if (moved == moved_ && !idle()) {
    throw NoProgress(
        device_.name + ": no request has moved since cycle " + std::to_string(moved_at_) + waits());
  }
  moved_ = moved;
  moved_at_ = now_;
}

}  // namespace headroom::hbm
