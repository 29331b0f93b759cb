// Reads dies: designs (configs/dies), the constants of their area (configs/technology/area.yaml),
// and `die` of a chip.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/technology/die_area.h"
#include "sim/config/experiment.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

// What of a die's edge blocks take.
struct EdgeConstants {
  double aspect = 1;  // long side over short side, >= 1
  Metres stack, lane;
  double die_to_die_mm_tbps = 0;
  double die_to_die_share = 0;  // bandwidth between dies over that of HBM
};

struct DieConstants {
  technology::AreaConstants area;
  EdgeConstants edge;
};
[[nodiscard]] const Record<DieConstants>& die_constants_record();
[[nodiscard]] DieConstants load_die_constants(const ConfigPaths& paths);

// A node that a die can be made on: one with a known density of SRAM.
[[nodiscard]] technology::ProcessNode load_die_node(const Node& name, const ConfigPaths& paths);

struct DieDesign {
  std::string id, name;
  SquareMetres published;  // of all dies of the package
  bool fitted = false;     // constants are fitted on it
  std::vector<technology::PublishedDie::Kind> kinds;

  [[nodiscard]] technology::PublishedDie die() const { return {kinds, published}; }
  // The kind with the cores.
  [[nodiscard]] const technology::PublishedDie::Kind& main() const;
  [[nodiscard]] double dies() const;
};
[[nodiscard]] DieDesign read_die_design(
    const Node& file, const std::string& id, const ConfigPaths& paths);
[[nodiscard]] DieDesign load_die_design(const std::string& id, const ConfigPaths& paths);
// All of configs/dies.
[[nodiscard]] std::vector<DieDesign> load_die_designs(const ConfigPaths& paths);

// `die` of a chip: {design: gh100} or with {area: 858 mm^2, dies: 2, sram_share: 0.2}.
[[nodiscard]] const Record<DieUse>& die_use_record();
// Of a chip's file with `changes` laid over it; a design that is not there is an InputError.
[[nodiscard]] DieUse read_die_use(const Node& file, const Node& changes, const ConfigPaths& paths);

}  // namespace headroom::config
