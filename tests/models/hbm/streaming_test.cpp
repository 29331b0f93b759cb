// The streaming level beside the per-burst model that it is derived from.
#include "models/hbm/streaming.h"

#include <gtest/gtest.h>

#include <algorithm>
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
  if (effort(20) < 20) GTEST_SKIP() << "a minute without sanitizers";
  const Device device = hbm3_device();
  StreamingModel streaming(device);
  for (const std::uint64_t requests : {250'000, 600'000})
    for (const std::uint64_t stride : {64, 4096})
      for (const double read_share : {1.0, 0.6875, 0.5, 0.25, 0.0})
        for (const int contenders : {1, 8}) {
          const StreamShape shape{read_share, stride, contenders, 1};
          const Bytes bytes(static_cast<double>(requests) * 64);
          const double expected = per_burst(device, requests, shape);
          EXPECT_NEAR((bytes / streaming.time(bytes, shape)).si(), expected, 0.02 * expected)
              << requests << " requests, stride " << stride << ", read share " << read_share << ", "
              << contenders << " contenders";
        }
}

// HBM2E as configs/memories has it: 64-bit pseudo-channels, two transfers a clock.
Device hbm2e_device() {
  Device d;
  d.id = "hbm2e";
  Organisation& o = d.organisation;
  o = hbm3_device().organisation;
  o.channels = 8, o.rows = 32768, o.bus_bits = 64, o.burst_length = 4, o.data_rate_mt_s = 3200;
  Timing& t = d.timing;
  t.tck_ps = 625, t.burst = 2;
  t.trcd_rd = 23, t.trcd_wr = 20, t.trp = 23, t.tras = 53, t.trc = 76;
  t.tcl = 23, t.tcwl = 8, t.tccd_s = 2, t.tccd_l = 4, t.tccd_r = 3;
  t.trrd_s = 7, t.trrd_l = 7, t.tfaw = 24, t.twr = 26, t.twtr_s = 10, t.twtr_l = 13;
  t.trtp = 8, t.trtw = 21, t.trefi = 6240, t.trfc = 560, t.trefipb = 390, t.trfcpb = 256;
  t.trrefd = 13;
  return d;
}

// What the chip's memory measures, models/hbm/bandwidth.cpp.
TEST(Streaming, AShortWindowOnTwoChannelsIsWithinTwoPercentOfTheLongOne) {
  if (effort(20) < 20) GTEST_SKIP() << "a quarter of a minute without sanitizers";
  for (const Device& device : {hbm2e_device(), hbm3_device()}) {
    StreamingModel whole(device, {}, {}, {4, 2, 24, 0}), brief(device, {}, {}, {3, 1, 8, 2});
    for (const double read_share : {0.0, 0.125, 0.25, 0.5, 0.75, 1.0}) {
      const double expected = whole.rate({read_share}).si();
      EXPECT_NEAR(brief.rate({read_share}).si(), expected, 0.02 * expected)
          << device.id << ", read share " << read_share;
    }
  }
}

TEST(Streaming, StacksAddUp) {
  StreamingModel one(hbm3_device(1)), five(hbm3_device(5));
  EXPECT_DOUBLE_EQ(five.rate({}).si(), 5 * one.rate({}).si());
  const double expected = per_burst(hbm3_device(5), 400'000, {});
  EXPECT_NEAR(five.rate({}).si(), expected, 0.02 * expected);
}

}  // namespace
}  // namespace headroom::hbm
