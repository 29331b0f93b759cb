// Threads that contend for one server, in both disciplines. The server passes 1 GB/s, so that a
// kilobyte takes a microsecond.
#include "models/base/shared_server.h"

#include <algorithm>
#include <random>
#include <vector>

#include "tests/support/seed.h"
#include "tests/support/simulation.h"

namespace headroom {
namespace {

constexpr double us = 1e-6, kb = 1e3;
const BytesPerSecond rate(1e9);
constexpr double no_cap = FairShare::no_cap;

class SharedServerTest : public Simulation {
 protected:
  // A caller that comes at `start`; returns where its end will stand, its time in the simulation.
  std::size_t caller(SharedServer& server, double start, double amount, double cap = no_cap) {
    ends_.push_back(-1);
    const std::size_t index = ends_.size() - 1;
    thread([this, &server, start, amount, cap, index] {
      sc_core::wait(to_sc_time(Seconds(start)));
      server.transfer(Bytes(amount), BytesPerSecond(cap));
      ends_[index] = now().si();
    });
    return index;
  }

  void expect_end(std::size_t caller, double end) const {
    EXPECT_NEAR(ends_[caller], end, time_tolerance) << "caller " << caller;
  }

  std::vector<double> ends_;
};

TEST_F(SharedServerTest, AloneTakesAmountOverRate) {
  SharedServer fair("fair", rate, Discipline::fair_share);
  SharedServer in_order("in_order", rate, Discipline::in_order);
  for (SharedServer* server : {&fair, &in_order}) caller(*server, 2 * us, 5 * kb);
  run();
  expect_end(0, 7 * us);
  expect_end(1, 7 * us);
  EXPECT_NEAR(fair.busy().si(), 5 * us, time_tolerance);
  EXPECT_NEAR(in_order.busy().si(), 5 * us, time_tolerance);
}

TEST_F(SharedServerTest, NothingTakesNoTime) {
  SharedServer fair("fair", rate, Discipline::fair_share);
  SharedServer in_order("in_order", rate, Discipline::in_order);
  for (SharedServer* server : {&fair, &in_order}) caller(*server, 0, 0);
  run();
  expect_end(0, 0);
  expect_end(1, 0);
  EXPECT_EQ(fair.events() + in_order.events(), 0U);
}

TEST_F(SharedServerTest, FairShareOfThreeCallers) {
  // 0-2 first alone (2 of 6 kB), 2-4 two at 1/2 (first 3, second 1 of 3), 4-7 three at 1/3 (third
  // done, first 4, second 2), then two at 1/2: second done at 9, first with 1 kB left at 10.
  SharedServer server("server", rate, Discipline::fair_share);
  caller(server, 0, 6 * kb);
  caller(server, 2 * us, 3 * kb);
  caller(server, 4 * us, 1 * kb);
  run();
  expect_end(0, 10 * us);
  expect_end(1, 9 * us);
  expect_end(2, 7 * us);
  EXPECT_NEAR(server.busy().si(), 10 * us, time_tolerance);
}

TEST_F(SharedServerTest, InOrderOfThreeCallers) {
  SharedServer server("server", rate, Discipline::in_order);
  caller(server, 0, 6 * kb);
  caller(server, 2 * us, 3 * kb);
  caller(server, 4 * us, 1 * kb);
  run();
  expect_end(0, 6 * us);
  expect_end(1, 9 * us);
  expect_end(2, 10 * us);
  EXPECT_NEAR(server.busy().si(), 10 * us, time_tolerance);
}

TEST_F(SharedServerTest, ACapBoundsItsCallerOnly) {
  // Capped to a fifth: 10 us for 2 kB. The other has four fifths: 5 us for 4 kB.
  SharedServer server("server", rate, Discipline::fair_share);
  caller(server, 0, 2 * kb, rate.si() / 5);
  caller(server, 0, 4 * kb);
  run();
  expect_end(0, 10 * us);
  expect_end(1, 5 * us);
}

TEST_F(SharedServerTest, ACapAloneTakesAmountOverCapInBothDisciplines) {
  SharedServer fair("fair", rate, Discipline::fair_share);
  SharedServer in_order("in_order", rate, Discipline::in_order);
  for (SharedServer* server : {&fair, &in_order}) caller(*server, us, 2 * kb, rate.si() / 5);
  run();
  expect_end(0, 11 * us);
  expect_end(1, 11 * us);
}

// A slow caller takes the server for its bytes, not for its whole time: two slow callers that fit
// beside each other take as long as one, at every fidelity.
TEST_F(SharedServerTest, SlowCallersFitBesideEachOtherInOrder) {
  SharedServer server("server", rate, Discipline::in_order);
  caller(server, 0, 2 * kb, rate.si() / 5);
  caller(server, 0.1 * us, 2 * kb, rate.si() / 5);
  caller(server, 0.2 * us, 3 * kb);
  run();
  expect_end(0, 10 * us);
  expect_end(1, 10.1 * us);
  expect_end(2, 7 * us);  // behind 2 + 2 kB
  EXPECT_NEAR(server.busy().si(), 7 * us, time_tolerance);
}

TEST_F(SharedServerTest, BothDisciplinesDoTheSameWorkInTheSameTime) {
  SCOPED_TRACE(replay());
  SharedServer fair("fair", rate, Discipline::fair_share);
  SharedServer in_order("in_order", rate, Discipline::in_order);
  std::mt19937_64 random(seed());
  double bytes = 0;
  for (int i = 0; i < 40; ++i) {
    const double start = static_cast<double>(random() % 20) * us,
                 amount = static_cast<double>(1 + random() % 9999);
    bytes += amount;
    caller(fair, start, amount);
    caller(in_order, start, amount);
  }
  run();
  double fair_end = 0, in_order_end = 0;
  for (std::size_t i = 0; i < ends_.size(); i += 2) {
    fair_end = std::max(fair_end, ends_[i]);
    in_order_end = std::max(in_order_end, ends_[i + 1]);
  }
  EXPECT_NEAR(fair_end, in_order_end, time_tolerance);
  EXPECT_NEAR(fair.busy().si(), in_order.busy().si(), time_tolerance);
  EXPECT_NEAR(fair.busy().si(), bytes / rate.si(), time_tolerance);
}

TEST_F(SharedServerTest, ManyTransfersOfOneCallerAddUp) {
  // Late in the simulation, where a double's step is no longer far below a femtosecond.
  SharedServer server("server", rate, Discipline::fair_share);
  thread([&] {
    sc_core::wait(to_sc_time(Seconds(100)));
    for (int i = 0; i < 1000; ++i) server.transfer(Bytes(7));
  });
  run();
  EXPECT_NEAR(sc_core::sc_time_stamp().to_seconds() - 100, 1000 * 7e-9, 1e-10);
}

}  // namespace
}  // namespace headroom
