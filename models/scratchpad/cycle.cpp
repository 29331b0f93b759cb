#include "models/scratchpad/cycle.h"

namespace headroom::scratchpad {

CycleBanks::CycleBanks(
    const sc_core::sc_module_name& name, const Parameters& parameters, const Requests& requests,
    const Edges& edges, bool lockstep, const sc_core::sc_time& period)
    : sc_core::sc_module(name),
      core_(parameters, requests, edges, lockstep),
      period_(period),
      finished_("finished") {
  SC_HAS_PROCESS(CycleBanks);
  SC_METHOD(advance);
}

void CycleBanks::advance() {
  if (core_.done()) {
    finished_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  ++events_;
  next_trigger(period_ * static_cast<double>(core_.advance()));
}

CycleScratchpad::CycleScratchpad(const Parameters& parameters) : Scratchpad(parameters) {
  check(parameters);
}

Cycles CycleScratchpad::cycles(const Traffic& traffic) {
  const Requests requests = requests_of(parameters(), traffic);
  Core core(parameters(), requests, open_edges(parameters()), traffic.lockstep);
  while (!core.done()) core.advance();
  return core.cycles();
}

}  // namespace headroom::scratchpad
