// Credits give back-pressure, order is kept, whatever the stalls.
#include "models/base/stream.h"

#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "tests/support/seed.h"
#include "tests/support/simulation.h"

namespace headroom {
namespace {

using StreamTest = Simulation;

void wait_ns(int ns) { sc_core::wait(ns, sc_core::SC_NS); }
double now_ns() { return sc_core::sc_time_stamp().to_seconds() * 1e9; }

TEST_F(StreamTest, ProducerWaitsForCredits) {
  // Two credits and one item taken every 10 ns.
  Stream<int> stream(2);
  std::vector<double> pushed;
  thread([&] {
    for (int i = 0; i < 5; ++i) {
      stream.push(i);
      pushed.push_back(now_ns());
    }
  });
  thread([&] {
    for (int i = 0; i < 5; ++i) {
      wait_ns(10);
      EXPECT_EQ(stream.pop(), i);
    }
  });
  run();
  const std::vector<double> expected{0, 0, 10, 20, 30};
  ASSERT_EQ(pushed.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(pushed[i], expected[i], 1e-6);
}

TEST_F(StreamTest, ConsumerWaitsForItems) {
  Stream<int> stream(4);
  std::vector<double> popped;
  thread([&] {
    for (int i = 0; i < 3; ++i) {
      wait_ns(7);
      stream.push(i);
    }
  });
  thread([&] {
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(stream.pop(), i);
      popped.push_back(now_ns());
    }
  });
  run();
  const std::vector<double> expected{7, 14, 21};
  ASSERT_EQ(popped.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(popped[i], expected[i], 1e-6);
}

TEST_F(StreamTest, TakesItemsThatOnlyMove) {
  Stream<std::unique_ptr<int>> stream(1);
  thread([&] { stream.push(std::make_unique<int>(42)); });
  thread([&] { EXPECT_EQ(*stream.pop(), 42); });
  run();
}

TEST_F(StreamTest, OrderAndCreditsUnderRandomStalls) {
  SCOPED_TRACE(replay());
  constexpr int items = 5000;
  constexpr std::size_t streams = 4;
  std::mt19937_64 random(seed());
  std::vector<std::unique_ptr<Stream<int>>> stream;
  std::vector<int> pushed(streams), popped(streams);
  for (std::size_t i = 0; i < streams; ++i) {
    const int credits = static_cast<int>(i) + 1;
    stream.push_back(std::make_unique<Stream<int>>(static_cast<std::size_t>(credits)));
    thread([&, i] {
      for (int item = 0; item < items; ++item) {
        if (random() % 3 == 0) wait_ns(static_cast<int>(random() % 5));
        stream[i]->push(item);
        ++pushed[i];
      }
    });
    thread([&, i, credits] {
      for (int item = 0; item < items; ++item) {
        if (random() % 3 == 0) wait_ns(static_cast<int>(random() % 5));
        ASSERT_LE(pushed[i] - popped[i], credits);
        ASSERT_EQ(stream[i]->pop(), item);
        ++popped[i];
      }
    });
  }
  run();
  for (const int count : popped) EXPECT_EQ(count, items);
}

}  // namespace
}  // namespace headroom
