// Power of one chip as its file states it.
#pragma once

#include "models/base/quantity.h"

namespace headroom::power {

// What of a chip its power depends on beside its blocks.
struct ChipPower {
  SquareMetres die_area;  // of all dies with logic; 0: the chip's power is not described
  Hertz nominal_clock;    // at its node's nominal voltage
  double thermal_resistance_k_w = 0;
  double coolant_k = 0;
  Watts fixed;
  Seconds window;         // of the governor's average
  double slew_hz_s = 0;   // of its clock
  double fast_limit = 1;  // worst-case power over the cap that the clock leaves room for

  [[nodiscard]] bool is_known() const { return die_area > SquareMetres(0); }
};

}  // namespace headroom::power
