// Kinds of links as makers describe them: rates and shares computed by hand.
#include "models/link/format.h"

#include <gtest/gtest.h>

#include "models/link/analytic.h"
#include "models/link/core.h"

namespace headroom::link {
namespace {

// 4 lanes of 50 Gb/s, a header of 16 B and up to 256 B in flits of 16 B.
Format nvlink() {
  Format format;
  format.lanes = 4;
  format.rate = BytesPerSecond(50e9 / 8);
  format.header = Bytes(12);
  format.crc = Bytes(4);
  format.max_payload = format.payload = Bytes(256);
  format.unit = Bytes(16);
  format.propagation = Seconds(25e-9);
  format.buffer = Bytes(16384);
  return format;
}

// 16 lanes of 16 Gb/s, 128b/130b, 24 B around 256 B, 8 B of control.
Format pcie() {
  Format format = nvlink();
  format.lanes = 16;
  format.rate = BytesPerSecond(16e9 / 8);
  format.encoding = Encoding::code_128b130b;
  format.header = Bytes(20);
  format.unit = Bytes(4);
  format.control = Bytes(8);
  return format;
}

TEST(LinkFormat, DataRateIsLanesTimesRateLessTheCode) {
  EXPECT_DOUBLE_EQ(data_rate(nvlink()).si(), 25e9);
  EXPECT_DOUBLE_EQ(data_rate(pcie()).si(), 32e9 * 128 / 130);
  Format ndr = nvlink();
  ndr.rate = BytesPerSecond(106.25e9 / 8);
  ndr.encoding = Encoding::rs_544_514;
  EXPECT_NEAR(data_rate(ndr).si(), 50e9, 1e3) << "106.25 Gb/s carry 100 Gb/s";
  Format lane25 = ndr;
  lane25.rate = BytesPerSecond(25.78125e9 / 8);
  lane25.encoding = Encoding::rs_528_514;
  EXPECT_NEAR(data_rate(lane25).si() * 8 / 4, 25e9, 1e3) << "25.78125 Gb/s carry 25 Gb/s";
}

TEST(LinkFormat, WireBytesAreWholePacketsOfWholeUnits) {
  EXPECT_DOUBLE_EQ(wire_bytes(nvlink(), Bytes(256)).si(), 272);
  EXPECT_DOUBLE_EQ(wire_bytes(nvlink(), Bytes(257)).si(), 272 + 32);
  EXPECT_DOUBLE_EQ(wire_bytes(nvlink(), Bytes(1)).si(), 32);
  EXPECT_DOUBLE_EQ(wire_bytes(pcie(), Bytes(512)).si(), 2 * (256 + 24 + 8));
  EXPECT_DOUBLE_EQ(wire_bytes(pcie(), Bytes(1)).si(), 28 + 8);
  Format framed = pcie();
  framed.control = framed.crc = Bytes(0);
  framed.header = Bytes(16);
  framed.frame = Bytes(256);
  framed.frame_overhead = Bytes(20);
  EXPECT_DOUBLE_EQ(wire_bytes(framed, Bytes(256)).si(), 272.0 * 256 / 236);
}

TEST(LinkFormat, PayloadShareComesOutOfThePacket) {
  EXPECT_NEAR(payload_share(nvlink()), 256.0 / 272, 1e-12);
  EXPECT_NEAR(payload_share(nvlink(), Bytes(128)), 128.0 / 144, 1e-12);
  EXPECT_NEAR(payload_share(pcie()), 256.0 / 288, 1e-12);
  EXPECT_NEAR(effective_bandwidth(nvlink(), Bytes(64)).si(), 25e9 * 64 / 80, 1);
  EXPECT_NEAR(message_time(nvlink(), Bytes(256)).si(), 272 / 25e9 + 25e-9, 1e-15);
}

TEST(LinkFormat, ASmallBufferBindsTheRate) {
  Format tight = nvlink();
  tight.buffer = Bytes(512);
  // 2 packets in a round trip of 2 * 16 + 2 * 39 + 3 flit times of 0.64 ns; 17 is one packet's.
  EXPECT_NEAR(payload_share(tight), 256.0 / 272 * 17 / (113.0 / 2), 1e-9);
  tight.replay_packets = 1;
  EXPECT_NEAR(payload_share(tight), 256.0 / 272 * 17 / 114, 1e-9);
}

TEST(LinkFormat, RetriesCostTheirRoundTrips) {
  Format noisy = nvlink();
  noisy.bit_error_rate = 1e-6;
  const double lost = hit(66 + 16 * 130, 1e-6);
  // 97 cycles of a round trip end with the sixth packet of 17.
  EXPECT_NEAR(payload_share(noisy) / payload_share(nvlink()), 1 - lost * 6, 2e-4);
}

TEST(LinkFormat, MoreIsNeverSlowerAndMoreErrorsNeverFaster) {
  const auto reached = [](const Format& format) {
    return effective_bandwidth(format, format.payload).si();
  };
  for (const Format& format : {nvlink(), pcie()}) {
    Format better = format;
    better.lanes *= 2;
    EXPECT_GT(reached(better), reached(format));
    better = format;
    better.rate *= 1.5;
    EXPECT_GT(reached(better), reached(format));
    Format before = format;
    before.buffer = Bytes(256);
    for (int i = 0; i < 12; ++i) {
      Format more = before;
      more.buffer *= 1.5;
      EXPECT_GE(reached(more), reached(before));
      before = more;
    }
    before = format;
    for (const double rate : {1e-15, 1e-9, 1e-7, 1e-5, 1e-4}) {
      Format noisier = before;
      noisier.bit_error_rate = rate;
      EXPECT_LE(reached(noisier), reached(before));
      before = noisier;
    }
  }
}

TEST(LinkFormat, HighestBitErrorRateLetsOneInAHundredPass) {
  const double most = highest_bit_error_rate(nvlink());
  EXPECT_NEAR(1 - hit(8 * 272, most), 0.01, 1e-9);
}

}  // namespace
}  // namespace headroom::link
