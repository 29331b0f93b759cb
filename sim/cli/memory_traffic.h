// headroom memory --pattern, --trace: traffic on one HBM, every burst simulated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/hbm/device.h"

namespace headroom {

struct MemoryTrafficOptions {
  std::string pattern, trace;  // one of the two; trace: a file's path
  std::string refresh;         // "": per_bank where the device has it
  std::string interleave = "64B", page = "open";
  std::string commands;              // "": none written
  std::optional<double> read_share;  // none: 1, of the pattern mixed 2/3
  std::int64_t requests = 1'000'000, outstanding = 0, stride = 256;  // 0: 64 per pseudo-channel
  std::uint64_t seed = 1;
  int write_high = 48, write_low = 16;  // watermarks of the write queue
};

// "" or what is wrong with the text of an interleave ("64B", "1KiB").
[[nodiscard]] std::string complaint_about_interleave(const std::string& text);

// What the command writes: a table for a person, or the JSON document. Mistakes throw
// OptionError or InputError, a memory that makes no progress hbm::NoProgress.
[[nodiscard]] std::string memory_traffic(
    const hbm::Device& device, const MemoryTrafficOptions& options, bool json);

}  // namespace headroom
