// Reads what power depends on: constants of all chips (configs/technology/power.yaml) and those of
// one (`power` of a chip).
#pragma once

#include "models/chip/description.h"
#include "models/power/resolve.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

[[nodiscard]] const Record<power::Constants>& power_constants_record();
[[nodiscard]] power::Constants read_power_constants(const Node& document);

[[nodiscard]] const Record<power::ChipPower>& chip_power_record();
// Reads `power` of a chip; an absent one leaves the description as it is.
void read_chip_power(const Node& given, power::ChipPower& power);

}  // namespace headroom::config
