// Traces: what a request is, and exactly what is said of what is none.
#include "sim/memory/trace.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/sim/config/support.h"

namespace headroom {
namespace {

using config::message_of;
using Requests = std::vector<std::pair<std::uint64_t, bool>>;

constexpr Bytes capacity{16.0 * (1 << 30)};

class Trace : public ::testing::Test {
 protected:
  Requests read(const std::string& text) {
    Requests requests;
    read_trace(folder_.write("t", text).string(), capacity, [&](std::uint64_t address, bool write) {
      requests.emplace_back(address, write);
    });
    return requests;
  }
  std::string complaint(const std::string& text) {
    return config::replaced(message_of([&] { read(text); }), (folder_.path() / "t").string(), "t");
  }

  config::TemporaryFolder folder_;
};

TEST_F(Trace, ReadsLoadsAndStores) {
  EXPECT_EQ(read("LD 0x40\nST 0x1F80\n"), (Requests{{0x40, false}, {0x1f80, true}}));
  EXPECT_EQ(read("# a comment\n\n  LD\t0X0 \r\nST 0x3ffffffff # the last byte\nLD 0x40"),
            (Requests{{0, false}, {0x3ffffffc0, true}, {0x40, false}}))
      << "blocks of 64 bytes";
  EXPECT_EQ(read(""), Requests{});
  EXPECT_EQ(read("\n# nothing\n\n"), Requests{});
}

TEST_F(Trace, SaysWhatIsNoRequest) {
  EXPECT_EQ(complaint("LD 0x40\nRD 0x80\n"),
            "t:2:1: request: found 'RD'; expected LD 0xADDR or ST 0xADDR; did you mean 'LD'?");
  EXPECT_EQ(complaint("ld 0x40\n"),
            "t:1:1: request: found 'ld'; expected LD 0xADDR or ST 0xADDR; did you mean 'LD'?");
  EXPECT_EQ(
      complaint("\n  0x40\n"), "t:2:3: request: found '0x40'; expected LD 0xADDR or ST 0xADDR");
  EXPECT_EQ(complaint("LD\n"),
            "t:1:3: address: found nothing; expected a hexadecimal address such as 0x1f40");
  for (const char* word : {"64", "0x", "0x4g", "-0x40", "0x-40", "x40"})
    EXPECT_EQ(complaint(std::string("ST ") + word + "\n"),
              std::string("t:1:4: address: found '") + word +
                  "'; expected a hexadecimal address such as 0x1f40");
  EXPECT_EQ(
      complaint("ST 0x40 0x80\n"), "t:1:9: request: found '0x80'; expected the end of the line");
}

TEST_F(Trace, SaysWhatIsBeyondTheDevice) {
  EXPECT_EQ(
      complaint("LD 0x0\nLD  0x400000000\n"),
      "t:2:5: address: found '0x400000000'; expected an address below 0x400000000, the end of "
      "the memory");
  EXPECT_EQ(
      complaint("LD 0x10000000000000000\n"),
      "t:1:4: address: found '0x10000000000000000'; expected an address below 0x400000000, the "
      "end of the memory");
}

TEST_F(Trace, FilesThatCannotBeRead) {
  const auto message = [](const std::string& path) {
    return message_of([&] { read_trace(path, capacity, [](std::uint64_t, bool) {}); });
  };
  EXPECT_EQ(
      message("no_such.trace"),
      "no_such.trace:1:1: document: found No such file or directory; expected a file that can "
      "be read");
  EXPECT_EQ(config::replaced(message(folder_.path().string()), folder_.path().string(), "d"),
            "d:1:1: document: found a folder; expected a file that can be read");
  EXPECT_EQ(complaint(std::string(5000, '#')),
            "t:1:4097: document: found a line that goes on; expected its end, after at most 4096 "
            "bytes");
}

// Longer than any buffer of the reader, so that lines straddle its ends.
TEST_F(Trace, LongFiles) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += i % 3 == 0 ? "ST 0x40\n" : "LD 0x123456780\n";
  const Requests requests = read(text);
  ASSERT_EQ(requests.size(), 300'000u);
  for (std::size_t i = 0; i < requests.size(); ++i)
    ASSERT_EQ(requests[i].first, i % 3 == 0 ? 0x40u : 0x123456780u) << i;
}

}  // namespace
}  // namespace headroom
