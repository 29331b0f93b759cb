// The scratchpad at cycle fidelity: as a SystemC module, and alone without a kernel.
#pragma once

#include <cstdint>
#include <systemc>

#include "models/scratchpad/core.h"
#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

// Works off the requests from time zero on and notifies finished() in the cycle after the last
// grant or response. It has no clock and ends with its work.
class CycleBanks : public sc_core::sc_module {
 public:
  // Requests and edges outlive the module.
  CycleBanks(const sc_core::sc_module_name& name, const Parameters& parameters,
             const Requests& requests, const Edges& edges, bool lockstep,
             const sc_core::sc_time& period);

  [[nodiscard]] const sc_core::sc_event& finished() const { return finished_; }
  [[nodiscard]] bool done() const { return core_.done(); }
  [[nodiscard]] Cycles cycles() const { return core_.cycles(); }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  void advance();

  Core core_;
  const sc_core::sc_time period_;
  std::uint64_t events_ = 0;
  sc_core::sc_event finished_;
};

// The same core, run to its end at once: usable whether or not a simulation is running.
class CycleScratchpad final : public Scratchpad {
 public:
  explicit CycleScratchpad(const Parameters& parameters);
  [[nodiscard]] Cycles cycles(const Traffic& traffic) override;
  [[nodiscard]] Fidelity fidelity() const override { return Fidelity::cycle; }
};

}  // namespace headroom::scratchpad
