// The numbers of configs/ that are not architecture, with their range and source.
#pragma once

#include <string>
#include <vector>

#include "sim/config/paths.h"
#include "sim/config/run_tables.h"

namespace headroom::validation {

struct Constant {
  std::string file;  // "chips/h100-sxm"
  std::string key, value;
  std::string low, high;  // its range as written; "" where there is none
  std::string source, meaning;
};

// Those that configs/validation/constants.yaml names, of every file that has them.
[[nodiscard]] std::vector<Constant> constants(
    const config::ConfigPaths& paths, const RunTables& tables);

[[nodiscard]] std::string text(const std::vector<Constant>& constants);

}  // namespace headroom::validation
