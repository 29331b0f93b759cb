// The streaming level beside the per-burst model that it is derived from.
#include "models/hbm/streaming.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "models/hbm/measure.h"
#include "models/hbm/traffic.h"
#include "tests/support/effort.h"
#include "tests/support/hbm_device.h"

namespace headroom::hbm {
namespace {

// Bytes per second of the whole transfer, burst by burst.
double per_burst(const Device& device, std::uint64_t requests, const StreamShape& shape) {
  MemorySystem memory(device, Mapping{}, Policy{});
  TrafficSpec spec;
  spec.pattern = Pattern::strided;
  spec.stride = shape.stride, spec.contenders = shape.contenders;
  spec.read_share = shape.read_share, spec.seed = std::max<std::uint64_t>(1, shape.placement);
  Traffic traffic(spec, memory.address_map().capacity());
  const auto outstanding = 64U * 32U * static_cast<std::uint32_t>(device.organisation.stacks);
  const Measurement m = measure(memory, traffic, {requests, outstanding, nullptr});
  return m.bytes() /
         (static_cast<double>(m.cycles) * static_cast<double>(device.timing.tck_ps) * 1e-12);
}

TEST(Streaming, IsWithinTwoPercentOfThePerBurstModel) {
  if (effort(20) < 20) GTEST_SKIP() << "half a minute without sanitizers";
  const Device device = hbm3_device();
  StreamingModel streaming(device);
  for (const std::uint64_t requests : {250'000, 600'000})
    for (const std::uint64_t stride : {64, 4096})
      for (const double read_share : {1.0, 0.6875, 0.5, 0.0})
        for (const int contenders : {1, 8}) {
          const StreamShape shape{read_share, stride, contenders, 1};
          const Bytes bytes(static_cast<double>(requests) * 64);
          const double expected = per_burst(device, requests, shape);
          EXPECT_NEAR((bytes / streaming.time(bytes, shape)).si(), expected, 0.02 * expected)
              << requests << " requests, stride " << stride << ", read share " << read_share << ", "
              << contenders << " contenders";
        }
}

TEST(Streaming, IsAThousandTimesFaster) {
  const Device device = hbm3_device();
  StreamingModel streaming(device);
  const StreamShape shape{0.67, 64, 2, 1};
  static_cast<void>(streaming.rate(shape));  // measured once
  const auto seconds = [](auto work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const double burst = seconds([&] { per_burst(device, 100'000, shape); });
  constexpr int times = 1000;
  double sum = 0;
  const double stream = seconds([&] {
    for (int i = 0; i < times; ++i) sum += streaming.time(Bytes(6.4e6 + i), shape).si();
  });
  EXPECT_GT(sum, 0);
  EXPECT_GT(burst, 1000 * stream / times);
}

TEST(Streaming, StacksAddUp) {
  StreamingModel one(hbm3_device(1)), five(hbm3_device(5));
  EXPECT_DOUBLE_EQ(five.rate({}).si(), 5 * one.rate({}).si());
  const double expected = per_burst(hbm3_device(5), 400'000, {});
  EXPECT_NEAR(five.rate({}).si(), expected, 0.02 * expected);
}

}  // namespace
}  // namespace headroom::hbm
