// Reads a cluster with its chip for commands that need no experiment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/chip/description.h"
#include "sim/config/paths.h"

namespace headroom {

struct ClusterUse {
  ClusterDescription cluster;
  ChipDescription chip;
};

// `name`: a cluster of configs/clusters, or the path of such a file or of an experiment. `chip`: ""
// takes the experiment's, or the one that the cluster's file calls usual. `chips`: 0 takes the
// experiment's number, else the smallest that holds `group` ranks (and at least one node or router
// group). `assignments` are those of --set under an experiment's cluster
// ("scale_out.library_share=0.9"). Mistakes are InputErrors at their place; those of arguments name
// the option.
[[nodiscard]] ClusterUse load_cluster(
    const std::string& name, const std::string& chip, std::int64_t chips, std::int64_t group,
    const config::ConfigPaths& paths, const std::vector<std::string>& assignments = {});

// The library of that name or path; "none" has no id.
[[nodiscard]] LibraryDescription load_library(
    const std::string& name, const config::ConfigPaths& paths);

}  // namespace headroom
