// The link at cycle fidelity as a SystemC module.
#pragma once

#include <cstdint>
#include <systemc>

#include "models/link/core.h"

namespace headroom::link {

// Sends its traffic from time zero on and notifies finished() in the cycle after the last delivery.
// It has no clock: it activates once for each flit that is delivered.
class CycleLink : public sc_core::sc_module {
 public:
  // `period` is the time of one flit on the wire.
  CycleLink(const sc_core::sc_module_name& name, const Parameters& parameters, Traffic traffic,
            const Stalling& stalls, const WireErrors& errors, const sc_core::sc_time& period);

  [[nodiscard]] const sc_core::sc_event& finished() const { return finished_; }
  // In the cycle after each delivery.
  [[nodiscard]] const sc_core::sc_event& delivered() const { return delivered_; }
  [[nodiscard]] const Core& core() const { return core_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  void advance();

  Core core_;
  const sc_core::sc_time period_;
  std::uint64_t events_ = 0;
  sc_core::sc_event delivered_, finished_;
};

}  // namespace headroom::link
