// Files of a test's own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/config/error.h"
#include "sim/sweep/sweep_file.h"

namespace headroom::sweep {

// A path in the temporary folder where nothing is yet.
inline std::string fresh(const std::string& name) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const auto path = std::filesystem::path(testing::TempDir()) /
                    ("headroom_" + std::to_string(getpid()) + "_" + test + "_" + name);
  std::filesystem::remove_all(path);
  return path.string();
}

inline std::string written(const std::string& text, const std::string& name = "sweep.yaml") {
  const std::string path = fresh(name);
  std::ofstream(path) << text;
  return path;
}

inline Sweep sweep_of(const std::string& text) {
  return load_sweep(written(text), config::ConfigPaths());
}

// What the reader says of `text`, without the file's name.
inline std::string complaint_about(const std::string& text) {
  const std::string path = written(text);
  try {
    static_cast<void>(load_sweep(path, config::ConfigPaths()));
  } catch (const InputError& error) {
    const std::string said = error.what();
    return said.rfind(path, 0) == 0 ? said.substr(path.size() + 1) : said;
  }
  return "";
}

}  // namespace headroom::sweep
