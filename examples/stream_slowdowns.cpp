// What streams reach on the HBM of every shipped chip, measured with the per-burst model, in the
// form of configs/streams/slowdowns.yaml.
//
//   stream_slowdowns [CHIP ...]
//
// Some seconds for all chips; chips whose memories are alike have one entry.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>
#include <set>
#include <string>
#include <vector>

#include "models/hbm/bandwidth.h"
#include "sim/config/load_chip.h"
#include "sim/config/run_tables.h"

namespace headroom {
namespace {

struct Use {
  std::string chip;
  std::vector<std::string> changes;
};

// Every shipped chip, then those that published runs had with another memory.
std::vector<Use> shipped(const config::ConfigPaths& paths) {
  std::vector<Use> uses;
  for (const std::string& chip : paths.names("chips")) uses.push_back({chip, {}});
  for (const ChipName& name : config::read_run_tables(paths).chips)
    uses.push_back({name.chip, name.changes});
  return uses;
}

void print_slowdowns(const std::vector<std::string>& chips) {
  const config::ConfigPaths paths;
  std::vector<Use> uses;
  for (const std::string& chip : chips) uses.push_back({chip, {}});
  if (chips.empty()) uses = shipped(paths);
  fmt::print(
      "# Written by scripts/stream_slowdowns; tests/sim/config/stream_table_test.cpp measures it "
      "again.\n"
      "# Time that streams take over that at the peak, by eighths of the share of loads (none "
      "first), by device:\n"
      "# its organisation and timing in the order of key_of() in models/hbm/bandwidth.cpp.\n"
      "stream_slowdowns:\n");
  std::set<std::string> met;
  for (const Use& use : uses) {
    const HbmDescription hbm = load_chip(use.chip, paths, use.changes).hbm;
    const std::string key = stream_key(hbm.device);
    if (!is_measured(hbm) || !met.insert(key).second) continue;
    fmt::print("  - chip: {}\n    changes: [{}]\n    device: {}\n    slowdown: [{}]\n", use.chip,
               fmt::join(use.changes, ", "), key, fmt::join(measure_slowdowns(hbm.device), ", "));
  }
}

}  // namespace
}  // namespace headroom

int main(int argc, char** argv) {
  try {
    headroom::print_slowdowns({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "stream_slowdowns: {}\n", error.what());
    return 1;
  }
}
