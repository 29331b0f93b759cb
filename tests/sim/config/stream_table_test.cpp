// configs/streams/slowdowns.yaml is what the per-burst model measures.
#include "sim/config/stream_table.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/config/load_chip.h"
#include "sim/config/run_tables.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

TEST(StreamTable, HoldsEveryShippedChipAsMeasured) {
  const ConfigPaths paths;
  const std::vector<StreamEntry> table = read_stream_table(
      Node::load(*paths.find("streams", "slowdowns")));
  std::set<std::string> keys;
  for (const StreamEntry& entry : table) {
    EXPECT_TRUE(keys.insert(entry.device).second) << entry.chip << " twice";
    const HbmDescription hbm = load_chip(entry.chip, paths, entry.changes).hbm;
    ASSERT_EQ(stream_key(hbm.device), entry.device) << entry.chip << ": scripts/stream_slowdowns";
    const StreamSlowdowns measured = measure_slowdowns(hbm.device);
    for (std::size_t i = 0; i < measured.size(); ++i)
      EXPECT_EQ(measured[i], entry.slowdown[i]) << entry.chip << ": scripts/stream_slowdowns";
  }
  std::vector<std::pair<std::string, std::vector<std::string>>> uses;
  for (const std::string& chip : paths.names("chips"))
    uses.emplace_back(chip, std::vector<std::string>());
  for (const ChipName& name : read_run_tables(paths).chips)
    uses.push_back({name.chip, name.changes});
  for (const auto& [chip, changes] : uses) {
    const HbmDescription hbm = load_chip(chip, paths, changes).hbm;
    EXPECT_EQ(keys.count(stream_key(hbm.device)), is_measured(hbm) ? 1U : 0U)
        << chip << ": scripts/stream_slowdowns";
  }
}

TEST(StreamTable, TheProcessTakesWhatItIsTold) {
  HbmDescription hbm = load_chip("h100-sxm", ConfigPaths()).hbm;
  hbm.device.timing.trp += 1;  // a device that no file has
  StreamSlowdowns slowdowns{};
  for (std::size_t i = 0; i < slowdowns.size(); ++i) slowdowns[i] = 2 + static_cast<double>(i);
  remember_slowdowns(hbm.device, slowdowns);
  EXPECT_TRUE(is_measured(hbm));
  EXPECT_DOUBLE_EQ(sustained_bandwidth(hbm, 0).si(), hbm.bandwidth.si() / 2);
  EXPECT_DOUBLE_EQ(sustained_bandwidth(hbm, 1).si(), hbm.bandwidth.si() / 10);
  EXPECT_DOUBLE_EQ(sustained_bandwidth(hbm, 0.5625).si(), hbm.bandwidth.si() / 6.5);
  slowdowns.fill(3);
  remember_slowdowns(hbm.device, slowdowns);  // what it took first stays
  EXPECT_DOUBLE_EQ(sustained_bandwidth(hbm, 1).si(), hbm.bandwidth.si() / 10);
}

TEST(StreamTable, AWrongTableIsRefusedAtItsPlace) {
  const auto read = [](const std::string& text) {
    return message_of([&] { (void)read_stream_table(Node::parse(text, "t.yaml")); });
  };
  EXPECT_EQ(read("stream_slowdowns: [{chip: a, device: b, slowdown: [1, 2]}]"),
            "t.yaml:1:51: stream_slowdowns[0].slowdown: found a list; expected nine numbers, of no "
            "load to loads only");
}

}  // namespace
}  // namespace headroom::config
