// Memories: what the shipped files say, how times become clocks, and files that contradict
// themselves.
#include "sim/config/memory.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/config/load_memory.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

Node fast() { return Node::load(toy_folder() / "memories" / "fast.yaml"); }

// Reads the made-up memory with `changes` in its own file; the place of the message is cut off.
std::string message(const std::vector<std::string>& changes) {
  Node file = fast();
  for (const std::string& change : changes) file = set(file, change);
  try {
    static_cast<void>(read_memory_file(file, file["no changes"]));
  } catch (const InputError& error) {
    const Position& at = error.position();
    return std::string(error.what())
        .substr(fmt::format("{}:{}:{}: ", at.file, at.line, at.column).size());
  }
  return "no error";
}

struct Published {
  std::string id;
  double stack_gb_s;  // hbm_timing.csv, peak_stack_bandwidth_gb_s
  double stack_gib;
  std::int64_t tck_ps;
};

void PrintTo(const Published& published, std::ostream* out) { *out << published.id; }

class PublishedMemory : public ::testing::TestWithParam<Published> {};

TEST_P(PublishedMemory, ChannelsTimesWidthTimesRateIsThePublishedPeak) {
  const Published& published = GetParam();
  const hbm::Device device = load_memory(published.id, ConfigPaths());
  const hbm::Organisation& o = device.organisation;
  EXPECT_NEAR(o.peak().si() * 1e-9, published.stack_gb_s, 1e-6);
  EXPECT_EQ(o.capacity().si(), published.stack_gib * (1 << 30));
  EXPECT_EQ(device.timing.tck_ps, published.tck_ps);
  EXPECT_EQ(o.burst_bytes(), 32);
  EXPECT_EQ(o.row_bytes(), 1024);
  EXPECT_EQ(o.banks(), 16);
  EXPECT_EQ(device.timing.burst, 2u);
  EXPECT_EQ(device.id, published.id);
  EXPECT_EQ(load_memory(published.id, ConfigPaths(), 5).organisation.capacity().si(),
            5 * o.capacity().si());
}

INSTANTIATE_TEST_SUITE_P(
    Shipped, PublishedMemory,
    ::testing::Values(Published{"hbm2", 256, 8, 1000}, Published{"hbm2e", 409.6, 16, 625},
                      Published{"hbm3", 819.2, 16, 625}, Published{"hbm3e", 1177.6, 24, 435},
                      Published{"hbm3e-36gb", 1177.6, 36, 435}, Published{"hbm4", 2048, 32, 500}),
    [](const auto& test) {
      std::string name = test.param.id;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(ShippedMemories, EachHasItsPeakTest) {
  EXPECT_EQ(ConfigPaths().names("memories"),
            (std::vector<std::string>{"hbm2", "hbm2e", "hbm3", "hbm3e", "hbm3e-36gb", "hbm4"}))
      << "a new memory needs a line above";
}

// The clocks of hbm_timing.csv, rows HBM2_2000Mbps, HBM3_6400Mbps and HBM4_8000Mbps, in the order
// of timing_parameters().
TEST(ShippedMemories, HaveTheClocksOfTheirSource) {
  const auto clocks = [](const std::string& id) {
    const hbm::Timing timing = load_memory(id, ConfigPaths()).timing;
    std::vector<int> result;
    for (const TimingParameter& p : timing_parameters())
      result.push_back(
          p.member != nullptr ? static_cast<int>(timing.*p.member)
                              : static_cast<int>((timing.*p.optional_member).value_or(0)));
    return result;
  };
  EXPECT_EQ(
      clocks("hbm2"),
      (std::vector<int>{
          14, 12, 14, 34, 48, 14, 5, 2, 4, 4, 4, 15, 16, 6, 8, 5, 13, 0, 8, 3900, 243, 350, 160}));
  EXPECT_EQ(clocks("hbm3"), (std::vector<int>{31, 15, 26, 45, 72, 20, 10, 2,    4,   4,   5,  24,
                                              33, 7,  10, 9,  20, 3,  8,  6240, 390, 560, 320}));
  EXPECT_EQ(clocks("hbm4"), (std::vector<int>{39, 19, 33, 57, 90, 20, 10, 2,    4,   5,   7,  30,
                                              42, 9,  13, 12, 25, 2,  16, 7800, 487, 900, 560}));
}

TEST(ClockedTime, RoundsToWholeClocks) {
  const auto read = [](const std::string& text) {
    return *clocked_time().read(Node::parse(text, "t"));
  };
  EXPECT_EQ(read("4 ck").at_least(625), 4u);
  EXPECT_EQ(read("4ck").at_most(1), 4u);
  EXPECT_EQ(read("5 ns").at_least(625), 8u);
  EXPECT_EQ(read("5.001 ns").at_least(625), 9u);
  EXPECT_EQ(read("5 ns").at_most(625), 8u);
  EXPECT_EQ(read("4.999 ns").at_most(625), 7u);
  // 19.38 ns stands for 31 clocks of 0.625 ns in tables of two decimals: 0.008 clocks more are not
  // forgiven; 28.1252 ns, 0.0003 more than 45, are.
  EXPECT_EQ(read("19.38 ns").at_least(625), 32u);
  EXPECT_EQ(read("28.1252 ns").at_least(625), 45u);
  EXPECT_EQ(read("28.1248 ns").at_most(625), 45u);
}

TEST(ClockedTime, RefusesWhatIsNone) {
  const auto complaint = [](const std::string& text) {
    return message_of([&] { static_cast<void>(clocked_time().read(Node::parse(text, "t"))); });
  };
  EXPECT_EQ(
      complaint("0 ck"),
      "t:1:1: document: found '0 ck'; expected a whole number of clocks of at least 1, such as "
      "4 ck");
  EXPECT_EQ(
      complaint("1.5 ck"),
      "t:1:1: document: found '1.5 ck'; expected a whole number of clocks of at least 1, such "
      "as 4 ck");
  EXPECT_EQ(complaint("-3 ns"), "t:1:1: document: found '-3 ns'; expected a time above 0 s");
  EXPECT_EQ(
      complaint("[1 ns]"),
      "t:1:1: document: found a list; expected a time such as 14 ns, or whole clocks such as 4 "
      "ck");
  EXPECT_EQ(complaint("{value: 3 ck, range: [1 ck, 2 ck]}"),
            "t:1:9: value: found '3 ck'; expected a value within its own range: 1 ck to 2 ck");
}

TEST(Memory, ChipsClockItAtTheirOwnRate) {
  const MemorySpec spec = read_memory_file(fast(), fast()["none"]);
  const Node at = Node::parse("1 GB/s", "b");
  const hbm::Device device = device_of(spec, "fast", 2, BytesPerSecond(400e9), at);
  EXPECT_EQ(device.organisation.data_rate_mt_s, 3125);
  EXPECT_EQ(device.timing.tck_ps, 640);
  EXPECT_EQ(device.timing.trp, 22u) << "14 ns";
  EXPECT_EQ(device.timing.tccd_l, 4u);
  EXPECT_EQ(device.timing.trefi, 6093u) << "3.9 us, never more";
  EXPECT_EQ(device.timing.trc, 76u) << "tras 54, trp 22, although 48 ns are 75 clocks";
}

TEST(Memory, ContradictionsAreNamed) {
  EXPECT_EQ(message({}), "no error");
  EXPECT_EQ(message({"timing.trc=47 ns"}),
            "timing.trc: found '47 ns'; expected trc at least tras + trp, 34 ns + 14 ns");
  EXPECT_EQ(message({"timing.tccd_l=1 ck"}),
            "timing.tccd_l: found '1 ck'; expected tccd_l at least tccd_s, 2.56 ns");
  EXPECT_EQ(message({"timing.trrd_s=4.5 ns"}),
            "timing.trrd_l: found '4 ns'; expected trrd_l at least trrd_s, 4.5 ns");
  EXPECT_EQ(message({"timing.tfaw=3 ns"}),
            "timing.tfaw: found '3 ns'; expected tfaw at least trrd_s, 4 ns");
  EXPECT_EQ(message({"timing.twtr_l=5 ns"}),
            "timing.twtr_l: found '5 ns'; expected twtr_l at least twtr_s, 6 ns");
  EXPECT_EQ(message({"timing.trfc=3.9 us"}),
            "timing.trefi: found '3.9 us'; expected trefi above trfc, 3900 ns");
  EXPECT_EQ(message({"timing.tccd_s=1 ck"}),
            "timing.tccd_s: found '1 ck'; expected at least the burst, 2.56 ns");
  EXPECT_EQ(message({"timing.tccd_r=1 ck"}),
            "timing.tccd_r: found '1 ck'; expected tccd_r at least tccd_s, 2.56 ns");
  EXPECT_EQ(
      message({"timing.trtw=11 ns"}),
      "timing.trtw: found '11 ns'; expected trtw at least tcl + burst - tcwl, 14 ns + 2.56 ns "
      "- 5 ns, or data collide");
  EXPECT_EQ(message({"timing.trfcpb=100 ns"}),
            "timing.trfcpb: found '100 ns'; expected trefipb, trfcpb and trrefd, or none of them");
  const std::vector<std::string> per_bank{"timing.trfcpb=100 ns", "timing.trrefd=8 ns"};
  EXPECT_EQ(message({per_bank[0], per_bank[1], "timing.trefipb=975 ns"}), "no error");
  EXPECT_EQ(message({per_bank[0], per_bank[1], "timing.trefipb=976 ns"}),
            "timing.trefipb: found '976 ns'; expected trefipb at most trefi / 4 banks, 975 ns");
  EXPECT_EQ(message({per_bank[0], per_bank[1], "timing.trefipb=8 ns"}),
            "timing.trefipb: found '8 ns'; expected trefipb above trrefd, 8 ns");
}

TEST(Memory, OrganisationMustHoldTogether) {
  EXPECT_EQ(message({"timing.tck=1200 ps"}),
            "timing.tck: found '1200 ps'; expected 1280 or 2560 or 5119 ps, which hold 2, 4 or 8 "
            "transfers at organisation.data_rate, 1563 MT/s");
  EXPECT_EQ(message({"timing.tck=0.5 ps"}),
            "timing.tck: found '0.5 ps'; expected a whole number of picoseconds from 1 ps to 1 ms");
  EXPECT_EQ(
      message({"organisation.burst_length=1"}),
      "organisation.burst_length: found '1'; expected a multiple of the 2 transfers of a clock");
  EXPECT_EQ(message({"organisation.rows=65535"}),
            "capacity: found '1 GiB'; expected 0.999985 GiB, which the organisation gives");
  EXPECT_EQ(
      message({"bandwidth=101 GB/s"}),
      "bandwidth: found '101 GB/s'; expected 100.032 GB/s within 0.1 %, which the organisation "
      "gives");
  EXPECT_EQ(message({"organisation.channels=0"}),
            "organisation.channels: found '0'; expected a whole number from 1 to 65536");
  EXPECT_EQ(message({"organisation.rows=-4"}),
            "organisation.rows: found '-4'; expected a whole number from 1 to 1073741824");
  EXPECT_EQ(message({"organisation.bank_groups=3"}),
            "organisation.bank_groups: found '3'; expected a power of two from 1 to 65536");
  EXPECT_EQ(message({"organisation.bus_bits=4"}),
            "organisation.bus_bits: found '4'; expected at least a byte, 8");
  EXPECT_EQ(
      message({"organisation.data_rate=1.5 MT/s"}),
      "organisation.data_rate: found '1.5 MT/s'; expected a whole number of MT/s from 1 MT/s to "
      "1000 GT/s");
  EXPECT_EQ(message({"organisation.data_rate=6400"}),
            "organisation.data_rate: found '6400' without a unit; expected a transfer rate such as "
            "6400 MT/s");
  EXPECT_EQ(message({"timing.trcd=14 ns"}).substr(0, 72),
            "timing.trcd: found the unknown key 'trcd'; expected one of tck, trcd_rd,");
}

TEST(Memory, MissingValuesAreNamedWithTheirPlace) {
  const std::string text = "name: X\nlatency: 1 ns\ntiming:\n  tck: 1 ns\n";
  EXPECT_EQ(
      message_of([&] {
        const Node file = Node::parse(text, "m.yaml");
        static_cast<void>(read_memory_file(file, file["none"]));
      }),
      "m.yaml:1:1: organisation.channels: found nothing; expected a power of two from 1 to "
      "65536");
}

}  // namespace
}  // namespace headroom::config
