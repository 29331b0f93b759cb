// What streams reach of an HBM's peak; no SystemC.
#pragma once

#include "models/chip/description.h"

namespace headroom {

// Bytes per second of long streams: the peak less the share of time that refresh takes, 1 - tRFC /
// tREFI (JESD235/238).
[[nodiscard]] inline BytesPerSecond sustained_bandwidth(const HbmDescription& hbm) {
  const hbm::Timing& timing = hbm.device.timing;
  return hbm.bandwidth *
         (1.0 - static_cast<double>(timing.trfc) / static_cast<double>(timing.trefi));
}

}  // namespace headroom
