// The power of a chip as configs/ describe it: technology, node, memory, links.
#pragma once

#include <string>

#include "models/chip/description.h"
#include "models/power/accounting.h"
#include "models/power/governor.h"
#include "sim/config/paths.h"
#include "sim/power/activity.h"

namespace headroom {

struct ChipPowerModel {
  power::Coefficients coefficients;
  power::Limits limits;  // at the chip's own cap
  ActivityTable activity;

  // The element of our RTL that stands for the chip's in `format`.
  [[nodiscard]] ActivityTable::Element element(const ChipDescription& chip, Format format) const;
};

// `formats`: that are asked about; none: all that the chip has. Throws InputError where the chip
// does not describe its power, its node is not published or lacks a value, or its clocks need more
// than the node's highest voltage.
[[nodiscard]] ChipPowerModel power_model(
    const ChipDescription& chip, const config::ConfigPaths& paths,
    const std::vector<Format>& formats = {});

}  // namespace headroom
