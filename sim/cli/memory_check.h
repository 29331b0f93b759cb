// headroom memory --check-commands: are these DRAM commands legal?
#pragma once

#include <string>

#include "models/hbm/checker.h"

namespace headroom {

struct CommandCheck {
  bool legal = false;
  std::string text;  // a table, or a JSON document
};

// Reads a CSV of commands (sim/memory/command_csv.h) and checks every one with
// hbm::CommandChecker. std::invalid_argument where the device lacks the refresh asked for.
[[nodiscard]] CommandCheck check_commands(
    const std::string& path, const hbm::Device& device, hbm::RefreshRule refresh, bool json);

}  // namespace headroom
