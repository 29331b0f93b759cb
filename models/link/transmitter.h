// The sending end of a link cycle by cycle: the registers of rtl/link/link_packetizer.sv and
// link_sender.sv. In a cycle: ready(), word(), then clock().
#pragma once

#include <array>
#include <cstdint>

#include "models/link/link.h"
#include "models/link/wires.h"

namespace headroom::link {

class Transmitter {
 public:
  explicit Transmitter(const Parameters& parameters);

  // Whether a flit that is offered is taken in this cycle.
  [[nodiscard]] bool ready() const { return distance(open_, oldest()) < replay_packets_; }
  // What goes on the forward wire in this cycle.
  [[nodiscard]] Word word() const;

  struct Offer {
    bool valid = false;
    std::uint32_t body = 0;  // bits 31..0 of the flit
    bool last = false;
  };
  // Ends the cycle in which `offer` stood at the input and `control` at the end of the backward
  // wire.
  void clock(const Offer& offer, const Word& control);

  [[nodiscard]] std::int64_t packets_sent() const { return packets_sent_; }      // first times
  [[nodiscard]] std::int64_t packets_resent() const { return packets_resent_; }  // all others
  // For the message about a link that stands still.
  [[nodiscard]] int unacknowledged() const { return distance(first_, acked_); }
  [[nodiscard]] int held() const { return distance(open_, oldest()); }
  [[nodiscard]] bool has_unsent() const { return first_ != sealed_; }
  [[nodiscard]] int credits() const;
  [[nodiscard]] int credits_needed() const { return slot(first_).header.length; }

 private:
  // Sequence numbers wrap; none is more than 128 ahead of another.
  static std::uint8_t distance(std::uint8_t ahead, std::uint8_t behind) {
    return static_cast<std::uint8_t>(ahead - behind);
  }
  struct Slot {
    Header header;
    std::array<std::uint32_t, 255> bodies{};  // of the payload flits
  };
  [[nodiscard]] const Slot& slot(std::uint8_t sequence) const { return slots_[sequence % 128U]; }

  [[nodiscard]] bool behind() const { return distance(send_, acked_) > distance(sealed_, acked_); }
  [[nodiscard]] std::uint8_t oldest() const { return sending_ && behind() ? send_ : acked_; }
  [[nodiscard]] std::uint8_t next() const { return replay_ || behind() ? acked_ : send_; }
  [[nodiscard]] bool starts() const;
  void packetize(const Offer& offer, bool taken);
  void send(bool start);

  const int max_payload_, replay_packets_;
  const std::uint16_t buffer_flits_;
  const Cycles timeout_;
  std::array<Slot, 128> slots_{};
  std::uint8_t open_ = 0, acked_ = 0, send_ = 0, first_ = 0, sealed_ = 0;
  int fill_ = 0, index_ = 0;
  bool seal_ = false, sending_ = false, replay_ = false;
  std::uint16_t sent_ = 0, freed_ = 0;
  Cycles timer_ = 0;
  std::int64_t packets_sent_ = 0, packets_resent_ = 0;
};

}  // namespace headroom::link
