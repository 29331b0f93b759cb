// Reads kinds of links (configs/links) and their use by a chip or a cluster.
//
// A file says what a link is: lanes, rate, line code, packet, wire. Bandwidth and payload share of
// a LinkDescription follow from that (models/link/format.h); nobody types them in.
#pragma once

#include "models/chip/description.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

// A file of configs/links: what one link of the kind is.
[[nodiscard]] const Record<LinkDescription>& link_file_record();
// {kind: nvlink4, count: 18}, with any value of the kind's file replaced.
[[nodiscard]] const Record<LinkDescription>& link_use_record();

// The same laid over links that are already known: every key may be left out.
[[nodiscard]] const Record<LinkDescription>& link_change_record();

// Reads a file of configs/links, checks it and derives what follows from it.
void read_link_file(const Node& file, LinkDescription& link);
// Fills `link` from the file of the kind that `use` names; reading `use` itself is the caller's.
void read_link_kind(const Node& use, const ConfigPaths& paths, LinkDescription& link);
// After a use has been read: checks the link and derives bandwidth and payload share; where `use`
// gives a bandwidth, the rate of the lanes follows from it instead.
void settle_link(const Node& use, LinkDescription& link);

}  // namespace headroom::config
