// Where the files of configs/ are found, by name.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/config/node.h"

namespace headroom::config {

// The folders to search, first match wins: those the user names (--config-path), then configs/ of
// the checkout that the program was built in, then share/headroom/configs of the prefix that it was
// installed to.
class ConfigPaths {
 public:
  // A folder that does not exist is an InputError.
  explicit ConfigPaths(std::vector<std::filesystem::path> extra = {});

  // Searches these folders and no other.
  [[nodiscard]] static ConfigPaths only(std::vector<std::filesystem::path> folders);

  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const { return folders_; }

  // The names in a folder such as "chips", sorted; a model's name is its directory.
  [[nodiscard]] std::vector<std::string> names(const std::string& folder) const;

  // The file of a name, none where no folder has it.
  [[nodiscard]] std::optional<std::filesystem::path> find(
      const std::string& folder, const std::string& name) const;

  // The file that a value names: by name, or by path from the file it is written in, or from the
  // working directory. Nothing there is an InputError at the value with the nearest name; `what` is
  // the noun of the message ("chip").
  [[nodiscard]] std::filesystem::path resolve(
      const Node& value, const std::string& folder, std::string_view what) const;

 private:
  std::vector<std::filesystem::path> folders_;
};

}  // namespace headroom::config
