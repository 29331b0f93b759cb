// The closed form of the scratchpad's time: exact for strides, the expectation for random traffic
// and hot banks; no events.
#pragma once

#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

struct Expectation {
  double cycles = 0;                // of the whole traffic, as Scratchpad::cycles counts
  double requests_per_cycle = 0;    // of all ports, in the long run
  double slowdown = 1;              // ports / requests_per_cycle: 1 where nothing conflicts
  double conflict_probability = 0;  // that a request on offer in a cycle is refused in it
  bool exact = false;               // else an expectation over the random choices
};

// Throws std::invalid_argument as check() does, and UnavailableFidelity where there is no closed
// form: for fewer outstanding reads than read_latency + 1, and for ports that walk with strides
// independently of one another over hashed banks or with reads and writes mixed over 1R1W banks.
[[nodiscard]] Expectation expect(const Parameters& parameters, const Traffic& traffic);

class AnalyticScratchpad final : public Scratchpad {
 public:
  explicit AnalyticScratchpad(const Parameters& parameters);
  [[nodiscard]] Cycles cycles(const Traffic& traffic) override;
  [[nodiscard]] Fidelity fidelity() const override { return Fidelity::analytic; }
};

}  // namespace headroom::scratchpad
