// Links: what follows from a file, what may be replaced, and mistakes.
#include "sim/config/link.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/link/analytic.h"
#include "models/link/core.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

const std::string wire =
    "lanes: 4\n"
    "rate: 25 Gbit/s\n"
    "encoding: 64b66b\n"
    "packet: {header: 12 B, crc: 4 B, max_payload: 256 B, unit: 16 B}\n"
    "propagation: 10 ns\n"
    "buffer: 16 KiB\n"
    "bit_error_rate: 1e-12\n"
    "library_share: 0.9\n"
    "latency: 1 us\n"
    "collective_latency: 5 us\n";

LinkDescription read(const std::string& text) {
  LinkDescription link;
  read_link_file(Node::parse(text, "l.yaml"), link);
  return link;
}

std::string message(const std::string& from = "", const std::string& to = "") {
  return message_of([&] { read(from.empty() ? wire : replaced(wire, from, to)); });
}

TEST(Link, BandwidthAndPayloadShareFollowFromTheFormat) {
  const LinkDescription link = read(wire);
  EXPECT_DOUBLE_EQ(link.bandwidth.si(), 100e9 / 8 * 64 / 66);
  EXPECT_NEAR(link.payload_share, 256.0 / 272, 1e-8);
  EXPECT_EQ(link.format.payload, Bytes(256)) << "all that the packet allows";
  LinkDescription two = link;
  two.count = 2;
  EXPECT_DOUBLE_EQ(
      two.payload_bandwidth().si(), 2 * link.bandwidth.si() * link.payload_share * 0.9);
}

TEST(Link, Mistakes) {
  EXPECT_EQ(message(), "no error");
  EXPECT_EQ(message("1e-12", "1"),
            "l.yaml:7:17: bit_error_rate: found '1'; expected a number from 0 to below 1");
  EXPECT_EQ(message("1e-12", "-1e-9"),
            "l.yaml:7:17: bit_error_rate: found '-1e-9'; expected a number from 0 to below 1");
  EXPECT_EQ(
      message("1e-12", "0.01"),
      "l.yaml:7:17: bit_error_rate: found '0.01'; expected less than 0.00211, at which one in "
      "a hundred full packets passes");
  EXPECT_EQ(message("lanes: 4", "lanes: 0"),
            "l.yaml:1:8: lanes: found '0'; expected a whole number of at least 1");
  EXPECT_EQ(message("lanes: 4", "lanes: -2"),
            "l.yaml:1:8: lanes: found '-2'; expected a whole number of at least 1");
  EXPECT_EQ(message("25 Gbit/s", "0 Gbit/s"),
            "l.yaml:2:7: rate: found '0 Gbit/s'; expected a data rate above 0 B/s");
  EXPECT_EQ(message("25 Gbit/s", "25 Gb"),
            "l.yaml:2:7: rate: found '25 Gb' with the unknown unit 'Gb'; expected a data rate such "
            "as 3.35 TB/s");
  EXPECT_EQ(message("64b66b", "64b67b"),
            "l.yaml:3:11: encoding: found '64b67b'; expected one of none, 8b10b, 64b66b, 128b130b, "
            "256b257b_rs528, 256b257b_rs544; did you mean '64b66b'?");
  EXPECT_EQ(message("header: 12 B", "header: 0 B"),
            "l.yaml:4:18: packet.header: found '0 B'; expected an amount of data above 0 B");
  EXPECT_EQ(message("max_payload: 256 B", "max_payload: -256 B"),
            "l.yaml:4:47: packet.max_payload: found '-256 B'; expected an amount of data above 0 "
            "B");
  EXPECT_EQ(message("unit: 16 B", "unit: 16 B, payload: 512 B"),
            "l.yaml:4:75: packet.payload: found a payload of 512 B; expected at most "
            "packet.max_payload, 256 B");
  EXPECT_EQ(
      message("unit: 16 B", "unit: 16 B, frame: 64 B, frame_overhead: 64 B"),
      "l.yaml:4:95: packet.frame_overhead: found a frame overhead of 64 B; expected less than "
      "packet.frame, 64 B");
  EXPECT_EQ(message("unit: 16 B", "unit: 16 B, frame_overhead: 20 B"),
            "l.yaml:4:82: packet.frame_overhead: found a frame overhead of 20 B; expected "
            "packet.frame, the block that it is part of");
  EXPECT_EQ(message("16 KiB", "128 B"),
            "l.yaml:6:9: buffer: found a buffer of 128 B; expected room for the payload of one "
            "packet, 256 B");
  EXPECT_EQ(
      message("latency: 1 us", "latency: 1 us\npayload_share: 0.9"),
      "l.yaml:10:1: payload_share: found the unknown key 'payload_share'; expected one of "
      "lanes, rate, encoding, packet, propagation, buffer, replay_packets, bit_error_rate, "
      "library_share, latency, collective_latency, low_latency_rate, reduction_share, name");
  EXPECT_EQ(message("propagation: 10 ns\n", ""),
            "l.yaml:1:1: propagation: found nothing; expected a time such as 500 ns");
}

LinkDescription used(const std::string& use) {
  LinkDescription link = read(wire);
  const Node node = Node::parse("{kind: wire, count: 1, " + use + "}", "use");
  link_use_record().read_into(node, link);
  settle_link(node, link);
  return link;
}

TEST(Link, AUseMayReplaceAnyOfIt) {
  EXPECT_DOUBLE_EQ(used("lanes: 8").bandwidth.si(), 2 * read(wire).bandwidth.si());
  EXPECT_NEAR(used("packet: {payload: 128 B}").payload_share, 128.0 / 144, 1e-8);
  EXPECT_EQ(used("library_share: 1").library_share, 1);
  const LinkDescription fast = used("bandwidth: 100 GB/s");
  EXPECT_EQ(fast.bandwidth, BytesPerSecond(100e9));
  EXPECT_DOUBLE_EQ(link::data_rate(fast.format).si(), 100e9) << "the lanes follow";
  EXPECT_LT(used("bit_error_rate: 1e-4").payload_share, 0.9 * read(wire).payload_share);
  EXPECT_LT(used("buffer: 512 B").payload_share, 0.7 * read(wire).payload_share) << "credits bind";
  EXPECT_EQ(message_of([] { used("bandwidth: 100 GB/s, lanes: 2"); }),
            "use:1:35: bandwidth: found '100 GB/s'; expected no such key beside lanes, from which "
            "it follows");
  EXPECT_EQ(message_of([] { used("packet: {payload: 300 B}"); }),
            "use:1:42: packet.payload: found a payload of 300 B; expected at most "
            "packet.max_payload, 256 B");
}

struct Kind {
  const char* name;
  double gigabytes, share;  // per direction; of full packets
};

// By hand from the published formats. NVLink, ICI: 16 + 256 B. PCIe 4, 5: 24 + 256 + 8 B of
// control. PCIe 6, UCIe, NV-HBI: 16 + 256 B in 236 of every 256 B. InfiniBand: 26 + 4096 B, padded
// to 4. RoCE: 82 + 4096 B, padded to 4.
constexpr Kind kinds[]{
    {"nvlink3", 25, 256.0 / 272},
    {"nvlink4", 25, 256.0 / 272},
    {"nvlink5", 50, 256.0 / 272},
    {"nv-hbi", 250, 256.0 / 272 * 236 / 256},
    {"ucie", 256, 256.0 / 272 * 236 / 256},
    {"ici-v4", 50, 256.0 / 272},
    {"ici-v5p", 100, 256.0 / 272},
    {"pcie4", 32 * 128.0 / 130, 256.0 / 288},
    {"pcie5", 64 * 128.0 / 130, 256.0 / 288},
    {"pcie6", 128, 256.0 / 272 * 236 / 256},
    {"infiniband-hdr", 25, 4096.0 / 4124},
    {"infiniband-ndr", 50, 4096.0 / 4124},
    {"infiniband-xdr", 100, 4096.0 / 4124},
    {"roce-400g", 50, 4096.0 / 4180}};

LinkDescription shipped(const std::string& name) {
  LinkDescription link;
  read_link_file(
      Node::load(
          std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs" / "links" / (name + ".yaml")),
      link);
  return link;
}

TEST(Link, ShippedKinds) {
  for (const Kind& kind : kinds) {
    const LinkDescription link = shipped(kind.name);
    EXPECT_NEAR(link.bandwidth.si() / 1e9, kind.gigabytes, 1e-4 * kind.gigabytes) << kind.name;
    EXPECT_NEAR(link.payload_share, kind.share, 1e-4) << kind.name;
    EXPECT_EQ(link::steady(link::as_flits(link.format).parameters, 1, 0).bound, "wire")
        << kind.name << ": buffers are sized for the round trip, even of small packets";
  }
}

// What the closed form says of a kind is what the cycle model of its transmitter and receiver
// gives.
TEST(Link, ShippedKindsCycleByCycle) {
  for (const Kind& kind : kinds) {
    const link::Format format = shipped(kind.name).format;
    link::AsFlits flits = link::as_flits(format);
    flits.parameters.replay_packets = std::min(flits.parameters.replay_packets, 128);
    const std::int64_t packets = 400;
    link::Core core(flits.parameters, {{packets * flits.parameters.max_payload}, 1});
    while (!core.done()) core.advance();
    // From the delivery of the first packet on: the start is latency.
    const auto first = static_cast<std::size_t>(flits.parameters.max_payload) - 1;
    const auto cycles = static_cast<double>(core.deliveries().back() - core.deliveries()[first]);
    const double payload = static_cast<double>(packets - 1) * format.payload.si();
    const double rate = payload / (cycles * flits.cycle.si());
    EXPECT_NEAR(rate, link::effective_bandwidth(format, format.payload).si(), 0.01 * rate)
        << kind.name;
  }
}

}  // namespace
}  // namespace headroom::config
