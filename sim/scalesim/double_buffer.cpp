#include "sim/scalesim/double_buffer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace headroom::scalesim {
namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

std::int64_t swaps(const DramStream& stream) { return (stream.words - 1) / stream.half; }

// One interface between DRAM and the two halves of its SRAM. Cycles are of the array without any
// waiting where they are called demands, else of the run.
class Interface {
 public:
  Interface(const DramStream& stream, std::int64_t bandwidth, std::int64_t fold_cycles,
            bool fetches)
      : stream_(stream), bandwidth_(bandwidth), fold_cycles_(fold_cycles), fetches_(fetches) {
    access_.words = stream.words;
    if (fetches_) {
      access_.start = -transfer(0);
      access_.stop = -1;
      if (!stream.fits()) move(0, 1);
    }
    look_for_demand();
  }

  // When the array touches the first word of the next half; `never` behind the last.
  [[nodiscard]] std::int64_t demand() const { return demand_; }
  // The cycle from which the halves can swap.
  [[nodiscard]] std::int64_t ready() const { return ready_; }

  void swap(std::int64_t cycle) {
    ++half_;
    if (!fetches_) {
      if (half_ == 1) access_.start = cycle;
      move(cycle, half_ - 1);
    } else if (half_ < swaps(stream_)) {
      move(cycle, half_ + 1);
    }
    look_for_demand();
  }

  // The accesses of the run whose last fold ends before `end`.
  [[nodiscard]] Access finish(std::int64_t end) {
    if (fetches_) return access_;
    if (stream_.fits()) access_.start = end;
    move(std::max(end, ready_), half_);
    return access_;
  }

 private:
  // Cycles that the words of a half take.
  [[nodiscard]] std::int64_t transfer(std::int64_t half) const {
    return ceil_div(std::min(stream_.half, stream_.words - half * stream_.half), bandwidth_);
  }

  void move(std::int64_t begin, std::int64_t half) {
    ready_ = begin + transfer(half);
    access_.stop = ready_ - 1;
  }

  void look_for_demand() {
    demand_ = half_ < swaps(stream_)
                  ? stream_.cycle_of_word((half_ + 1) * stream_.half + 1, fold_cycles_)
                  : never;
  }

  const DramStream& stream_;
  const std::int64_t bandwidth_, fold_cycles_;
  const bool fetches_;
  std::int64_t half_ = 0;  // that the array works on
  std::int64_t ready_ = 0, demand_ = never;
  Access access_;
};

}  // namespace

std::int64_t swaps(const PerMemory<DramStream>& streams) {
  return swaps(streams.ifmap) + swaps(streams.filter) + swaps(streams.ofmap);
}

Timeline double_buffered(const Folding& folding, const PerMemory<DramStream>& streams,
                         const PerMemory<std::int64_t>& bandwidth, std::int64_t fold_cycles) {
  std::array<Interface, 3> interfaces{
      Interface(streams.ifmap, bandwidth.ifmap, fold_cycles, true),
      Interface(streams.filter, bandwidth.filter, fold_cycles, true),
      Interface(streams.ofmap, bandwidth.ofmap, fold_cycles, false)};
  std::int64_t waited = 0;
  for (;;) {
    Interface& next = *std::min_element(
        interfaces.begin(), interfaces.end(), [](const Interface& a, const Interface& b) {
          return std::pair(a.demand(), a.ready()) < std::pair(b.demand(), b.ready());
        });
    if (next.demand() == never) break;
    waited = std::max(waited, next.ready() - next.demand());
    next.swap(next.demand() + waited);
  }
  const std::int64_t end = folding.count() * fold_cycles + waited;
  return {end - fold_cycles,
          end,
          {interfaces[0].finish(end), interfaces[1].finish(end), interfaces[2].finish(end)}};
}

}  // namespace headroom::scalesim
