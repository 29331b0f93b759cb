// Reads what a framework does (configs/stacks).
#pragma once

#include <string>
#include <vector>

#include "sim/config/paths.h"
#include "sim/config/record.h"
#include "sim/workload/stack.h"

namespace headroom::config {

[[nodiscard]] const Record<Stack>& stack_record();

// The stack in the file that `name` names, assignments as those of --set ("launch=10 us") laid over
// it in order; "none", or nothing there, is no stack.
[[nodiscard]] Stack read_stack(
    const Node& name, const ConfigPaths& paths, const std::vector<std::string>& assignments = {});

}  // namespace headroom::config
