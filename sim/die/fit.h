// The constants of area, fitted on published dies and tried on each of them apart.
#pragma once

#include <optional>
#include <vector>

#include "sim/config/die.h"

namespace headroom {

struct FittedDie {
  config::DieDesign design;
  double error = 0;                   // model over published, less one, with the constants in use
  std::optional<double> refit_error;  // the same with constants fitted on the dies
  std::optional<double> left_out;     // the same with constants fitted on the others
};

struct AreaFit {
  technology::AreaConstants constants;  // fitted on all designs that say so
  std::vector<FittedDie> dies;          // in the order of their names
};

[[nodiscard]] AreaFit fit_dies(
    const std::vector<config::DieDesign>& designs, const technology::AreaConstants& in_use);

}  // namespace headroom
