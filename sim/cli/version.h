// Which program this is, and what it was built from.
#pragma once

#include <string>

namespace headroom {

[[nodiscard]] std::string version();  // "0.1.0+1a2b3c4d5e6f", "-dirty" behind it for a changed tree
[[nodiscard]] std::string version_text();  // what --version prints, one fact a line

}  // namespace headroom
