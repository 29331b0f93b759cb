#include "sim/report/output.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace headroom {
namespace {

namespace fs = std::filesystem;

// A folder of this test alone, gone with it.
class OutputTest : public testing::Test {
 protected:
  OutputTest()
      : folder_(fs::path(testing::TempDir()) /
                (std::string("headroom_") +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~OutputTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder_), {});
  }
  static std::string content(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder_;
};

TEST_F(OutputTest, ReplacesTheTargetOnCommitOnly) {
  std::ofstream(path("a.json")) << "old";
  Output output(path("a.json"));
  output.stream() << "new";
  output.stream().flush();
  EXPECT_EQ(content(path("a.json")), "old");
  output.commit();
  EXPECT_EQ(content(path("a.json")), "new");
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputTest, LeavesNothingBehindWithoutCommit) {
  {
    Output output(path("a.json"));
    output.stream() << "half";
  }
  EXPECT_EQ(files(), 0);
}

TEST_F(OutputTest, FollowsASymbolicLink) {
  std::ofstream(path("real")) << "old";
  fs::create_symlink("real", path("link"));
  Output output(path("link"));
  output.stream() << "new";
  output.commit();
  EXPECT_EQ(content(path("real")), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
}

TEST_F(OutputTest, SaysWhyAPathCannotBeWritten) {
  const std::string missing = path("no_folder/a.json");
  try {
    Output output(missing);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "cannot write " + missing + ": No such file or directory");
  }
  EXPECT_THROW(Output{folder_.string()}, std::runtime_error);
}

TEST_F(OutputTest, AFullDeviceIsAnErrorAndStaysADevice) {
  Output output("/dev/full");
  output.stream() << "text";
  EXPECT_THROW(output.commit(), std::runtime_error);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

}  // namespace
}  // namespace headroom
