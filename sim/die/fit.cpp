#include "sim/die/fit.h"

namespace headroom {
namespace {

using config::DieDesign;
using technology::AreaConstants;
using technology::PublishedDie;

double error(const DieDesign& design, const AreaConstants& constants) {
  return package_area(design.kinds, constants) / design.published - 1;
}

AreaConstants fit_without(const std::vector<DieDesign>& designs, const std::string& left_out,
                          const AreaConstants& start) {
  std::vector<PublishedDie> dies;
  for (const DieDesign& design : designs)
    if (design.fitted && design.id != left_out) dies.push_back(design.die());
  return fit_area(dies, start);
}

}  // namespace

AreaFit fit_dies(const std::vector<DieDesign>& designs, const AreaConstants& in_use) {
  AreaFit fit;
  fit.constants = fit_without(designs, "", in_use);
  for (const DieDesign& design : designs) {
    FittedDie die{design, error(design, in_use), error(design, fit.constants), std::nullopt};
    if (design.fitted) die.left_out = error(design, fit_without(designs, design.id, in_use));
    fit.dies.push_back(die);
  }
  return fit;
}

}  // namespace headroom
