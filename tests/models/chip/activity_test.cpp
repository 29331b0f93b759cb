// Each instant of a kernel has one cause.
#include "models/base/activity.h"

#include <random>

#include "tests/models/chip/chip_simulation.h"
#include "tests/support/seed.h"

namespace headroom {
namespace {

using ActivityTest = Simulation;

void wait_us(double time) { sc_core::wait(to_sc_time(Seconds(time * us))); }

TEST_F(ActivityTest, BooksEachInstantOnce) {
  // us      0    1    3    6    7    8
  // matrix       |---------|
  // vector            |---------|
  thread([] {
    Activity activity;
    wait_us(5);
    activity.begin_kernel();
    wait_us(1);
    activity.matrix_busy(true);
    wait_us(2);
    activity.vector_busy(true);
    wait_us(3);
    activity.matrix_busy(false);
    wait_us(1);
    activity.vector_busy(false);
    wait_us(1);
    const KernelTime time = activity.end_kernel();
    expect_seconds(time.start, 5 * us, "start");
    expect_seconds(time.duration, 8 * us, "duration");
    expect_seconds(time.matrix, 5 * us, "matrix");
    expect_seconds(time.vector, 1 * us, "vector");
    expect_seconds(time.memory, 2 * us, "memory");
    expect_seconds(time.overlapped_vector, 3 * us, "overlapped vector");
  });
  run();
}

TEST_F(ActivityTest, EachKernelStartsFromZero) {
  thread([] {
    Activity activity;
    for (int i = 1; i < 4; ++i) {
      activity.begin_kernel();
      activity.matrix_busy(true);
      wait_us(i);
      activity.matrix_busy(false);
      const KernelTime time = activity.end_kernel();
      expect_seconds(time.matrix, i * us, "matrix");
      expect_seconds(time.memory, 0, "memory");
      wait_us(10);  // between kernels: nobody's
    }
  });
  run();
}

TEST_F(ActivityTest, PartitionOfRandomSwitching) {
  SCOPED_TRACE(replay());
  thread([] {
    std::mt19937_64 random(seed());
    Activity activity;
    for (int i = 0; i < 50; ++i) {
      const Seconds begin = now();
      activity.begin_kernel();
      for (int change = 0; change < 40; ++change) {
        wait_us(static_cast<double>(random() % 1000) / 7);
        const bool busy = random() % 2 == 0;
        random() % 2 == 0 ? activity.matrix_busy(busy) : activity.vector_busy(busy);
      }
      activity.matrix_busy(false);
      activity.vector_busy(false);
      const KernelTime time = activity.end_kernel();
      EXPECT_NEAR(time.duration.si(), (now() - begin).si(), 1e-12);
      EXPECT_LE(time.overlapped_vector, time.matrix);
      expect_partition(time);
    }
  });
  run();
}

}  // namespace
}  // namespace headroom
