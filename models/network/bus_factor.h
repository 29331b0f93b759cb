// Bus bandwidth as the performance notes of nccl-tests define it: the bytes that a
// bandwidth-optimal algorithm passes through each rank, per second, so that rates of different
// group sizes compare.
#pragma once

#include <cstdint>

#include "models/network/collective.h"

namespace headroom::network {

// Bus bandwidth over algorithm bandwidth (payload over time).
[[nodiscard]] inline double bus_factor(Collective operation, std::int64_t ranks) {
  const double n = static_cast<double>(ranks), pass = (n - 1) / n;
  switch (operation) {
    case Collective::all_reduce: return 2 * pass;
    case Collective::all_gather:
    case Collective::reduce_scatter:
    case Collective::all_to_all: return pass;
    case Collective::send:
    case Collective::broadcast: return ranks > 1 ? 1 : 0;
  }
  return 0;
}

}  // namespace headroom::network
