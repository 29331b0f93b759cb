// headroom memory --describe: what a device is.
#pragma once

#include <string>

#include "models/hbm/device.h"

namespace headroom {

// A table, or the JSON document: `organisation` as hbm::Organisation, `timing_ns` in nanoseconds as
// simulated (whole clocks of tck), null where the standard has no such parameter.
[[nodiscard]] std::string describe_memory(const hbm::Device& device, bool json);

}  // namespace headroom
