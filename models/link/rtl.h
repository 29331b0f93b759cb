// The link at rtl fidelity: rtl/link, compiled by Verilator, with a source and a sink at its ends
// and bit errors on its wires.
#pragma once

#include <string>
#include <vector>

#include "models/link/golden.h"
#include "models/link/link.h"
#include "models/link/neighbours.h"
#include "models/link/rtl_pins.h"

namespace headroom::link {

struct RtlRun {
  Cycles cycles = 0;     // first accepted to last delivered flit, inclusive
  Cycles simulated = 0;  // from reset to the last delivered flit
  std::vector<golden::Flit> flits;
  std::vector<Cycles> deliveries;  // the cycle of each, from reset
};

// The built variant that has these parameters. Throws UnavailableFidelity where there is none; the
// text lists those that were built. Throws std::invalid_argument as check() does.
[[nodiscard]] RtlPins::Variant rtl_variant(const Parameters& parameters);

// From reset to the delivery of the last flit. Throws Stalled when none is delivered for `patience`
// cycles.
[[nodiscard]] RtlRun run_rtl(
    const Parameters& parameters, const Traffic& traffic, const Stalling& stalls = {},
    const WireErrors& errors = {}, Cycles patience = 10'000'000);

}  // namespace headroom::link
