// Where names are looked up.
#include "sim/config/paths.h"

#include <gtest/gtest.h>

#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

TEST(ConfigPaths, NamesAreSorted) {
  EXPECT_EQ(toy_paths().names("clusters"), (std::vector<std::string>{"box", "ring"}));
  EXPECT_EQ(toy_paths().names("models"), (std::vector<std::string>{"tiny"}));
  EXPECT_TRUE(toy_paths().names("plans").empty());
}

TEST(ConfigPaths, FirstFolderWins) {
  const TemporaryFolder folder;
  const auto mine = folder.write("chips/toy-a.yaml", "name: mine\n");
  EXPECT_EQ(ConfigPaths::only({folder.path(), toy_folder()}).find("chips", "toy-a"), mine);
  EXPECT_EQ(ConfigPaths::only({toy_folder(), folder.path()}).find("chips", "toy-a"),
            toy_folder() / "chips" / "toy-a.yaml");
}

TEST(ConfigPaths, FindsTheCheckoutOfTheProgram) {
  const ConfigPaths paths;
  ASSERT_FALSE(paths.folders().empty());
  EXPECT_TRUE(std::filesystem::equivalent(
      paths.folders().back(), std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs"));
}

TEST(ConfigPaths, NamesDoNotLeaveTheFolder) {
  EXPECT_FALSE(toy_paths().find("chips", "../chips/toy-a"));
  EXPECT_FALSE(toy_paths().find("chips", ""));
  EXPECT_FALSE(toy_paths().find("chips", ".."));
}

TEST(ConfigPaths, FolderMustExist) {
  EXPECT_EQ(
      message_of([] { ConfigPaths paths({"/no/such/folder"}); }),
      "--config-path /no/such/folder: found no directory; expected a directory "
      "with folders such as "
      "chips/ and models/");
}

TEST(ConfigPaths, NothingKnownIsSaid) {
  const Node name = Node::parse("chip: x", "e.yaml")["chip"];
  EXPECT_EQ(
      message_of([&] { static_cast<void>(ConfigPaths::only({}).resolve(name, "chips", "chip")); }),
      "e.yaml:1:7: chip: found 'x'; expected the path of a chip's file (no folder of chips is "
      "known)");
}

}  // namespace
}  // namespace headroom::config
