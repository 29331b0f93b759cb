// The time of requests at the banks, cycle by cycle, without a simulation kernel: the arbiters, the
// read pipeline and the credits of rtl/scratchpad in integer cycles, without data.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/clock.h"
#include "models/scratchpad/requests.h"
#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

class Core {
 public:
  // Requests, edges and the timeline, which may be null, outlive the core. Throws as check() does.
  Core(const Parameters& parameters, const Requests& requests, const Edges& edges,
       bool lockstep = false, Timeline* timeline = nullptr);

  // Moves on to the next cycle in which something may happen; returns by how many cycles. Not when
  // done.
  Cycles advance();
  [[nodiscard]] bool done() const { return offers_.all_granted() && in_flight_ == 0; }
  // When done: cycles from the first grant to the last grant or delivered response, inclusive.
  [[nodiscard]] Cycles cycles() const { return any_ ? last_ - first_ + 1 : 0; }
  // Requests that stood at their ports, summed over cycles, and those of them that were not granted
  // in the cycle: refused() / offered() is the conflict probability when nothing stalls.
  [[nodiscard]] std::uint64_t offered() const { return offered_; }
  [[nodiscard]] std::uint64_t refused() const { return offered_ - granted_; }

 private:
  // A port of a bank: one arbiter.
  struct BankPort {
    std::size_t turn = 0;  // round robin: the port that comes first
    Cycles asked = 0;      // the last cycle with a request, plus one
    std::size_t best = 0;  // of that cycle
  };
  struct Responses {
    std::vector<Cycles> due;  // a ring; the earliest at `first`
    std::size_t first = 0, count = 0;
    Cycles open_until = 0;
  };

  void arbitrate();
  void deliver();
  void grant();
  [[nodiscard]] std::size_t bank_port(const Request& request) const;
  [[nodiscard]] bool before(std::size_t port, const BankPort& at) const;
  void moved();

  const Parameters parameters_;
  Edges edges_;
  Offers offers_;
  Timeline* timeline_;
  std::vector<BankPort> bank_ports_;  // two of each bank; the second for writes of 1R1W
  std::vector<Responses> responses_;
  std::vector<std::size_t> candidates_;  // eligible ports of this cycle, ascending
  std::vector<std::size_t> wanted_;      // of each port: the bank port of its head
  Cycles now_ = 0, first_ = 0, last_ = 0;
  std::size_t in_flight_ = 0;
  bool any_ = false;
  std::uint64_t offered_ = 0, granted_ = 0;
};

}  // namespace headroom::scratchpad
