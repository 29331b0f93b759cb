// Reads kinds of links (configs/links) and their use by a chip or a cluster.
#pragma once

#include "models/chip/description.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

// A file of configs/links: what one link of the kind does.
[[nodiscard]] const Record<LinkDescription>& link_file_record();
// {kind: nvlink4, count: 18}, with any value of the kind's file replaced.
[[nodiscard]] const Record<LinkDescription>& link_use_record();

// The same laid over links that are already known: every key may be left out.
[[nodiscard]] const Record<LinkDescription>& link_change_record();

// Fills `link` from the file of the kind that `use` names; reading `use` itself is the caller's.
void read_link_kind(const Node& use, const ConfigPaths& paths, LinkDescription& link);

}  // namespace headroom::config
