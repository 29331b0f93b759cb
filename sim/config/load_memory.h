// Reads one device of configs/memories, by name or path, for commands that need no chip.
#pragma once

#include <string>

#include "models/hbm/device.h"
#include "sim/config/paths.h"

namespace headroom {

// `stacks` of the device at its file's own clock. Every mistake of the file is an InputError.
[[nodiscard]] hbm::Device load_memory(
    const std::string& name, const config::ConfigPaths& paths, int stacks = 1);

}  // namespace headroom
