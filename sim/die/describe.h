// Area, yield and cost of the dies of a chip.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/technology/cost.h"
#include "models/technology/die_area.h"
#include "sim/config/cost.h"
#include "sim/config/die.h"

namespace headroom {

struct DieReport {
  std::string design;
  double dies = 0;
  SquareMetres area;                        // of all dies, by the model
  std::optional<SquareMetres> published;    // none of a chip derived from an area
  std::vector<technology::AreaPart> parts;  // of all dies; they sum to `area`
  double dies_per_wafer = 0, yield = 0;     // of the die with the cores; yield with harvesting
  Dollars die_cost;                         // of one such die
  technology::PackageCost package;
  Dollars list_price;  // published, or the cost with the margin on it
  bool price_published = false;
};

// What `use` says of a chip's memory and of spare cores.
struct ChipCounts {
  double cores = 0;   // enabled, of the chip
  double stacks = 0;  // with memory
  Bytes capacity;
};

// Yield and wafers are those of published areas where there are some. Defect density and price of a
// wafer that a node does not state are those of the nodes that its claims stand on; InputError
// where none of them has any.
[[nodiscard]] DieReport describe_die(
    const config::DieDesign& design, const DieUse& use, const ChipCounts& chip, const CostUse& cost,
    const config::CostConstants& constants, const config::ConfigPaths& paths);

// The same for a chip; `use.design` must name a design.
[[nodiscard]] DieReport describe_die(const ChipDescription& chip, const DieUse& use,
                                     const CostUse& cost, const config::ConfigPaths& paths);

}  // namespace headroom
