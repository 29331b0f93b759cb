// Reads the software of collectives (configs/libraries).
#pragma once

#include "models/chip/description.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

[[nodiscard]] const Record<LibraryDescription>& library_record();

// Fills `library` from the file that `name` names; "none", or nothing there, is no library.
void read_library(const Node& name, const ConfigPaths& paths, LibraryDescription& library);

// As JSON, quantities in SI.
[[nodiscard]] Json write_library(const LibraryDescription& library);

}  // namespace headroom::config
