// Which of its target's resources a transfer loads.
#pragma once

#include <cstddef>

namespace headroom {

struct ResourceUse {
  std::size_t resource = 0;  // as the target numbers them
  double share = 1;          // bytes on it for every byte of the transfer, > 0
};

}  // namespace headroom
