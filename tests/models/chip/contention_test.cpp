// A collective and a kernel on one chip: the port is the collective's, HBM they share.
#include "tests/models/chip/chip_simulation.h"

namespace headroom {
namespace {

class ChipContention : public ChipSimulation {
 protected:
  // Runs both from time zero.
  void run_both(const Kernel& kernel, const CollectiveOperation& operation,
                const ChipFidelity& fidelity = all_cycle) {
    Chip& both = chip(round_chip(), fidelity);
    thread([&, kernel, operation] {
      both.collectives(0).issue(operation);
      kernel_ = both.run(kernel);
      both.collectives(0).wait_until(0);
    });
    run();
    const std::vector<CollectiveSpan> spans = both.collectives(0).take_spans();
    ASSERT_EQ(spans.size(), 1U);
    collective_ = spans.front();
  }

  KernelTime kernel_;
  CollectiveSpan collective_;
};

TEST_F(ChipContention, MatrixWorkHidesACollective) {
  run_both(kernel({{tile(0, 50000), 4}}), collective("gather", 10, 0, 10));
  expect_seconds(kernel_.duration, 200 * us, "kernel");
  expect_seconds(collective_.duration, 100 * us, "collective");
}

TEST_F(ChipContention, ACollectiveTakesItsPaceFromAMemoryBoundKernel) {
  // 10 MB at 100 GB/s: for 100 us it reads and writes HBM at 100 GB/s each. 800 GB/s are left for
  // 40 MB, 50 us instead of 40.
  run_both(kernel({{tile(40, 0), 1}}), collective("gather", 10, 0, 10));
  expect_seconds(kernel_.duration, (50 + 0.1) * us, "kernel");
  expect_seconds(collective_.duration, 100 * us, "collective");
}

TEST_F(ChipContention, AKernelThatOutlivesTheCollective) {
  // 80 of 160 MB in the first 100 us, the rest at the whole rate.
  run_both(kernel({{tile(160, 0), 1}}), collective("gather", 10, 0, 10));
  expect_seconds(kernel_.duration, (100 + 80 + 0.1) * us, "kernel");
}

TEST_F(ChipContention, ThreeFlowsThatWantMoreThanThereIs) {
  // The collective would read and write at 600 GB/s each; with the kernel's load a third each. The
  // kernel's 10 MB take 30 us, in which the others move 10 of 60 MB; 50 MB at half the rate follow.
  run_both(kernel({{tile(10, 0), 1}}), collective("gather", 10, 0, 60));
  expect_seconds(kernel_.duration, (30 + 0.1) * us, "kernel");
  expect_seconds(collective_.duration, 130 * us, "collective");
}

TEST_F(ChipContention, TheLatencyOfACollectiveLeavesHbmAlone) {
  run_both(kernel({{tile(40, 0), 1}}), collective("gather", 10, 0, 10, 45 * us));
  expect_seconds(kernel_.duration, (40 + 0.1) * us, "kernel");
  expect_seconds(collective_.duration, 145 * us, "collective");
}

TEST_F(ChipContention, QueuesWhereHbmIsAnalytic) {
  // The kernel's 40 MB wait for nothing but the collective's 20 MB, or it for them.
  run_both(kernel({{tile(40, 0), 1}}), collective("gather", 10, 0, 10), all_analytic);
  EXPECT_GE(kernel_.duration.si(), 40.1 * us - 1e-12);
  EXPECT_LE(kernel_.duration.si(), 60.1 * us + 1e-12);
  expect_seconds(collective_.duration, 100 * us, "collective");
}

}  // namespace
}  // namespace headroom
