#include "models/link/cycle.h"

#include <utility>

namespace headroom::link {

CycleLink::CycleLink(
    const sc_core::sc_module_name& name, const Parameters& parameters, Traffic traffic,
    const Stalling& stalls, const WireErrors& errors, const sc_core::sc_time& period)
    : sc_core::sc_module(name),
      core_(parameters, std::move(traffic), stalls, errors),
      period_(period),
      delivered_("delivered"),
      finished_("finished") {
  SC_HAS_PROCESS(CycleLink);
  SC_METHOD(advance);
}

void CycleLink::advance() {
  if (events_ > 0) delivered_.notify(sc_core::SC_ZERO_TIME);
  if (core_.done()) {
    finished_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  ++events_;
  next_trigger(period_ * static_cast<double>(core_.advance()));
}

}  // namespace headroom::link
