// A chip out of an area: `die: {area: 858 mm^2, dies: 2}`.
#pragma once

#include "sim/config/die.h"

namespace headroom::config {

// What changes where `base`, the chip as its file has it, fills dies of `use.area` instead of its
// own, as a mapping to lay over the file: cores and engines, shared memory, stacks, links, power.
// Fills in the derived part of `use`. A chip keeps the density that its base really has, so at the
// base's own area it is the base.
//
// Stacks, link lanes and what carries data between dies take edge, which grows with the root of the
// area; memory system and PHYs go with bandwidth; what is left of the area is filled with cores,
// and as many of them are spare as before. The cap allows the same power per area.
//
// `whole` is the file with `changes` over it. Stacks and links that `changes` asks for are kept.
// InputError: a die beyond the reticle, an edge too short for stacks and lanes, an area that leaves
// no core, a base of several kinds of dies.
[[nodiscard]] Node derive_chip(const ChipDescription& base, const Node& whole, const Node& changes,
                               const ConfigPaths& paths, DieUse& use);

}  // namespace headroom::config
