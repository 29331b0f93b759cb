// Reads one chip of configs/chips, by name or path, for commands that need no experiment.
#pragma once

#include <string>
#include <vector>

#include "models/chip/description.h"
#include "sim/config/paths.h"

namespace headroom {

// `assignments` are those of --set ("hbm.bandwidth=4 TB/s"), laid over the chip's file in order.
[[nodiscard]] ChipDescription load_chip(
    const std::string& name, const config::ConfigPaths& paths,
    const std::vector<std::string>& assignments = {});

}  // namespace headroom
