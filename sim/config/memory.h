// Reads generations of HBM (configs/memories) and their use by a chip.
#pragma once

#include "models/chip/description.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

// A file of configs/memories: timing of the device.
[[nodiscard]] const Record<HbmDescription>& memory_file_record();
// {device: hbm3, stacks: 5, capacity: 80 GB, bandwidth: 3.35 TB/s}, with any timing of the device's
// file replaced.
[[nodiscard]] const Record<HbmDescription>& memory_use_record();

// Reads a file of configs/memories into `hbm` and checks it.
void read_memory_file(const Node& file, HbmDescription& hbm);
// Fills `hbm` from the file of the device that `use` names; reading `use` itself is the caller's.
void read_memory_device(const Node& use, const ConfigPaths& paths, HbmDescription& hbm);
// Refresh must leave time for work; `node` is where its two times may stand.
void check_refresh(const HbmDescription& hbm, const Node& node);

}  // namespace headroom::config
