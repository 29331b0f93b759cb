#include "models/scratchpad/analytic.h"
#include "models/scratchpad/cycle.h"
#include "models/scratchpad/rtl.h"
#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

std::unique_ptr<Scratchpad> make_scratchpad(Fidelity fidelity, const Parameters& parameters) {
  switch (fidelity) {
    case Fidelity::analytic: return std::make_unique<AnalyticScratchpad>(parameters);
    case Fidelity::cycle: return std::make_unique<CycleScratchpad>(parameters);
    case Fidelity::rtl: return std::make_unique<RtlScratchpad>(parameters);
    case Fidelity::golden: break;
  }
  throw UnavailableFidelity(
      "scratchpad has the fidelities", "analytic, cycle, rtl for time", "golden");
}

}  // namespace headroom::scratchpad
