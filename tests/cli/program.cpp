#include "tests/cli/program.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace headroom {

std::string temporary(const std::string& name) {
  std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::replace(test.begin(), test.end(), '/', '_');  // of a test with a parameter
  const auto path = std::filesystem::path(testing::TempDir()) /
                    (std::string("headroom_") + std::to_string(getpid()) + "_" + test + "_" + name);
  std::filesystem::remove_all(path);
  return path.string();
}

std::string file_content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Finished headroom_program(const std::string& arguments, const std::string& environment) {
  const std::string out = temporary("stdout");
  const std::string err = temporary("stderr");
  const std::string command = "cd '" HEADROOM_SOURCE_DIR "' && " + environment +
                              " '" HEADROOM_BINARY_DIR "/headroom' " + arguments + " >'" + out +
                              "' 2>'" + err + "' </dev/null";
  const int status = std::system(command.c_str());
  Finished finished{
      WIFEXITED(status) ? WEXITSTATUS(status) : -1, file_content(out), file_content(err)};
  std::remove(out.c_str());
  std::remove(err.c_str());
  return finished;
}

nlohmann::ordered_json json_document(const std::string& arguments) {
  const Finished program = headroom_program(arguments + " --json");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  return program.exit_code == 0
             ? nlohmann::ordered_json::parse(program.out)
             : nlohmann::ordered_json();
}

}  // namespace headroom
