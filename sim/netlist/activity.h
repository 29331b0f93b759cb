// Runs a netlist clock by clock on 64 independent streams of inputs at once, bit i of a word being
// stream i, and counts the transitions of every net.
//
// Without timing a net that changes from one cycle to the next has made one transition. With timing
// every gate needs the same time and each change on the way counts (a real gate swallows pulses
// shorter than its delay), in stages of so many gates: what a stage gives to the next arrives
// settled and at once, as from a pipeline register, so that a stage's glitches end with it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/netlist/netlist.h"

namespace headroom::netlist {

class Activity {
 public:
  static constexpr int streams = 64;
  using Word = std::uint64_t;

  // All flip-flops hold 0. `stage`: gates of a stage; 0: without timing. The netlist must outlive
  // this.
  explicit Activity(const Netlist& netlist, int stage = 0);

  // For the next clock().
  void set(Net net, Word value) { inputs_.push_back({net, value}); }
  // `width` bits of port `name` from bit `at` on, in one stream; throws std::out_of_range.
  void set(const std::string& name, int at, int width, int stream, std::uint64_t value);
  // All bits of a port of at most 64, the same in all streams.
  void set_all(const std::string& name, std::uint64_t value);

  // An edge of the clock, with the inputs that change behind it, until everything has settled.
  void clock();

  [[nodiscard]] Word value(Net net) const { return values_[net]; }
  [[nodiscard]] std::uint64_t read(const std::string& name, int at, int width, int stream) const;

  // Forgets what was counted so far.
  void start_counting();
  [[nodiscard]] std::uint64_t transitions(Net net) const { return transitions_[net]; }
  // Flip-flops of a part that were clocked, over all cycles: those whose enable was high.
  [[nodiscard]] std::uint64_t clocked(std::size_t part) const { return clocked_.at(part); }

 private:
  struct Input {
    Net net;
    Word value;
  };
  struct Load {
    std::uint32_t first, count;
  };

  [[nodiscard]] Word evaluate(const Gate& gate) const;
  void change(Net net, Word value);
  void settle_in_order();
  void settle_by_time();

  const Netlist& netlist_;
  int stage_;
  std::vector<Word> values_;
  std::vector<std::uint64_t> transitions_;
  std::array<std::uint64_t, parts> clocked_{};
  std::vector<Input> inputs_;
  std::vector<Word> port_words_;  // what set() by streams has gathered, by net
  // With timing: the gates that read a net, each gate's stage, and those of each stage that may
  // change next.
  std::vector<Load> loads_;
  std::vector<std::uint32_t> load_gates_;
  std::vector<std::uint32_t> stage_of_, now_;
  std::vector<std::vector<std::uint32_t>> next_;
  std::vector<bool> waiting_;
  std::vector<Word> results_;
};

}  // namespace headroom::netlist
