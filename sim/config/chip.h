// Reads chips (configs/chips).
#pragma once

#include "models/chip/description.h"
#include "sim/config/experiment.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

[[nodiscard]] const Record<ChipDescription>& chip_record();

// Reads and checks a chip's file, `changes` laid over it (an absent node: none). The file must
// reproduce its published peak; changed clocks or engines make another chip, whose published_peak
// is empty unless the changes give one.
[[nodiscard]] ChipDescription read_chip(
    const Node& file, const Node& changes, const ConfigPaths& paths);

// The same, with what `die` of the file or of the changes says; a chip with `die.area` is derived
// from the one that the file describes, and keys of `changes` go before what follows from the area.
[[nodiscard]] ChipDescription read_chip(
    const Node& file, const Node& changes, const ConfigPaths& paths, DieUse& use);

}  // namespace headroom::config
