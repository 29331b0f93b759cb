#include "models/hbm/measure.h"

#include <algorithm>

namespace headroom::hbm::detail {

void in_order(std::vector<Command>& commands) {
  std::stable_sort(commands.begin(), commands.end(), [](const Command& a, const Command& b) {
    return a.time_ps < b.time_ps;
  });
}

}  // namespace headroom::hbm::detail
