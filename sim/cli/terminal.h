// What standard output can show.
#pragma once

#include "sim/report/table.h"

namespace headroom {

// Colour only where standard output is a terminal and NO_COLOR is unset or empty (no-color.org);
// block elements where the locale says UTF-8.
[[nodiscard]] TableStyle style_of_stdout();

}  // namespace headroom
