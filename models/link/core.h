// The time of messages on a link, cycle by cycle, without a simulation kernel: transmitter, two
// wires and receiver as rtl/link has them, in integer cycles. Exact: the RTL delivers every flit in
// the same cycle.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/link/link.h"
#include "models/link/neighbours.h"
#include "models/link/receiver.h"
#include "models/link/transmitter.h"
#include "models/link/wires.h"

namespace headroom::link {

// A link in which nothing has moved for too long; the text says who waits for whom.
class Stalled : public std::runtime_error {
  using runtime_error::runtime_error;
};

class Core {
 public:
  // Cycles without a flit accepted or delivered, or a packet acknowledged, after which a link
  // stands still for good: more than a hundred timeouts.
  static constexpr Cycles default_patience = 10'000'000;

  // Throws std::invalid_argument as check() does.
  Core(const Parameters& parameters, Traffic traffic, const Stalling& stalls = {},
       const WireErrors& errors = {}, Cycles patience = default_patience);

  // Moves on to the end of the next cycle in which a flit is delivered; returns by how many cycles.
  // Not when done. Throws Stalled.
  Cycles advance();
  [[nodiscard]] bool done() const { return delivered_.size() == static_cast<std::size_t>(flits_); }
  // When done: cycles from the first accepted to the last delivered flit, inclusive.
  [[nodiscard]] Cycles cycles() const { return delivered_.back() - first_accepted_ + 1; }
  // The cycle in which each flit was delivered; cycle 0 is the first after reset.
  [[nodiscard]] const std::vector<Cycles>& deliveries() const { return delivered_; }

  [[nodiscard]] const Transmitter& transmitter() const { return transmitter_; }
  [[nodiscard]] const Receiver& receiver() const { return receiver_; }
  [[nodiscard]] Cycles now() const { return now_; }

 private:
  void step();
  void next_flit();
  [[nodiscard]] std::string who_waits() const;

  const Parameters parameters_;
  const Traffic traffic_;
  const Stalling stalls_;
  const WireErrors errors_;
  const Cycles patience_;
  const std::int64_t flits_;
  Transmitter transmitter_;
  Receiver receiver_;
  Wire forward_, backward_;
  Cycles now_ = 0, first_accepted_ = 0, moved_ = 0;
  int unacknowledged_ = 0;
  std::int64_t accepted_ = 0;
  std::size_t message_ = 0;  // of the next flit, and flits of it that have been accepted
  std::int64_t in_message_ = 0;
  Transmitter::Offer offer_;
  std::vector<Cycles> delivered_;
};

}  // namespace headroom::link
