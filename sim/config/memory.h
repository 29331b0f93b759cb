// Reads generations of HBM (configs/memories) and their use by a chip.
#pragma once

#include <string>

#include "models/chip/description.h"
#include "sim/config/memory_timing.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

// A file of configs/memories, times as its standard writes them, so that a chip may clock the
// device at another data rate.
struct MemorySpec {
  std::string name;
  Seconds latency;                 // unloaded, seen by a core
  hbm::Organisation organisation;  // of one stack
  TimingSpec timing;
  Bytes capacity;            // of one stack, must follow from the organisation
  BytesPerSecond bandwidth;  // the same
  int transfers_per_clock = 0;

  [[nodiscard]] Cycles burst() const {
    return static_cast<Cycles>(organisation.burst_length / transfers_per_clock);
  }
};

[[nodiscard]] const Record<MemorySpec>& memory_file_record();
// {device: hbm3, stacks: 5, capacity: 80 GB, bandwidth: 3.35 TB/s}, with latency and any timing of
// the device's file replaced.
[[nodiscard]] const Record<HbmDescription>& memory_use_record();

// Reads a file of configs/memories, `timing_changes` (an absent node: none) laid over its timing;
// an organisation or timing that contradicts itself is an InputError.
[[nodiscard]] MemorySpec read_memory_file(const Node& file, const Node& timing_changes);

// The device at its file's own clock.
[[nodiscard]] hbm::Device device_of(const MemorySpec& spec, const std::string& id, int stacks);

// The device of a chip: clocked at the data rate at which `stacks` of it have `bandwidth`, times
// kept. A bandwidth at which no whole-picosecond clock or no time beside refresh is left is an
// InputError at `bandwidth_at`.
[[nodiscard]] hbm::Device device_of(const MemorySpec& spec, const std::string& id, int stacks,
                                    BytesPerSecond bandwidth, const Node& bandwidth_at);

// Reads the `hbm` mapping of a chip and the file that it names.
[[nodiscard]] HbmDescription read_memory_use(const Node& use, const ConfigPaths& paths);

// Every organisation and timing value, for the digest of a run.
[[nodiscard]] Json write_device(const hbm::Device& device);

}  // namespace headroom::config
