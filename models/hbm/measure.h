// What a memory achieves: as many requests as it takes, a bounded number of them at once.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/hbm/histogram.h"
#include "models/hbm/memory_system.h"

namespace headroom::hbm {

struct Injection {
  std::uint64_t requests = 0;     // at most; a source may end before
  std::uint32_t outstanding = 0;  // unanswered at once; at least 1
  // All commands, in order of time, as they come; null: none.
  std::function<void(const std::vector<Command>&)> commands;
};

struct Measurement {
  std::uint64_t requests = 0, loads = 0;
  Cycle cycles = 0;  // from the first request to the last data, stores included
  Histogram load_latency, store_latency;  // cycles, from submission to answer
  ChannelStatistics statistics;

  [[nodiscard]] double bytes() const {
    return static_cast<double>(requests) * static_cast<double>(request_bytes);
  }
};

// Time between two moments at which a count of requests had been answered.
struct Window {
  std::uint64_t from = 0, to = 0;  // requests
  Cycle begin = 0, end = 0;        // filled in
};

namespace detail {

// How many answers come in each of the next cycles.
class AnswerRing {
 public:
  void add(Cycle at) { ++counts_[static_cast<std::size_t>(at) & (size - 1)], ++pending_; }
  [[nodiscard]] std::uint32_t take(Cycle at) {
    std::uint32_t& count = counts_[static_cast<std::size_t>(at) & (size - 1)];
    const std::uint32_t taken = count;
    count = 0;
    pending_ -= taken;
    return taken;
  }
  [[nodiscard]] bool empty() const { return pending_ == 0; }
  static constexpr std::size_t size = 4096;  // cycles; far more than any answer takes

 private:
  std::array<std::uint32_t, size> counts_{};
  std::uint64_t pending_ = 0;
};

void in_order(std::vector<Command>& commands);

}  // namespace detail

// Source: next() and done() as Traffic has them. Each answer makes room for the next request at
// once. Time advances in steps of MemorySystem::lookahead(): within one step no answer can cause
// what another channel has passed already, so channels are worked off one after the other and the
// outcome is that of one clock. Throws NoProgress.
template <class Source>
Measurement measure(MemorySystem& memory, Source& source, const Injection& injection,
                    Window* window = nullptr) {
  Measurement m;
  detail::AnswerRing answers;
  std::vector<Command> commands;
  std::vector<Command>* log = injection.commands ? &commands : nullptr;
  const Cycle step = memory.lookahead();
  const auto more = [&] { return m.requests < injection.requests && !source.done(); };
  const Cycle start = memory.now();
  Cycle now = start;
  std::uint64_t answered = 0;
  std::uint32_t room = injection.outstanding;
  while (more() || answered < m.requests || !memory.idle()) {
    const Cycle until = now + step;
    for (Cycle at = now; at < until; ++at) {
      const std::uint32_t arrived = answers.take(at);
      answered += arrived;
      if (window != nullptr && arrived > 0) {
        if (window->begin == 0 && answered >= window->from) window->begin = at;
        if (window->end == 0 && answered >= window->to) window->end = at;
      }
      for (room += arrived; room > 0 && more(); --room, ++m.requests) {
        const auto request = source.next();
        memory.submit(at, request.address, request.write);
      }
    }
    for (const MemorySystem::Answer& answer : memory.advance(until, log)) {
      answers.add(answer.at);
      (answer.write ? m.store_latency : m.load_latency).add(answer.at - answer.arrival);
    }
    if (log != nullptr && !commands.empty()) {
      detail::in_order(commands);
      injection.commands(commands);
      commands.clear();
    }
    now = until;
    if (answers.empty()) now = std::max(now, memory.next_event());
    memory.check_progress();
  }
  m.loads = m.load_latency.count();
  m.cycles = memory.end_of_data() - start;
  m.statistics = memory.statistics();
  return m;
}

}  // namespace headroom::hbm
