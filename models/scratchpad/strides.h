// Conflicts of strided traffic, counted.
#pragma once

#include <cstdint>

#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

// Ports in lock-step: a vector takes as many cycles as the bank port with the most of its requests
// has of them. Low-order banks treat all vectors alike; hashed ones repeat with the addresses,
// whose period is counted through. Exact; with reads and writes at random over 1R1W banks the
// expectation.
struct Vectors {
  double cycles = 0;   // of all vectors
  double refused = 0;  // requests on offer that are not granted, summed over cycles
};
[[nodiscard]] Vectors count_vectors(const Parameters& parameters, const Traffic& traffic);

// Ports independent of one another, low-order banks, one arbiter a bank. With g = gcd(stride,
// banks) the ports fall into g classes, and each class goes round a ring of K = banks / g banks.
// With m ports on it a ring grants min(m, K) requests a cycle in the long run. A request is late by
// as much as the requests ahead of it outnumber the steps to it: the delay of the last one is the
// largest excess of requests over steps, over all stretches of the ring of up to `requests` steps
// that begin at a port (a last-passage time). Exact under age, and under round robin while m <= K;
// where it is not (m > K, ports overtake one another), within 5 % from 100 requests on.
struct Walk {
  std::int64_t delay = 0;  // cycles beyond one a request
  double slowdown = 1;     // the largest m / K, at least 1
  double rate = 0;         // requests a cycle of all rings in the long run
};
[[nodiscard]] Walk walk_of(const Parameters& parameters, const Traffic& traffic);

}  // namespace headroom::scratchpad
