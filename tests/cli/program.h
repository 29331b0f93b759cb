// Runs the built program the way a user's shell does.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace headroom {

struct Finished {
  int exit_code = -1;
  std::string out, err;
};

// `arguments` is a shell fragment behind the program's name; `environment` goes in front of it
// ("NO_COLOR=1 LANG=C"). The working directory is the root of the checkout, so that messages show
// the paths that a user would type.
[[nodiscard]] Finished headroom_program(
    const std::string& arguments, const std::string& environment = "LC_ALL=C");

// The document that it prints with --json; null, and a failure, where it does not end with 0.
[[nodiscard]] nlohmann::ordered_json json_document(const std::string& arguments);

// A fresh file name of this test's own in the temporary folder.
[[nodiscard]] std::string temporary(const std::string& name);

[[nodiscard]] std::string file_content(const std::string& path);

}  // namespace headroom
