// The receiving end of a link cycle by cycle: the registers of rtl/link/link_deframer.sv,
// link_receive_buffer.sv and link_control.sv. In a cycle: valid(), word(), then clock().
#pragma once

#include <cstdint>

#include "models/link/link.h"
#include "models/link/wires.h"

namespace headroom::link {

class Receiver {
 public:
  explicit Receiver(const Parameters& parameters);

  // Whether a flit is offered in this cycle.
  [[nodiscard]] bool valid() const { return accepted_ != freed_; }
  // What goes on the backward wire in this cycle.
  [[nodiscard]] Word word() const;
  // Ends the cycle in which `word` stood at the end of the forward wire; `taken`: the flit that was
  // offered left.
  void clock(const Word& word, bool taken);

  [[nodiscard]] std::int64_t packets_lost() const { return packets_lost_; }  // events of loss
  [[nodiscard]] std::int64_t replays_asked() const { return replays_asked_; }
  [[nodiscard]] std::int64_t words_sent() const { return words_sent_; }
  [[nodiscard]] int waiting() const { return static_cast<std::uint16_t>(accepted_ - freed_); }

 private:
  struct Verdict {
    bool accept = false, lost = false, seen = false;
  };
  [[nodiscard]] Verdict judge() const;
  [[nodiscard]] bool reports() const { return (due_ && since_ >= spacing_) || since_ >= refresh_; }
  void collect(const Word& word, Verdict& verdict);

  const std::uint16_t capacity_;
  const Cycles spacing_, refresh_;
  // Deframer.
  bool collecting_ = false, check_ = false, take_ = false, asked_ = false, intact_ = true;
  Header header_;
  int count_ = 0;
  std::uint8_t expected_ = 0;
  // Buffer.
  std::uint16_t written_ = 0, accepted_ = 0, freed_ = 0;
  // Control.
  bool due_ = false, negative_ = false;
  Cycles since_ = 0;
  std::int64_t packets_lost_ = 0, replays_asked_ = 0, words_sent_ = 0;
};

}  // namespace headroom::link
