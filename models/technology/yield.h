// How many dies a wafer gives and how many of them can be sold.
#pragma once

#include "models/base/quantity.h"

namespace headroom::technology {

struct Wafer {
  Metres diameter;        // 300 mm
  Metres edge_exclusion;  // rim that gives no good die
  Metres scribe;          // kept between dies
};

// Dies of width x height whose whole rectangle, scribe line included, lies inside of the usable
// circle, on the best of some offsets of a regular grid. 0 where none fits.
[[nodiscard]] int dies_per_wafer(const Wafer& wafer, Metres width, Metres height);

struct Defects {
  double density = 0;     // per m^2
  double clustering = 0;  // alpha of the negative binomial, > 0; large: defects fall independently
};

// Share of dies without any defect: (1 + A D / alpha)^-alpha (Stapper 1973). In (0, 1], falls with
// area.
[[nodiscard]] double yield(const Defects& defects, SquareMetres area);

// Share of dies that can be sold where `cores` equal cores share `core_area` in all and `needed` of
// them must work, and no defect may hit `critical_area`; the rest of the die tolerates defects.
// The density of defects varies from die to die by the gamma distribution that makes the negative
// binomial, so that defects of one die come together (Koren and Koren 1998, section III); harvested
// and plain yield agree where needed == cores.
[[nodiscard]] double harvested_yield(const Defects& defects, SquareMetres critical_area,
                                     SquareMetres core_area, int cores, int needed);

}  // namespace headroom::technology
