// Streams of collectives with no kernel beside them.
#include "models/chip/collective_engine.h"

#include "tests/models/chip/chip_simulation.h"

namespace headroom {
namespace {

using CollectiveEngineTest = ChipSimulation;

void expect_span(const CollectiveSpan& span, const std::string& name, double start_us,
                 double duration_us) {
  EXPECT_EQ(span.name, name);
  expect_seconds(span.start, start_us * us, name.c_str());
  expect_seconds(span.duration, duration_us * us, name.c_str());
}

TEST_F(CollectiveEngineTest, TheSlowerPortDecides) {
  Chip& one = chip();
  CollectiveEngine& engine = one.collectives(0);
  thread([&] {
    engine.issue(collective("up", 10, 1, 10));             // 100 us and 20 us
    engine.issue(collective("out", 1, 10, 10));            // 10 us and 200 us
    engine.issue(collective("latency", 0, 0, 0, 7 * us));  // nothing to move
    engine.issue(collective("nothing", 0, 0, 0));
    engine.wait_until(0);
  });
  run();
  const std::vector<CollectiveSpan> spans = engine.take_spans();
  ASSERT_EQ(spans.size(), 4U);
  expect_span(spans[0], "up", 0, 100);
  expect_span(spans[1], "out", 100, 200);
  expect_span(spans[2], "latency", 300, 7);
  expect_span(spans[3], "nothing", 307, 0);
  EXPECT_TRUE(engine.take_spans().empty()) << "spans are handed out once";
  expect_seconds(engine.busy(), 307 * us, "busy");
  EXPECT_EQ(engine.events(), 4U);
}

TEST_F(CollectiveEngineTest, AGroupThatCanUseHalfOfTheLinks) {
  Chip& one = chip();
  thread([&] {
    CollectiveOperation operation = collective("half", 10, 0, 10);
    operation.cost.transfer = Seconds(200 * us);
    one.collectives(0).issue(operation);
  });
  run();
  expect_span(one.collectives(0).take_spans().at(0), "half", 0, 200);
}

// Two of four cores are held while a collective runs: what starts then takes twice as long.
TEST_F(CollectiveEngineTest, HoldsCoresWhileItRuns) {
  ChipDescription description = round_chip();
  description.cores = 4;
  description.collective_cores = 2;
  Chip& one = chip(description);
  KernelTime alone, beside;
  thread([&] {
    alone = one.run(kernel({{tile(0, 10000), 1}}));
    one.collectives(0).issue(collective("up", 10, 0, 0));  // 100 us
    sc_core::wait(to_sc_time(Seconds(us)));
    beside = one.run(kernel({{tile(0, 10000), 1}}));
    one.collectives(0).wait_until(0);
  });
  run();
  expect_seconds(alone.matrix, 10 * us, "alone");
  expect_seconds(alone.taken, 0, "nothing is taken");
  expect_seconds(beside.matrix, 20 * us, "beside");
  expect_seconds(beside.taken, 10 * us, "taken");
}

TEST_F(CollectiveEngineTest, AStreamRunsInOrderOfIssue) {
  Chip& one = chip();
  CollectiveEngine& engine = one.collectives(1);
  thread([&] {
    for (int i = 0; i < 20; ++i)
      engine.issue(collective(std::to_string(i), 1 + i % 3, i % 2, 1, us));
    EXPECT_EQ(engine.outstanding(), 20U);
    EXPECT_EQ(now().si(), 0) << "issue() does not wait";
  });
  run();
  const std::vector<CollectiveSpan> spans = engine.take_spans();
  ASSERT_EQ(spans.size(), 20U);
  Seconds end(0);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    EXPECT_EQ(spans[i].name, std::to_string(i));
    EXPECT_NEAR(spans[i].start.si(), end.si(), time_tolerance);
    end = spans[i].start + spans[i].duration;
  }
}

TEST_F(CollectiveEngineTest, WaitUntil) {
  Chip& one = chip();
  CollectiveEngine& engine = one.collectives(0);
  thread([&] {
    engine.wait_until(0);
    EXPECT_EQ(now().si(), 0);
    for (int i = 0; i < 3; ++i) engine.issue(collective("gather", 10, 0, 10));
    engine.wait_until(3);
    EXPECT_EQ(now().si(), 0);
    engine.wait_until(1);
    expect_seconds(now(), 200 * us, "two are done");
    EXPECT_EQ(engine.outstanding(), 1U);
    engine.wait_until(0);
    expect_seconds(now(), 300 * us, "all are done");
  });
  run();
}

TEST_F(CollectiveEngineTest, TwoStreamsShareAPort) {
  // Half the port each: the shorter's 5 MB take 100 us, the longer has 5 of 10 MB left.
  Chip& one = chip();
  thread([&] {
    one.collectives(0).issue(collective("long", 10, 0, 10));
    one.collectives(1).issue(collective("short", 5, 0, 5));
  });
  run();
  expect_span(one.collectives(0).take_spans().at(0), "long", 0, 150);
  expect_span(one.collectives(1).take_spans().at(0), "short", 0, 100);
}

TEST_F(CollectiveEngineTest, TwoStreamsOnDifferentPortsDoNotMeet) {
  Chip& one = chip();
  thread([&] {
    one.collectives(0).issue(collective("up", 10, 0, 10));
    one.collectives(1).issue(collective("out", 0, 10, 10));
  });
  run();
  expect_span(one.collectives(0).take_spans().at(0), "up", 0, 100);
  expect_span(one.collectives(1).take_spans().at(0), "out", 0, 200);
}

// Both cross the links above the leaves; one is inside of nodes, the other outside.
TEST_F(CollectiveEngineTest, TwoStreamsShareALinkBeyondThePorts) {
  Chip& one = chip();
  CollectiveOperation up = collective("up", 10, 0, 10), out = collective("out", 0, 5, 5);
  // The uplinks of a leaf carry 1600 GB/s here: alone either takes 100 us.
  for (CollectiveOperation* operation : {&up, &out}) {
    operation->cost.links.resize(6, Bytes(0));
    operation->cost.links[4] = Bytes(160 * mb);
  }
  thread([&] {
    one.collectives(0).issue(up);
    one.collectives(1).issue(out);
  });
  run();
  expect_span(one.collectives(0).take_spans().at(0), "up", 0, 200);
  expect_span(one.collectives(1).take_spans().at(0), "out", 0, 200);
}

TEST_F(CollectiveEngineTest, FidelitiesAgreeWithoutContention) {
  Chip& cycle = chip(round_chip(), all_cycle);
  Chip& analytic = chip(round_chip(), all_analytic);
  thread([&] {
    for (Chip* one : {&cycle, &analytic})
      for (int i = 0; i < 10; ++i)
        one->collectives(0).issue(collective("gather", 1.3 * i, 0.7 * (10 - i), 2 * i, us));
  });
  run();
  const auto a = cycle.collectives(0).take_spans(), b = analytic.collectives(0).take_spans();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a[i].start.si(), b[i].start.si(), 1e-12);
    EXPECT_NEAR(a[i].duration.si(), b[i].duration.si(), 1e-12);
  }
}

}  // namespace
}  // namespace headroom
