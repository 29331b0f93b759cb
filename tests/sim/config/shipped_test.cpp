// Every file under configs/ loads.
#include <gtest/gtest.h>

#include "sim/config/load.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

TEST(ShippedConfigs, EveryFileLoads) {
  const ConfigPaths paths;
  std::map<std::string, int> count;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(paths.folders().back())) {
    const auto extension = entry.path().extension();
    if (extension != ".yaml" && extension != ".json") continue;
    if (entry.path().parent_path().filename() == "sweeps") continue;  // tests/sim/sweep runs each
    EXPECT_NO_THROW(++count[check_file(entry.path(), paths)])
        << message_of([&] { check_file(entry.path(), paths); });
  }
  for (const char* kind :
       {"experiment", "chip", "cluster", "link", "memory", "model", "stack", "node", "energies",
        "constants of power", "table of published runs", "published quality",
        "training experiment"})
    EXPECT_GT(count[kind], 0) << kind;
}

// Sources stand in the data; a file without any is a number without its origin.
TEST(ShippedConfigs, HardwareNamesItsSources) {
  const ConfigPaths paths;
  for (const char* folder : {"chips", "memories", "links", "clusters"})
    for (const std::string& name : paths.names(folder))
      EXPECT_NE(
          Node::load(*paths.find(folder, name)).json().dump().find("\"source"), std::string::npos)
          << name;
}

}  // namespace
}  // namespace headroom::config
