// What streams reach on the HBM of the shipped chips, measured once with the per-burst model
// (configs/streams/slowdowns.yaml, written by scripts/stream_slowdowns): a run then need not
// measure it. Another device, clock or timing is not in the table and is measured.
#pragma once

#include <string>
#include <vector>

#include "models/hbm/bandwidth.h"
#include "sim/config/paths.h"

namespace headroom::config {

struct StreamEntry {
  std::string chip;                  // the first that has such a memory,
  std::vector<std::string> changes;  // with these assignments
  std::string device;                // stream_key()
  StreamSlowdowns slowdown{};
};

[[nodiscard]] std::vector<StreamEntry> read_stream_table(const Node& document);

// Makes the process remember the entry of the device, if the table has one.
void remember_streams(const HbmDescription& hbm, const ConfigPaths& paths);

}  // namespace headroom::config
