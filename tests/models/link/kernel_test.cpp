// The SystemC module inside the kernel. One test is one process.
#include <gtest/gtest.h>

#include "models/link/cycle.h"

namespace headroom::link {
namespace {

TEST(LinkKernel, TwoLinksSideBySideKeepTheirOwnTime) {
  Parameters parameters;
  const Traffic traffic{{40, 3, 17}, 7};
  const Stalling stalls{{1, 25, 3}, {2, 25, 2}};
  const WireErrors errors(3, 2e-4, parameters.flit_bits);
  const sc_core::sc_time period(1, sc_core::SC_NS);
  CycleLink first("first", parameters, traffic, stalls, errors, period);
  CycleLink second("second", parameters, traffic, {}, {}, 2 * period);
  sc_core::sc_start();
  Core alone(parameters, traffic, stalls, errors);
  while (!alone.done()) alone.advance();
  EXPECT_EQ(first.core().deliveries(), alone.deliveries());
  EXPECT_EQ(first.events(), 60U) << "one activation for each flit";
  EXPECT_LT(second.core().cycles(), first.core().cycles());
  const Cycles last = std::max(first.core().now(), 2 * second.core().now());
  EXPECT_EQ(sc_core::sc_time_stamp(), static_cast<double>(last) * period);
}

}  // namespace
}  // namespace headroom::link
