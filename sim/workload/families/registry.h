// All families of models. Each file of this folder but reader.cpp and registry.cpp declares its
// families in a function of the file's name; the build lists the files (CMakeLists.txt), so that a
// new family is a new file.
#pragma once

#include <vector>

#include "sim/workload/families/reader.h"

namespace headroom::families {

#define HEADROOM_FAMILY(file) [[nodiscard]] std::vector<Family> file();
#include "sim/workload/families/files.inc"
#undef HEADROOM_FAMILY

// Those of all files, sorted by name.
[[nodiscard]] const std::vector<Family>& all();

}  // namespace headroom::families
